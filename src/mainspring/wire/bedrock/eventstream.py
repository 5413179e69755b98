"""AWS' binary event-stream framing (``application/vnd.amazon.eventstream``), reading only.

A message is: total length, header length, CRC-32 of these eight bytes, headers, payload, CRC-32 of
all before. Numbers are big-endian. Header values used by Bedrock are strings (type 7); others are
skipped by their known sizes. Source: the framing's description in the Smithy specification.
"""

import struct
import zlib
from typing import NamedTuple

from mainspring.kernel.errors import UpstreamProtocolError

MAX_MESSAGE_BYTES = 16 * 1024 * 1024 + 4096
"""Bedrock documents 16 MB payloads; a longer message is not one."""

_PRELUDE = struct.Struct(">III")
_FIXED_SIZES = {0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16}


class Message(NamedTuple):
    """One message: its string headers and its payload."""

    headers: dict[str, str]
    payload: bytes


class EventStreamReader:
    """Turns chunks, however they are cut, into messages."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, chunk: bytes) -> list[Message]:
        """Return the messages that ``chunk`` completes.

        Raises:
            UpstreamProtocolError: if a checksum or a length is wrong.
        """
        self._buffer += chunk
        messages: list[Message] = []
        while len(self._buffer) >= _PRELUDE.size:
            total, headers_length, prelude_crc = _PRELUDE.unpack_from(self._buffer)
            if zlib.crc32(self._buffer[:8]) != prelude_crc:
                raise UpstreamProtocolError("an event-stream prelude is damaged")
            if not _PRELUDE.size + headers_length + 4 <= total <= MAX_MESSAGE_BYTES:
                raise UpstreamProtocolError("an event-stream message has an impossible length")
            if len(self._buffer) < total:
                break
            messages.append(_message(bytes(self._buffer[:total]), headers_length))
            del self._buffer[:total]
        return messages

    @property
    def pending(self) -> bool:
        """Tell whether a message has begun and not ended."""
        return bool(self._buffer)


def _message(data: bytes, headers_length: int) -> Message:
    (crc,) = struct.unpack_from(">I", data, len(data) - 4)
    if zlib.crc32(data[:-4]) != crc:
        raise UpstreamProtocolError("an event-stream message is damaged")
    start = _PRELUDE.size
    headers = _headers(data[start : start + headers_length])
    return Message(headers, data[start + headers_length : -4])


def _headers(data: bytes) -> dict[str, str]:
    headers: dict[str, str] = {}
    position = 0
    try:
        while position < len(data):
            length = data[position]
            name = data[position + 1 : position + 1 + length].decode()
            position += 1 + length
            kind = data[position]
            position += 1
            if kind in (6, 7):
                (size,) = struct.unpack_from(">H", data, position)
                value = data[position + 2 : position + 2 + size]
                position += 2 + size
                if kind == 7:
                    headers[name] = value.decode()
            else:
                position += _FIXED_SIZES[kind]
    except (IndexError, KeyError, struct.error, UnicodeDecodeError) as error:
        raise UpstreamProtocolError("the headers of an event-stream message are damaged") from error
    return headers
