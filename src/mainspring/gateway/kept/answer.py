"""One answer as it is kept, and how it is given again."""

import msgspec

from mainspring.gateway.http.exchange import Exchange

_OF_ONE_CALL = (b"x-ratelimit-", b"anthropic-ratelimit-")
"""Lines of a head that told what was left at that moment, and would lie later."""


class KeptAnswer(msgspec.Struct, frozen=True, array_like=True):
    """An answer: ``lines`` are finished lines of its head; ``streamed`` says how it was begun."""

    status: int
    content_type: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    lines: bytes
    body: bytes
    streamed: bool = False

    @property
    def size(self) -> int:
        """Return roughly how many bytes of memory it takes."""
        return len(self.body) + len(self.lines) + 512

    def give(self, exchange: Exchange, further: bytes) -> None:
        """Answer ``exchange`` by it, with ``further`` lines in the head."""
        exchange.add_to_head(self.lines + further)
        if self.streamed:
            exchange.start(self.status, self.headers, None)
            exchange.end(self.body)
        else:
            exchange.respond(self.status, self.body, self.headers, self.content_type)


_encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(KeptAnswer)


def encode_answer(answer: KeptAnswer) -> bytes:
    """Return ``answer`` as bytes for a store."""
    return _encode(answer)


def decode_answer(data: bytes) -> KeptAnswer | None:
    """Read what :func:`encode_answer` wrote; ``None`` if it is none of this release's."""
    try:
        return _decoder.decode(data)
    except msgspec.MsgspecError:
        return None


def lasting_lines(lines: bytes) -> bytes:
    """Return those lines of a head that are still true when the answer is given again."""
    kept = [
        line
        for line in lines.splitlines(keepends=True)
        if not line.lower().startswith(_OF_ONE_CALL)
    ]
    return b"".join(kept)
