"""A form read while it arrives: the rules of ``forms``, without ever holding a file.

Short fields are kept, so that the model is known as soon as its field has passed, and what policies
ask about at the end. Offsets count from the first byte of the body.
"""

import re
from typing import Final

from mainspring.kernel.errors import InvalidRequestError
from mainspring.wire.openai.forms import BOUNDARY, MAX_FIELD, MAX_HEAD, NAME, NAMES
from mainspring.wire.openai.requests import Envelope

MAX_FIELDS: Final = 256
"""Parts that a form may have."""
_GOVERNED: Final = frozenset({b"model", b"stream"})
_MAX_BOUNDARY_LINE: Final = 200
_LINE_END: Final = b"\r\n"
_HEAD_END: Final = re.compile(rb"\r\n\r\n")

# What is read next.
_OPENING: Final = 0
_HEAD: Final = 1
_VALUE: Final = 2
_AFTER: Final = 3
_END: Final = 4


class FormReader:
    """Reads a form piece by piece; every mistake that can be seen by then is raised by a piece."""

    def __init__(self) -> None:
        self.fields: dict[bytes, bytes] = {}
        """Short fields by name."""
        self.unreadable: set[bytes] = set()
        """Names of fields that are there twice, or are too long to be kept."""
        self.model_span: tuple[int, int] | None = None
        """Where the model's name begins and ends."""
        self.boundary = b""
        self._state = _OPENING
        self._buffer = bytearray()
        self._at = 0
        self._delimiter = b""
        self._name = b""
        self._value_at = 0
        self._long = False
        self._parts = 0

    @property
    def complete(self) -> bool:
        """Tell whether the form has ended."""
        return self._state == _END

    @property
    def envelope(self) -> Envelope | None:
        """Return the governed fields, once the model is known.

        Raises:
            InvalidRequestError: if the model's name is none.
        """
        model = self.fields.get(b"model")
        if model is None:
            return None
        if not model:
            raise InvalidRequestError("the form has no field named model", param="model")
        try:
            return Envelope(model=model.decode(), stream=self.fields.get(b"stream") == b"true")
        except UnicodeDecodeError as error:
            raise InvalidRequestError("the model's name is not UTF-8", param="model") from error

    def feed(self, data: bytes) -> None:
        """Read on.

        Raises:
            InvalidRequestError: if this is no form, or one that could be read in two ways.
        """
        if self._state == _END:
            return
        self._buffer += data
        while self._step():
            pass

    def close(self) -> None:
        """Take note that there is no more.

        Raises:
            InvalidRequestError: if the form has not ended, or names no model.
        """
        if self._state == _OPENING:
            raise InvalidRequestError("the body does not begin with the boundary of a form")
        if self._state in (_HEAD, _VALUE):
            raise InvalidRequestError("a part of the form is cut off, or its head is too long")
        if self._state != _END:
            raise InvalidRequestError("the form does not end by its boundary")
        if b"model" not in self.fields:
            raise InvalidRequestError("the form has no field named model", param="model")

    def _step(self) -> bool:
        """Read one thing; tell whether there may be another in what has arrived."""
        if self._state == _OPENING:
            return self._open()
        if self._state == _HEAD:
            return self._head()
        if self._state == _VALUE:
            return self._value()
        if self._state == _AFTER:
            return self._after()
        self._consume(len(self._buffer))
        return False

    def _open(self) -> bool:
        opening = BOUNDARY.match(self._buffer)
        if opening is None:
            if len(self._buffer) < _MAX_BOUNDARY_LINE and _LINE_END not in self._buffer:
                return False
            raise InvalidRequestError("the body does not begin with the boundary of a form")
        self.boundary = bytes(opening[1])
        self._delimiter = b"\r\n--" + self.boundary
        self._consume(opening.end())
        self._state = _HEAD
        return True

    def _head(self) -> bool:
        found = _HEAD_END.search(self._buffer, 0, MAX_HEAD)
        if found is None:
            if len(self._buffer) < MAX_HEAD:
                return False
            raise InvalidRequestError("a part of the form is cut off, or its head is too long")
        end = found.start()
        name = NAME.search(self._buffer, 0, end)
        if name is None or len(NAMES.findall(self._buffer, 0, end)) != 1:
            raise InvalidRequestError('a part of the form needs one name, written as name="..."')
        self._parts += 1
        if self._parts > MAX_FIELDS:
            raise InvalidRequestError(f"a form has {MAX_FIELDS} parts at the most")
        self._name = bytes(name[1])
        self._long = False
        self._value_at = self._at + end + 4
        # The line end before the value stays: of an empty one it begins the delimiter.
        self._consume(end + 2)
        self._state = _VALUE
        return True

    def _value(self) -> bool:
        buffer = self._buffer
        found = buffer.find(self._delimiter)
        if found < 0:
            keep = len(self._delimiter) - 1
            if self._long or len(buffer) > MAX_FIELD + keep:
                self._too_long()
                self._consume(max(len(buffer) - keep, 0))
            return False
        if not self._long:
            if found > MAX_FIELD + 2:
                self._too_long()
            else:
                self._keep(bytes(buffer[2:found]), self._at + found)
        self._consume(found + len(self._delimiter))
        self._state = _AFTER
        return True

    def _after(self) -> bool:
        buffer = self._buffer
        if len(buffer) < 2:
            return False
        if buffer.startswith(b"--"):
            self._state = _END
            return True
        end = buffer.find(_LINE_END, 0, MAX_HEAD)
        if end < 0:
            if len(buffer) < MAX_HEAD:
                return False
            raise InvalidRequestError("the form does not end by its boundary")
        self._consume(end + 2)
        self._state = _HEAD
        return True

    def _too_long(self) -> None:
        self._long = True
        if self._name in _GOVERNED:
            raise InvalidRequestError(f"the field {self._name.decode()} is too long")
        self.unreadable.add(self._name)

    def _keep(self, value: bytes, end: int) -> None:
        name = self._name
        if name in self.fields:
            if name in _GOVERNED:
                raise InvalidRequestError(f"the field {name.decode()} is there twice")
            self.unreadable.add(name)
            return
        self.fields[name] = value
        if name == b"model":
            self.model_span = (min(self._value_at, end), end)

    def _consume(self, size: int) -> None:
        del self._buffer[:size]
        self._at += size
