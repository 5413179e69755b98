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
_REVISION: Final = re.compile(r"[!-~]{1,200}")
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
    """A file of the weights, and the SHA-256 of its content in hex.

    ``path`` is where it lies below the directory of the weights, with ``/`` between names.
    """

    path: str
    sha256: str
    bytes: int | None = None


class Specification(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The card. Everything may be unknown; lengths are in tokens, ``parameters`` a count.

    ``capabilities`` are such as ``tools``, ``vision``, ``json_schema``, ``reasoning``;
    ``languages`` are BCP 47 tags. ``source`` says where it comes from in words or by an address,
    ``source_repository`` and ``source_revision`` (a commit or a tag) where its files were taken
    from.
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
    source_repository: str | None = None
    source_revision: str | None = None
    capabilities: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    quality: tuple[QualityFigure, ...] = ()
    release_notes: str | None = None
    artifacts: tuple[Artifact, ...] = ()

    def over(self, base: "Specification") -> "Specification":
        """Return this card with what ``base`` says wherever this one says nothing.

        Where the files were taken from and what they are is one thing: a card that says any of it
        takes nothing of it from ``base``, whose files are others.
        """
        values = {
            field: getattr(self, field) or getattr(base, field) for field in self.__struct_fields__
        }
        own = {field: getattr(self, field) for field in _FILES}
        if any(own.values()):
            values |= own
        return Specification(**values)

    @property
    def weights_bytes(self) -> int | None:
        """Return how large the files are together; ``None`` if that is not told of each."""
        sizes = [each.bytes for each in self.artifacts if each.bytes is not None]
        return sum(sizes) if sizes and len(sizes) == len(self.artifacts) else None


_FILES: Final = ("source_repository", "source_revision", "artifacts")


def differing_files(one: Specification, other: Specification) -> list[str]:
    """Return the paths whose content differs although both cards name one repository and revision.

    A revision is what it is for good: one of the two is wrong, or somebody changed a file.
    """
    if one.source_repository is None or one.source_revision is None:
        return []
    where = (one.source_repository, one.source_revision)
    if (other.source_repository, other.source_revision) != where:
        return []
    known = {each.path: each.sha256 for each in other.artifacts}
    return [each.path for each in one.artifacts if known.get(each.path, each.sha256) != each.sha256]


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
    _check_files(card)
    if len(card.release_notes or "") > MAX_NOTES or len(card.description or "") > MAX_NOTES:
        raise InvalidRequestError(f"a text has up to {MAX_NOTES} characters", param="specification")
    return msgspec.structs.replace(
        card,
        capabilities=tuple(dict.fromkeys(card.capabilities)),
        languages=tuple(dict.fromkeys(card.languages)),
        tags=tuple(dict.fromkeys(card.tags)),
    )


def _check_files(card: Specification) -> None:
    where = "specification.artifacts"
    for artifact in card.artifacts:
        if not _SHA256.fullmatch(artifact.sha256):
            raise InvalidRequestError("a SHA-256 has 64 lower-case hex digits", param=where)
        if not _is_below(artifact.path):
            raise InvalidRequestError(
                f"{artifact.path!r} is no path below a directory, with / between names",
                param=where,
            )
    paths = {artifact.path for artifact in card.artifacts}
    if len(paths) != len(card.artifacts):
        raise InvalidRequestError("a file is named twice", param=where)
    for path in paths:
        if any(parent in paths for parent in _parents(path)):
            raise InvalidRequestError(f"{path!r} lies below another file", param=where)
    if card.source_revision is not None:
        if not _REVISION.fullmatch(card.source_revision):
            raise InvalidRequestError(
                "a revision is a commit or a tag, without blanks",
                param="specification.source_revision",
            )
        if card.source_repository is None:
            raise InvalidRequestError(
                "say which repository this is a revision of",
                param="specification.source_repository",
            )


def _is_below(path: str) -> bool:
    """Tell whether ``path`` leads nowhere but below the directory that it is read from."""
    return path.isprintable() and "\\" not in path and not {"", ".", ".."} & set(path.split("/"))


def _parents(path: str) -> list[str]:
    names = path.split("/")
    return ["/".join(names[:count]) for count in range(1, len(names))]
