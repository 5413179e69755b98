"""A form with one file, read while it arrives: what is in memory of it is one piece at a time."""

from collections.abc import AsyncGenerator, AsyncIterator
from typing import TYPE_CHECKING, Final

import python_multipart
from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from starlette.requests import ClientDisconnect

from mainspring.kernel.errors import InvalidRequestError

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

_FILE: Final = "file"
_PIECE_BYTES: Final = 256 * 1024
_MAX_FIELDS: Final = 10
_MAX_FIELD: Final = 1024


class UploadForm:
    """The form of one request. :meth:`open` it, read :meth:`pieces` to their end, then all of
    :attr:`fields` are known: they may stand on either side of the file.
    """

    def __init__(self, request: Request) -> None:
        """Prepare to read.

        Raises:
            InvalidRequestError: if the request does not say that it is a form.
        """
        self.fields: dict[str, str] = {}
        self.filename = ""
        length = request.headers.get("content-length", "")
        self.announced = int(length) if length.isdigit() else None
        """How large the whole form is going to be, where its client has said so; in bytes."""
        kind, options = parse_options_header(request.headers.get("content-type"))
        boundary = options.get(b"boundary")
        if kind != b"multipart/form-data" or not boundary:
            raise InvalidRequestError("the body is not a form with a file", param=_FILE)
        callbacks: MultipartCallbacks = {
            "on_part_begin": self._part_begins,
            "on_header_field": self._header_name,
            "on_header_value": self._header_value,
            "on_header_end": self._header_ends,
            "on_headers_finished": self._head_ends,
            "on_part_data": self._data,
            "on_part_end": self._part_ends,
            "on_end": self._form_ends,
        }
        try:
            self._parser = python_multipart.MultipartParser(boundary, callbacks)
        except FormParserError as error:
            raise _unreadable() from error
        self._body: AsyncGenerator[bytes] = request.stream()
        self._name = bytearray()
        self._value = bytearray()
        self._disposition = b""
        self._field: str | None = None
        self._kept = bytearray()
        self._found: list[bytes] = []
        self._files = 0
        self._complete = False

    async def open(self) -> None:
        """Read up to the file.

        Raises:
            InvalidRequestError: if there is none, or the form breaks its own rules.
        """
        while not self._files:
            if not await self._read_on():
                raise InvalidRequestError("the form has no file named file", param=_FILE)

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the file, then read the form to its end.

        Raises:
            InvalidRequestError: if the form breaks its own rules, or off.
        """
        while True:
            if sum(map(len, self._found)) >= _PIECE_BYTES:
                yield self._take()
            if not await self._read_on():
                break
        if self._found:
            yield self._take()

    def _take(self) -> bytes:
        data = b"".join(self._found)
        self._found.clear()
        return data

    async def _read_on(self) -> bool:
        """Read what has arrived since; tell whether there may be more."""
        try:
            data = await anext(self._body, b"")
        except ClientDisconnect as gone:
            # Nobody will read this, but what has been kept of the file must go.
            raise InvalidRequestError("the upload broke off") from gone
        if not data:
            if not self._complete:
                raise _unreadable()
            return False
        try:
            self._parser.write(data)
        except FormParserError as error:
            raise _unreadable() from error
        return True

    # What the parser tells

    def _part_begins(self) -> None:
        self._disposition = b""
        self._field = None
        self._kept.clear()

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_ends(self) -> None:
        if bytes(self._name).lower() == b"content-disposition":
            self._disposition = bytes(self._value)
        self._name.clear()
        self._value.clear()

    def _head_ends(self) -> None:
        _, options = parse_options_header(self._disposition)
        name = _text(options.get(b"name", b""))
        filename = options.get(b"filename")
        if filename is None:
            if len(self.fields) >= _MAX_FIELDS:
                raise InvalidRequestError(f"the form has more than {_MAX_FIELDS} fields")
            if name in self.fields:
                raise InvalidRequestError("a field of the form is there twice", param=name[:80])
            self._field = name
            return
        self._files += 1
        if name != _FILE or self._files > 1:
            raise InvalidRequestError("the form has one file, and it is named file", param=_FILE)
        self.filename = _text(filename)

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._field is None:
            self._found.append(data[start:end])
            return
        self._kept += data[start:end]
        if len(self._kept) > _MAX_FIELD:
            raise InvalidRequestError(
                f"a field of the form has at most {_MAX_FIELD} bytes", param=self._field[:80]
            )

    def _part_ends(self) -> None:
        if self._field is not None:
            self.fields[self._field] = _text(bytes(self._kept))

    def _form_ends(self) -> None:
        self._complete = True


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")  # as old clients write names


def _unreadable() -> InvalidRequestError:
    return InvalidRequestError("the form cannot be read: it is cut off, or not well-formed")
