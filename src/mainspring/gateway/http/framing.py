"""How a message is put on the wire: status lines, the Date header, header blocks."""

from collections.abc import Iterable, Sequence
from email.utils import formatdate
from http import HTTPStatus
from time import time

REASONS: dict[int, bytes] = {status.value: status.phrase.encode() for status in HTTPStatus}

HOP_BY_HOP: frozenset[bytes] = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)
"""Headers that belong to one connection and are never relayed."""

_OURS = HOP_BY_HOP | {b"content-length", b"date", b"server"}


def end_to_end(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return what of an upstream's headers (names in lower case) may go into our answer.

    Framing and Date are written anew by the server; an upstream's ``Server`` banner is dropped.
    """
    return [pair for pair in headers if pair[0] not in _OURS]


def header_block(headers: Sequence[tuple[bytes, bytes]]) -> bytes:
    """Return header lines, each with its line end.

    Raises:
        ValueError: if a name or value holds a line break, which would let it write further
            headers or a whole answer of its own.
    """
    block = b"".join([b"%b: %b\r\n" % pair for pair in headers])
    if block.count(b"\n") != len(headers) or block.count(b"\r") != len(headers):
        raise ValueError("a header must not hold a line break")
    return block


class StatusLines:
    """Status lines with the Date header behind them, made once per second and status."""

    __slots__ = ("_date", "_lines", "_second")

    def __init__(self) -> None:
        self._lines: dict[int, bytes] = {}
        self._second = -1
        self._date = b""

    def of(self, status: int) -> bytes:
        """Return ``HTTP/1.1 <status> <reason>`` and ``Date``, with their line ends."""
        second = int(time())
        if second != self._second:
            self._second = second
            self._date = formatdate(second, usegmt=True).encode()
            self._lines.clear()
        line = self._lines.get(status)
        if line is None:
            if not 200 <= status <= 999:
                raise ValueError(f"{status} is not the status of a final answer")
            line = b"HTTP/1.1 %d %b\r\ndate: %b\r\n" % (
                status,
                REASONS.get(status, b"Unknown"),
                self._date,
            )
            self._lines[status] = line
        return line
