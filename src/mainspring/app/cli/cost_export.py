"""``mainspring cost-export``: costs as Parquet, a file for each day, to a directory or a bucket."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from mainspring.app.blobs import store_at
from mainspring.app.cli.connection import control_client
from mainspring.app.cli.lookup import find_organization
from mainspring.app.cli.operating import backup_settings
from mainspring.app.cli.output import CommandError, json_option, progress, result_json
from mainspring.app.cli.texts import t
from mainspring.app.exit_codes import ExitCode
from mainspring.capabilities.metering.api import export_key
from mainspring.infra.blob import BlobStore, BlobStoreError
from mainspring.kernel.clock import SystemClock

_DAY = timedelta(days=1)
_MAX_DAYS = 366


@click.command("cost-export", help=t("cost-export.help"))
@click.argument("target")
@click.option("--since", type=click.DateTime(("%Y-%m-%d",)), help=t("cost-export.since"))
@click.option("--until", type=click.DateTime(("%Y-%m-%d",)), help=t("cost-export.until"))
@click.option("-o", "--organization", help=t("policy.organization"))
@json_option
def command(
    *,
    target: str,
    since: datetime | None,
    until: datetime | None,
    organization: str | None,
    as_json: bool,
) -> None:
    """Fetch each day's file and put it there, over what was there before."""
    today = SystemClock().now().replace(hour=0, minute=0, second=0, microsecond=0)
    last = today - _DAY if until is None else until.replace(tzinfo=UTC)
    first = last - 6 * _DAY if since is None else since.replace(tzinfo=UTC)
    if first > last or last - first >= _MAX_DAYS * _DAY:
        raise CommandError(t("cost-export.days"), exit_code=ExitCode.USAGE)
    store = _store(target)
    written: list[dict[str, object]] = []
    with control_client() as client:
        org_id = organization and str(find_organization(client, organization)["id"])
        day = first
        while day <= last:
            body = client.content(
                "/costs/focus",
                since=day.isoformat(),
                until=(day + _DAY).isoformat(),
                org_id=org_id,
                format="parquet",
            )
            key = export_key(day.date())
            _put(store, key, body)
            written.append({"key": key, "bytes": len(body)})
            if not as_json:
                progress(t("cost-export.written", name=key, bytes=str(len(body))))
            day += _DAY
    if as_json:
        result_json({"items": written})


def _store(target: str) -> BlobStore:
    url = target if "://" in target else str(Path(target).absolute())
    try:
        return store_at(backup_settings(), url)
    except (ValueError, OSError) as error:
        raise CommandError(str(error), exit_code=ExitCode.USAGE) from error


def _put(store: BlobStore, key: str, body: bytes) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield body

    try:
        asyncio.run(store.put(key, pieces()))
    except BlobStoreError as error:
        raise CommandError(str(error)) from error
