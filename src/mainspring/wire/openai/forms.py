"""Uploads: ``multipart/form-data`` bodies, of which only ``model`` and ``stream`` are looked at.

A form is taken apart at its delimiters alone; files in it are never copied but for writing the
upstream's name of the model. Whatever two readers might read differently is refused: the model
that was checked must be the one that the upstream finds.
"""

import re
from collections.abc import Collection
from typing import Final

from mainspring.kernel.errors import InvalidRequestError
from mainspring.wire.openai.requests import Envelope

BOUNDARY: Final = re.compile(rb"--([A-Za-z0-9'()+_,\-./:=? ]{1,70}?)[ \t]*\r\n")
NAMES: Final = re.compile(rb"\bname\*?[ \t]*=", re.IGNORECASE)
NAME: Final = re.compile(rb'\bname="([^"\\]*)"')
MAX_HEAD: Final = 8 * 1024
MAX_FIELD: Final = 1024


def read_form(body: bytes) -> Envelope:
    """Read the governed fields of an upload.

    Raises:
        InvalidRequestError: if it is no form, or names no model, or names it twice.
    """
    fields = {name: body[start:end] for name, start, end in _governed(body)}
    model = fields.get(b"model")
    if not model:
        raise InvalidRequestError("the form has no field named model", param="model")
    try:
        return Envelope(model=model.decode(), stream=fields.get(b"stream") == b"true")
    except UnicodeDecodeError as error:
        raise InvalidRequestError("the model's name is not UTF-8", param="model") from error


def read_fields(body: bytes, names: Collection[bytes]) -> dict[bytes, bytes]:
    """Return those of the fields called ``names`` that a form has.

    Raises:
        InvalidRequestError: if it is no form, or has one of them twice.
    """
    return {name: body[start:end] for name, start, end in _governed(body, names)}


def form_media_type(body: bytes) -> bytes:
    """Return the media type that belongs to the boundary that ``body`` was read by."""
    opening = BOUNDARY.match(body)
    return b'multipart/form-data; boundary="%b"' % (opening[1] if opening else b"")


def rewrite_form(body: bytes, model: str) -> bytes:
    """Return ``body`` with the upstream's name of the model; every other byte stays."""
    for name, start, end in _governed(body):
        if name == b"model":
            return b"".join((memoryview(body)[:start], model.encode(), memoryview(body)[end:]))
    return body


def _governed(
    body: bytes, names: Collection[bytes] = (b"model", b"stream")
) -> list[tuple[bytes, int, int]]:
    """Return name, start and end of the fields that are looked at, each there at most once."""
    opening = BOUNDARY.match(body)
    if opening is None:
        raise InvalidRequestError("the body does not begin with the boundary of a form")
    delimiter = b"\r\n--" + opening[1]
    found: list[tuple[bytes, int, int]] = []
    at = opening.end()
    while True:
        head_end = body.find(b"\r\n\r\n", at, at + MAX_HEAD)
        end = body.find(delimiter, max(at - 2, 0) if head_end < 0 else head_end + 2)
        if head_end < 0 or end < 0:
            raise InvalidRequestError("a part of the form is cut off, or its head is too long")
        name = NAME.search(body, at, head_end)
        if name is None or len(NAMES.findall(body, at, head_end)) != 1:
            raise InvalidRequestError('a part of the form needs one name, written as name="..."')
        if name[1] in names:
            if any(known == name[1] for known, _, _ in found):
                told = name[1].decode("ascii", "replace")
                raise InvalidRequestError(f"the field {told} is there twice")
            if end - head_end > MAX_FIELD:
                told = name[1].decode("ascii", "replace")
                raise InvalidRequestError(f"the field {told} is too long")
            found.append((name[1], head_end + 4, end))
        at = end + len(delimiter)
        if body[at : at + 2] == b"--":
            return found
        line_end = body.find(b"\r\n", at, at + MAX_HEAD)
        if line_end < 0:
            raise InvalidRequestError("the form does not end by its boundary")
        at = line_end + 2
