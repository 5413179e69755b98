"""The registry: models with their cards and versions, found by what they are, set side by side."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from mainspring.capabilities.catalog.api import Model
from mainspring.capabilities.releases.domain.lifecycle import State
from mainspring.capabilities.releases.domain.specification import Specification
from mainspring.capabilities.releases.domain.values import Release
from mainspring.kernel.errors import InvalidRequestError
from mainspring.snapshot.resources import Price

MAX_COMPARED: Final = 8
_COMPARED: Final = (
    "vendor",
    "family",
    "parameters",
    "active_parameters",
    "precision",
    "context_length",
    "max_output_tokens",
    "knowledge_cutoff",
    "hardware",
    "licence",
    "capabilities",
    "languages",
    "tags",
    "source",
    "source_repository",
    "source_revision",
)


class ModelCard(msgspec.Struct, frozen=True, kw_only=True):
    """What is told of a model, whichever version serves it; ``id`` is the model's."""

    id: str
    org_id: str | None
    specification: Specification
    created_at: datetime
    updated_at: datetime
    revision: int = 1


class VersionSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A version as everybody may know it."""

    release_id: str
    version: str
    state: State
    stable_since: datetime | None
    specification: Specification


class RegistryEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A model as the registry shows it.

    ``specification`` is the card of the version that serves it, with what the model's own card says
    wherever that says nothing. ``revision`` is the card's; 0 where there is none.
    """

    model_id: str
    name: str
    org_id: str | None
    aliases: tuple[str, ...]
    tasks: tuple[str, ...]
    owned_by: str
    price: Price | None
    version: str | None
    deprecated: bool
    offline: bool
    replacement: str | None
    specification: Specification
    versions: tuple[VersionSummary, ...]
    revision: int


class RegistryFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which models; each of several tags must be there, and ``None`` does not ask.

    ``text`` is looked for in names, descriptions and notes, word by word.
    """

    text: str | None = None
    tasks: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    licence: str | None = None
    precision: str | None = None
    min_context_length: int | None = None
    max_parameters: int | None = None
    in_service: bool | None = None


class ComparedField(msgspec.Struct, frozen=True):
    """One property of all the models that are compared, in their order."""

    name: str
    values: list[Any]
    differs: bool


class ComparedQuality(msgspec.Struct, frozen=True, kw_only=True):
    """One benchmark; ``best`` are the places of the best values."""

    benchmark: str
    metric: str
    higher_is_better: bool
    values: list[float | None]
    best: list[int]


class Comparison(msgspec.Struct, frozen=True):
    """Models side by side."""

    models: list[RegistryEntry]
    fields: list[ComparedField]
    quality: list[ComparedQuality]


def entry_of(model: Model, card: ModelCard | None, releases: Sequence[Release]) -> RegistryEntry:
    """Return the entry of ``model``."""
    own = Specification() if card is None else card.specification
    serving = next(
        (each for each in releases if each.state in {State.STABLE, State.DEPRECATED}), None
    )
    shown = own if serving is None else serving.specification.over(own)
    if shown.context_length is None and model.context_length is not None:
        shown = msgspec.structs.replace(shown, context_length=model.context_length)
    lifecycle = model.lifecycle
    return RegistryEntry(
        model_id=model.id,
        name=model.name,
        org_id=model.org_id,
        aliases=model.aliases,
        tasks=model.tasks,
        owned_by=model.owned_by,
        price=model.price,
        version=None if serving is None else serving.version,
        deprecated=lifecycle is not None and lifecycle.deprecated_at is not None,
        offline=lifecycle is not None and lifecycle.offline,
        replacement=None if lifecycle is None else lifecycle.replacement,
        specification=shown,
        versions=tuple(
            VersionSummary(
                release_id=each.id,
                version=each.version,
                state=each.state,
                stable_since=each.stable_since,
                specification=each.specification,
            )
            for each in releases
        ),
        revision=0 if card is None else card.revision,
    )


def matches(entry: RegistryEntry, wanted: RegistryFilter) -> bool:
    """Tell whether ``entry`` is as ``wanted``; what a card does not tell does not match."""
    card = entry.specification
    for asked, present in (
        (wanted.tasks, entry.tasks),
        (wanted.capabilities, card.capabilities),
        (wanted.languages, card.languages),
        (wanted.tags, card.tags),
    ):
        if not {each.lower() for each in asked} <= {each.lower() for each in present}:
            return False
    if wanted.licence is not None and (card.licence or "").lower() != wanted.licence.lower():
        return False
    if wanted.precision is not None and (card.precision or "").lower() != wanted.precision.lower():
        return False
    least, most = wanted.min_context_length, wanted.max_parameters
    if least is not None and (card.context_length is None or card.context_length < least):
        return False
    if most is not None and (card.parameters is None or card.parameters > most):
        return False
    if wanted.in_service is not None and wanted.in_service == entry.offline:
        return False
    return wanted.text is None or _says(entry, wanted.text)


def compared(entries: Sequence[RegistryEntry]) -> Comparison:
    """Return ``entries`` side by side.

    Raises:
        InvalidRequestError: if they are too few or too many.
    """
    if not 2 <= len(entries) <= MAX_COMPARED:
        raise InvalidRequestError(f"compare 2 to {MAX_COMPARED} models", param="model_id")
    cards: list[dict[str, Any]] = [_plain(entry.specification) for entry in entries]
    rows = [(name, [card.get(name) for card in cards]) for name in _COMPARED]
    rows.append(("weights_bytes", [entry.specification.weights_bytes for entry in entries]))
    rows.append(("tasks", [list(entry.tasks) for entry in entries]))
    rows.append(("version", [entry.version for entry in entries]))
    rows.append(("price", [_plain(entry.price) for entry in entries]))
    return Comparison(
        list(entries),
        [ComparedField(name, values, any(v != values[0] for v in values)) for name, values in rows],
        _qualities(entries),
    )


def _plain(value: msgspec.Struct | None) -> Any:  # noqa: ANN401 - JSON
    """Return ``value`` as JSON knows it."""
    return msgspec.json.decode(msgspec.json.encode(value))


def _qualities(entries: Sequence[RegistryEntry]) -> list[ComparedQuality]:
    found: dict[tuple[str, str, bool], list[float | None]] = {}
    for place, entry in enumerate(entries):
        for figure in entry.specification.quality:
            key = (figure.benchmark, figure.metric, figure.higher_is_better)
            found.setdefault(key, [None] * len(entries))[place] = figure.value
    rows: list[ComparedQuality] = []
    for (benchmark, metric, higher), values in sorted(found.items()):
        known = [value for value in values if value is not None]
        best = max(known) if higher else min(known)
        rows.append(
            ComparedQuality(
                benchmark=benchmark,
                metric=metric,
                higher_is_better=higher,
                values=values,
                best=[place for place, value in enumerate(values) if value == best],
            )
        )
    return rows


def _says(entry: RegistryEntry, text: str) -> bool:
    card = entry.specification
    said = " ".join(
        each
        for each in (
            entry.name,
            *entry.aliases,
            card.display_name,
            card.description,
            card.family,
            card.vendor,
            card.source_repository,
            card.release_notes,
        )
        if each
    ).lower()
    return all(word in said for word in text.lower().split())
