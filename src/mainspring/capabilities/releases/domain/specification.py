"""What a model is, as its card tells it: size, needs, licence, abilities, quality, origin."""

import re
from typing import Final

import msgspec

from mainspring.kernel.errors import InvalidRequestError

MAX_TAGS: Final = 64
MAX_FIGURES: Final = 64
MAX_ARTIFACTS: Final = 512
MAX_NOTES: Final = 20_000
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class Hardware(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What one instance needs; memory in GiB."""

    accelerator: str | None = None
    accelerators: int = 0
    accelerator_memory_gib: float | None = None
    memory_gib: float | None = None
    cpus: float | None = None


class QualityFigure(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A measured quality: ``value`` of ``metric`` on ``benchmark``, as ``source`` tells it."""

    benchmark: str
    metric: str
    value: float
    higher_is_better: bool = True
    source: str | None = None


class Artifact(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A file of the weights, and the SHA-256 of its content in hex."""

    path: str
    sha256: str
    bytes: int | None = None


class Specification(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The card. Everything may be unknown; lengths are in tokens, ``parameters`` a count.

    ``capabilities`` are such as ``tools``, ``vision``, ``json_schema``, ``reasoning``;
    ``languages`` are BCP 47 tags. ``source`` says where it comes from.
    """

    display_name: str | None = None
    description: str | None = None
    family: str | None = None
    vendor: str | None = None
    parameters: int | None = None
    active_parameters: int | None = None
    precision: str | None = None
    context_length: int | None = None
    max_output_tokens: int | None = None
    knowledge_cutoff: str | None = None
    hardware: Hardware | None = None
    licence: str | None = None
    licence_url: str | None = None
    source: str | None = None
    capabilities: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    quality: tuple[QualityFigure, ...] = ()
    release_notes: str | None = None
    artifacts: tuple[Artifact, ...] = ()

    def over(self, base: "Specification") -> "Specification":
        """Return this card with what ``base`` says wherever this one says nothing."""
        values = {
            field: getattr(self, field) or getattr(base, field) for field in self.__struct_fields__
        }
        return Specification(**values)


def checked_specification(card: Specification) -> Specification:
    """Return ``card`` with each tag once.

    Raises:
        InvalidRequestError: naming the field that is not acceptable.
    """
    for field in ("capabilities", "languages", "tags"):
        values: tuple[str, ...] = getattr(card, field)
        if len(values) > MAX_TAGS or any(not 1 <= len(each) <= 64 for each in values):
            raise InvalidRequestError(
                f"lists up to {MAX_TAGS} tags of 1 to 64 characters", param=f"specification.{field}"
            )
    if not all(_LANGUAGE.fullmatch(each) for each in card.languages):
        raise InvalidRequestError(
            "are tags such as en, zh or pt-BR", param="specification.languages"
        )
    if len(card.quality) > MAX_FIGURES or len(card.artifacts) > MAX_ARTIFACTS:
        raise InvalidRequestError(
            f"a card has up to {MAX_FIGURES} figures and {MAX_ARTIFACTS} files",
            param="specification",
        )
    for artifact in card.artifacts:
        if not _SHA256.fullmatch(artifact.sha256):
            raise InvalidRequestError(
                "a SHA-256 has 64 lower-case hex digits", param="specification.artifacts"
            )
    if len(card.release_notes or "") > MAX_NOTES or len(card.description or "") > MAX_NOTES:
        raise InvalidRequestError(f"a text has up to {MAX_NOTES} characters", param="specification")
    return msgspec.structs.replace(
        card,
        capabilities=tuple(dict.fromkeys(card.capabilities)),
        languages=tuple(dict.fromkeys(card.languages)),
        tags=tuple(dict.fromkeys(card.tags)),
    )
