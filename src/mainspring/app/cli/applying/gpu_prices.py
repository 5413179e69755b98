"""What GPU hours cost, brought to what documents say."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

import msgspec
from msgspec import UNSET

from mainspring.app.cli.applying.documents import Located, Problem
from mainspring.app.cli.applying.gpu_price_documents import GpuPriceDocument
from mainspring.app.cli.applying.plan import Action, Step, compare
from mainspring.app.cli.connection import ControlClient

_FIELDS = ("name", "gpus", "shared_by", "valid_until")
_Gpus: TypeAlias = tuple[str | None, str | None, datetime]


class GpuPriceApplier:
    """Walks through the prices; with ``dry_run`` it only says what it would do.

    They go in the order of their beginnings, so that one ends before the next of the same GPUs
    begins.
    """

    def __init__(
        self, client: ControlClient, *, upstreams: Mapping[str, str | None], dry_run: bool
    ) -> None:
        """``upstreams`` are the ids by name; ``None``: not made yet."""
        self._client = client
        self._upstreams = upstreams
        self._dry_run = dry_run
        self.steps: list[Step] = []
        self.problems: list[Problem] = []

    def run(self, items: list[Located[GpuPriceDocument]]) -> None:
        """Walk through the prices.

        Raises:
            CommandError: if the control plane refuses something.
        """
        if not items:
            return
        present = {_gpus_of(each): each for each in self._client.items("/gpu-prices")}
        for item in sorted(items, key=lambda each: each.document.valid_from):
            document = item.document
            if document.upstream not in self._upstreams:
                text = f"there is no upstream {document.upstream}"
                self.problems.append(item.problem("upstream", text))
                continue
            upstream_id = self._upstreams[document.upstream]
            gpus = (upstream_id, document.upstream_model, document.valid_from)
            self._price(item, upstream_id, present.get(gpus))

    def _price(
        self,
        item: Located[GpuPriceDocument],
        upstream_id: str | None,
        known: dict[str, Any] | None,
    ) -> None:
        document = item.document
        whose = "/".join(each for each in document.gpus_of if each is not None)
        name = f"{whose} from {document.since}"
        wanted: dict[str, Any] = {
            field: msgspec.to_builtins(value)
            for field in _FIELDS
            if (value := getattr(document, field)) is not UNSET
        }
        wanted["hourly_nanos"] = document.hourly
        if known is None:
            path = None
            if not self._dry_run:
                body = {
                    "name": document.upstream,
                    **wanted,
                    "upstream_id": upstream_id,
                    "upstream_model": document.upstream_model,
                    "currency": document.currency,
                    "valid_from": document.since,
                }
                path = f"/gpu-prices/{self._client.post('/gpu-prices', body)['id']}"
            self.steps.append(Step(kind="GPU price", name=name, action=Action.CREATE, path=path))
            return
        if known["currency"] != document.currency:
            text = f"is {known['currency']} and cannot be changed: end this price, begin another"
            self.problems.append(item.problem("currency", text))
            return
        path = f"/gpu-prices/{known['id']}"
        present = _as_spelt(known, document)
        step, differing = compare("GPU price", name, present, wanted, path=path)
        self.steps.append(step)
        if differing and not self._dry_run:
            self._client.patch(path, differing)


def _gpus_of(price: Mapping[str, Any]) -> _Gpus:
    begins = datetime.fromisoformat(price["valid_from"]).astimezone(UTC)
    return price["upstream_id"], price["upstream_model"], begins


def _as_spelt(known: Mapping[str, Any], document: GpuPriceDocument) -> dict[str, Any]:
    """Return the price with the document's spelling of the same end."""
    told, said = known["valid_until"], document.valid_until
    if told and isinstance(said, datetime) and datetime.fromisoformat(told) == said:
        return {**known, "valid_until": msgspec.to_builtins(said)}
    return dict(known)
