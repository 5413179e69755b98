"""What every model of the API has in common."""

from typing import ClassVar

import msgspec

_ETAG = "_etag"


class Model(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, dict=True):
    """A value of the API. Fields that this release does not know are ignored when it is read."""

    secret_fields_: ClassVar[frozenset[str]] = frozenset()
    """Fields that are never shown where the value is printed."""

    def __repr__(self) -> str:
        """Return the value as one would write it, secrets left out."""
        shown = ", ".join(
            f"{name}=***" if name in self.secret_fields_ else f"{name}={getattr(self, name)!r}"
            for name in self.__struct_fields__
        )
        return f"{type(self).__name__}({shown})"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        """Return the fields for printers of the rich family, secrets left out."""
        return [
            (name, "***" if name in self.secret_fields_ else getattr(self, name))
            for name in self.__struct_fields__
        ]


def etag_of(model: Model) -> str | None:
    """Return the ETag with which ``model`` was read; ``None`` if there was none."""
    return vars(model).get(_ETAG)


def remember_etag(value: object, etag: str | None) -> None:
    """Keep ``etag`` with ``value``, if that is a model."""
    if etag is not None and isinstance(value, Model):
        vars(value)[_ETAG] = etag


def entity_tag(expected: Model | str | None) -> str | None:
    """Return what ``If-Match`` holds for ``expected``: an ETag, or the model that came with one.

    Raises:
        ValueError: if it is a model that came without.
    """
    if not isinstance(expected, Model):
        return expected
    found = etag_of(expected)
    if found is None:
        raise ValueError(
            "this object was not read with an ETag: take one of get(), create() or update()"
        )
    return found
