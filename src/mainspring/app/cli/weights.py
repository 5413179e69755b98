"""``mainspring weights``: the files of a model's weights, beside what its card says of them."""

from pathlib import Path
from typing import Any, Final

import click

from mainspring.app.cli.connection import ControlClient, control_client
from mainspring.app.cli.lookup import find_model, find_release
from mainspring.app.cli.output import (
    CommandError,
    json_option,
    progress,
    result,
    result_json,
    table,
)
from mainspring.app.cli.texts import t
from mainspring.app.cli.weight_files import (
    Difference,
    WeightFile,
    differences,
    hashed,
    is_wanted,
    weight_files,
)
from mainspring.app.exit_codes import ExitCode

_MAX_FILES: Final = 512
_directory = click.argument(
    "directory", type=click.Path(exists=True, file_okay=False, path_type=Path)
)
_only_option = click.option("--only", multiple=True, help=t("weights.only"))


@click.group("weights", help=t("weights.help"))
def command() -> None:
    """Hash, record, check."""


@command.command("hash", help=t("weights.hash.help"))
@_directory
@_only_option
@json_option
def hash_files(*, directory: Path, only: tuple[str, ...], as_json: bool) -> None:
    """Print what a card would say of the files."""
    artifacts = hashed(directory, _some(directory, only), _tell)
    if as_json:
        result_json({"artifacts": artifacts, "bytes": _total(artifacts)})
        return
    for each in artifacts:
        result(f"{each['sha256']}  {each['path']}")
    progress(t("weights.hashed", count=len(artifacts), bytes=_total(artifacts)))


@command.command("record", help=t("weights.record.help"))
@click.argument("model")
@_directory
@_only_option
@click.option("--repository", help=t("weights.repository"))
@click.option("--revision", help=t("weights.revision"))
@json_option
def record(
    *,
    model: str,
    directory: Path,
    only: tuple[str, ...],
    repository: str | None,
    revision: str | None,
    as_json: bool,
) -> None:
    """Write the files into a card, in place of those that it named before."""
    files = _some(directory, only)
    if len(files) > _MAX_FILES:
        raise CommandError(
            t("weights.too_many", count=len(files), most=_MAX_FILES),
            exit_code=ExitCode.REFUSED,
            next_step=t("weights.too_many.next"),
        )
    with control_client() as client:
        _, card, _ = _card(client, model)  # what is wrong is told before much is read
    if revision is not None and repository is None and not card.get("source_repository"):
        raise CommandError(t("weights.whose_revision"), exit_code=ExitCode.USAGE)
    artifacts = hashed(directory, files, _tell)
    with control_client() as client:
        path, card, tag = _card(client, model)
        if repository is not None:  # the revision before was another repository's
            card |= {"source_repository": repository, "source_revision": None}
        if revision is not None:
            card["source_revision"] = revision
        card["artifacts"] = artifacts
        if path.startswith("/releases/"):
            client.patch(path, {"specification": card}, if_match=tag)
        else:
            client.put(path, card, if_match=tag)
    if as_json:
        result_json({"artifacts": artifacts, "bytes": _total(artifacts)})
        return
    progress(t("weights.recorded", count=len(artifacts), bytes=_total(artifacts), model=model))


@command.command("check", help=t("weights.check.help"))
@click.argument("model")
@_directory
@_only_option
@click.option("--allow-more", is_flag=True, help=t("weights.allow_more"))
@json_option
def check(
    *, model: str, directory: Path, only: tuple[str, ...], allow_more: bool, as_json: bool
) -> int:
    """Compare; an exit status of its own says that something differs."""
    with control_client() as client:
        card = _known(client, model)
    named: list[dict[str, Any]] = card.get("artifacts") or []
    artifacts = [each for each in named if is_wanted(each["path"], only)]
    if not artifacts:
        raise CommandError(
            t("weights.none", model=model),
            exit_code=ExitCode.REFUSED,
            next_step=t("weights.none.next"),
        )
    present = [] if allow_more else weight_files(directory, only)
    found = differences(directory, artifacts, present, _tell)
    if as_json:
        told = [{"path": each.path, "what": each.what} for each in found]
        result_json({"same": not found, "files": len(artifacts), "differences": told})
    elif found:
        rows = [_row(each) for each in found]
        result(table({name: t(f"column.{name}") for name in ("file", "found")}, rows))
    else:
        progress(t("weights.same", count=len(artifacts), bytes=_total(artifacts)))
    return ExitCode.DIFFERENT if found else ExitCode.OK


def _card(client: ControlClient, wanted: str) -> tuple[str, dict[str, Any], str]:
    """Return where a card is written, what it says, and its tag."""
    if _is_release(wanted):
        path = f"/releases/{find_release(client, wanted)['id']}"
        release, tag = client.tagged(path)
        return path, dict(release["specification"]), tag
    path = f"/registry/models/{find_model(client, wanted)['id']}/card"
    card, tag = client.tagged(path)
    return path, dict(card), tag


def _known(client: ControlClient, wanted: str) -> dict[str, Any]:
    """Return the card as callers see it: of a release, or of the version that serves a model."""
    if _is_release(wanted):
        return dict(find_release(client, wanted)["specification"])
    entry = client.get(f"/registry/models/{find_model(client, wanted)['id']}")
    return dict(entry["specification"])


def _is_release(wanted: str) -> bool:
    return "@" in wanted or wanted.startswith("rel_")


def _some(directory: Path, only: tuple[str, ...]) -> list[WeightFile]:
    files = weight_files(directory, only)
    if not files:
        raise CommandError(t("weights.empty", path=directory), exit_code=ExitCode.REFUSED)
    return files


def _tell(path: str, percent: int) -> None:
    progress(f"{percent:3} %  {path}")


def _total(artifacts: list[dict[str, Any]]) -> int:
    return sum(each.get("bytes") or 0 for each in artifacts)


def _row(difference: Difference) -> dict[str, object]:
    return {"file": difference.path, "found": t(f"weights.found.{difference.what}")}
