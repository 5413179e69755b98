"""The protocols that upstreams speak, as far as the gateway must know them."""

from collections.abc import Callable

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
    """

    dialect: UpstreamDialect
    normalise: Callable[[bytes], Usage | None]
    scanner: Callable[..., StreamScanner] = _typed_scanner
    credential_header: bytes = b"authorization: Bearer %b\r\n"
    fixed_headers: bytes = b""
    asks_for_usage: bool = False


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
        fixed_headers=b"anthropic-version: 2023-06-01\r\n",
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
