"""A call of the API before it is sent: plain data, the same for both clients."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final, cast
from urllib.parse import quote

import httpx
import msgspec
from msgspec import UNSET, UnsetType

from mainspring_sdk._models import Model, entity_tag

Scalar = str | int | float | bool | date | datetime
QueryValue = Scalar | Sequence[Scalar] | None

FileInput = bytes | Path | tuple[str, bytes]
"""A file to send: its bytes, where it lies, or its name and its bytes."""

JSON: Final = "application/json"
EVENTS: Final = "text/event-stream"
_SCALARS = (str, int, float, date)
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call. ``timeout`` is in seconds; ``None`` takes the client's.

    ``body`` is what is sent as JSON, ``content`` is sent as it is, ``form`` as multipart.
    """

    method: str
    path: str
    query: Mapping[str, QueryValue] = field(default_factory=dict[str, QueryValue])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: object = UNSET
    content: bytes | None = None
    form: Mapping[str, object] | None = None
    accept: str = JSON
    timeout: float | None = None

    @property
    def is_repeatable(self) -> bool:
        """Tell whether sending it twice does no more than sending it once."""
        return self.method in _SAFE or "Idempotency-Key" in self.headers

    def encoded_body(self) -> bytes | None:
        """Return what is sent, unless it is a form."""
        if self.content is not None:
            return self.content
        return None if self.body is UNSET else msgspec.json.encode(self.body)

    def parts(self) -> list[tuple[str, tuple[str | None, bytes]]]:
        """Return the parts of the form; files are read anew for every attempt."""
        found: list[tuple[str, tuple[str | None, bytes]]] = []
        for name, value in (self.form or {}).items():
            several = cast("list[object]", value) if isinstance(value, list) else [value]
            found += [(name, _part(each)) for each in several]
        return found

    def all_headers(self) -> dict[str, str]:
        """Return the headers of the call itself, without who is asking."""
        headers = {"Accept": self.accept, **self.headers}
        if self.body is not UNSET:
            headers.setdefault("Content-Type", JSON)
        return headers

    def encoded_query(self) -> httpx.QueryParams:
        """Return the query; values that are ``None`` are left out, lists are repeated."""
        pairs: list[tuple[str, str | int | float | bool | None]] = []
        for name, value in self.query.items():
            if value is None:
                continue
            several = [value] if isinstance(value, _SCALARS) else value
            pairs += [(name, text_of(each)) for each in several]
        return httpx.QueryParams(pairs)


def path_of(template: str, *values: str) -> str:
    """Return ``template`` with each ``{}`` replaced by a value.

    Raises:
        ValueError: if a value is empty, or would name another place than one below.
    """
    for value in values:
        if value in {"", ".", ".."}:
            raise ValueError(f"{value!r} is no id or name of an object")
    return template.format(*(quote(value, safe="") for value in values))


def sent(fields: Mapping[str, object]) -> dict[str, object]:
    """Return the fields that the caller gave; ``UNSET`` ones are left out."""
    return {name: value for name, value in fields.items() if value is not UNSET}


def headers_of(
    *,
    if_match: Model | str | None = None,
    idempotency_key: str | UnsetType | None = UNSET,
    **others: Scalar | None,
) -> dict[str, str]:
    """Return the headers of a call.

    ``idempotency_key`` is ``None`` where the call takes one and the caller chose none: then one
    is made up, so that a repetition of ours creates nothing twice.
    """
    headers = {
        name.replace("_", "-"): text_of(value)
        for name, value in others.items()
        if value is not None
    }
    tag = entity_tag(if_match)
    if tag is not None:
        headers["If-Match"] = tag
    if not isinstance(idempotency_key, UnsetType):
        headers["Idempotency-Key"] = idempotency_key or str(uuid.uuid4())
    return headers


def text_of(value: Scalar) -> str:
    """Return ``value`` as queries and headers spell it; a time without a zone is local time."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo is None else value).isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def _part(value: object) -> tuple[str | None, bytes]:
    match value:
        case bytes():
            return "file", value
        case Path():
            return value.name, value.read_bytes()
        case (str() as name, bytes() as content):
            return name, content
        case str():
            return None, value.encode()
        case _:
            return None, msgspec.json.encode(value)
