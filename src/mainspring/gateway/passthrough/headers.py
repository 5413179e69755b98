"""Which headers of a call pass through, and how."""

from collections.abc import Iterable, Mapping

from mainspring.snapshot.passthrough import Passthrough
from mainspring.wire.passthrough import ANSWER_HEADERS, REQUEST_HEADERS, header_problem

Headers = list[tuple[bytes, bytes]]


class HeaderRules:
    """The lists of one upstream, checked once more: a snapshot may be older than a rule."""

    def __init__(self, passthrough: Passthrough, credential_header: str | None) -> None:
        own = None if credential_header is None else credential_header.lower()
        self._request = REQUEST_HEADERS | _passable(passthrough.request_headers, own)
        self._answer = ANSWER_HEADERS | _passable(passthrough.answer_headers, own)

    def request_lines(self, headers: Mapping[bytes, bytes], shown: bytes) -> bytes:
        """Return the lines that go along; those of ``shown`` are there already."""
        there = {line.partition(b":")[0] for line in shown.split(b"\r\n")}
        return b"".join(
            b"%b: %b\r\n" % (name, value)
            for name, value in headers.items()
            if name in self._request and name not in there
        )

    def answer(self, headers: Iterable[tuple[bytes, bytes]]) -> Headers:
        """Return what comes back of an answer's headers."""
        passed = [pair for pair in headers if pair[0] in self._answer]
        passed.append((b"x-content-type-options", b"nosniff"))
        return passed


def _passable(names: Iterable[str], own: str | None) -> frozenset[bytes]:
    return frozenset(
        name.encode() for name in names if header_problem(name) is None and name != own
    )
