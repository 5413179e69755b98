"""The protocols that upstreams speak, as far as the gateway must know them."""

from collections.abc import Callable, Mapping

import msgspec

from mainspring.wire.dialects import UPSTREAM_DIALECTS
from mainspring.wire.events.dialect import UpstreamDialect
from mainspring.wire.openai.stream import UsageScanner
from mainspring.wire.scan import StreamScanner, TypedEventScanner
from mainspring.wire.usage import (
    Usage,
    normalise_anthropic,
    normalise_bedrock,
    normalise_gemini,
    normalise_openai,
    normalise_responses,
)


def _typed_scanner(*, strip: bool) -> StreamScanner:
    """Typed streams always tell their usage: there is no event of ours to take out."""
    del strip
    return TypedEventScanner()


def _openai_scanner(*, strip: bool) -> StreamScanner:
    return UsageScanner(strip=strip)


class UpstreamProtocol(msgspec.Struct, frozen=True, kw_only=True):
    """One protocol: how it is written and read, and how it is told the credential.

    ``dialect`` serves chat; ``normalise`` reads a raw usage object; ``scanner`` watches a stream
    that is passed on as bytes. ``credential_header`` is a template with one ``%b``, an upstream may
    name another header. ``asks_for_usage`` tells whether a stream has usage only on demand.
    ``client_headers`` are those of a client of the same protocol that the upstream is shown too,
    each with what is sent where the client has none (``None``: nothing).
    """

    dialect: UpstreamDialect
    normalise: Callable[[bytes], Usage | None]
    scanner: Callable[..., StreamScanner] = _typed_scanner
    credential_header: bytes = b"authorization: Bearer %b\r\n"
    client_headers: tuple[tuple[bytes, bytes | None], ...] = ()
    asks_for_usage: bool = False

    def header_lines(self, given: Mapping[bytes, bytes]) -> bytes:
        """Return the lines of ``client_headers``; ``given`` is empty for another's client."""
        lines: list[bytes] = []
        for name, default in self.client_headers:
            value = given.get(name, default)
            if value is not None:
                lines.append(b"%b: %b\r\n" % (name, value))
        return b"".join(lines)


def _unread(frame: bytes) -> Usage | None:
    """Ollama tells counts beside its answer; its reader makes usage of them itself."""
    del frame
    return None


UPSTREAM_PROTOCOLS: dict[str, UpstreamProtocol] = {
    "openai": UpstreamProtocol(
        dialect=UPSTREAM_DIALECTS["openai"],
        normalise=normalise_openai,
        scanner=_openai_scanner,
        asks_for_usage=True,
    ),
    "openai-responses": UpstreamProtocol(
        dialect=UPSTREAM_DIALECTS["openai-responses"], normalise=normalise_responses
    ),
    "anthropic": UpstreamProtocol(
        dialect=UPSTREAM_DIALECTS["anthropic"],
        normalise=normalise_anthropic,
        credential_header=b"x-api-key: %b\r\n",
        client_headers=((b"anthropic-version", b"2023-06-01"), (b"anthropic-beta", None)),
    ),
    "gemini": UpstreamProtocol(
        dialect=UPSTREAM_DIALECTS["gemini"],
        normalise=normalise_gemini,
        credential_header=b"x-goog-api-key: %b\r\n",
    ),
    "bedrock": UpstreamProtocol(dialect=UPSTREAM_DIALECTS["bedrock"], normalise=normalise_bedrock),
    "ollama": UpstreamProtocol(dialect=UPSTREAM_DIALECTS["ollama"], normalise=_unread),
}
"""Every protocol by the name that an upstream's configuration uses."""
