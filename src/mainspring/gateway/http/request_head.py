"""What of a request's head is refused beyond what the parser (llhttp, strict) refuses by itself.

The parser refuses bare line feeds, folded headers, white space before a colon, both
Content-Length and Transfer-Encoding, repeated or malformed lengths, and malformed chunks. What is
left are requests that it can read and another server on the way might read differently.
"""

from typing import Final

import httptools

from mainspring.gateway.http.limits import ServerLimits

METHODS: Final[dict[bytes, str]] = {
    method: method.decode()
    for method in (b"GET", b"HEAD", b"POST", b"PUT", b"PATCH", b"DELETE", b"OPTIONS")
}

REPEATS_REFUSED: Final = frozenset(
    {b"host", b"content-length", b"transfer-encoding", b"authorization", b"expect"}
)
"""Headers of which two servers might take different ones, with consequences."""


class Refusal(Exception):  # noqa: N818 - an answer rather than an error of ours
    """A request that is answered by the HTTP layer itself, with a close behind it."""

    def __init__(self, status: int, code: str, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.code = code
        self.text = text


def malformed(text: str) -> Refusal:
    """Return the refusal of a request that is not HTTP/1.1 as it should be."""
    return Refusal(400, "malformed_request", text)


def body_too_large(limit: int) -> Refusal:
    """Return the refusal of a body beyond ``limit`` bytes."""
    return Refusal(413, "body_too_large", f"The body is larger than the {limit} bytes allowed.")


def check_size(url: bytes, headers: dict[bytes, bytes], count: int, limits: ServerLimits) -> None:
    """Measure a head of ``count`` header lines that may be too large.

    Raises:
        Refusal: if it is.
    """
    if len(url) > limits.max_url_bytes:
        raise Refusal(414, "uri_too_long", "The request target is too long.")
    size = len(url) + sum(map(len, headers)) + sum(map(len, headers.values()))
    if count > limits.max_headers or size > limits.max_header_bytes:
        raise Refusal(431, "headers_too_large", "The request's headers are too large.")


def check_head(method: bytes, url: bytes, version: str, headers: dict[bytes, bytes]) -> str:
    """Return the method's name.

    Raises:
        Refusal: if the request is not one that we serve, or is ambiguous.
    """
    if version not in ("1.1", "1.0"):
        raise Refusal(505, "version_not_supported", "Only HTTP/1.1 and HTTP/1.0 are served here.")
    name = METHODS.get(method)
    if name is None:
        raise Refusal(501, "method_not_implemented", "This server does not know that method.")
    if b"#" in url:
        raise malformed("A request target must not have a fragment.")
    if b"transfer-encoding" in headers:
        if version == "1.0":
            raise malformed("HTTP/1.0 has no transfer codings.")
        if headers[b"transfer-encoding"].lower() != b"chunked":
            raise Refusal(501, "coding_not_implemented", "The only transfer coding is chunked.")
    if b"expect" in headers and headers[b"expect"].lower() != b"100-continue":
        raise Refusal(417, "expectation_failed", "The only expectation served is 100-continue.")
    if version == "1.1" and b"host" not in headers:
        raise malformed("An HTTP/1.1 request needs a Host header.")
    return name


def split_target(url: bytes) -> tuple[str, bytes]:
    """Return path and query of a request target in any of the forms that the parser lets through.

    Raises:
        Refusal: if an absolute target cannot be read.
    """
    path, _, query = url.partition(b"?")
    if path[:1] == b"/" or path == b"*":
        return path.decode("latin-1"), query
    try:
        target = httptools.parse_url(url)
    except httptools.HttpParserInvalidURLError:
        raise malformed("The request target cannot be read.") from None
    return (target.path or b"/").decode("latin-1"), target.query or b""


def offers_websocket(method: str, headers: dict[bytes, bytes]) -> bool:
    """Tell whether a request that the parser stopped behind may become a WebSocket (RFC 6455)."""
    return (
        method == "GET"
        and headers.get(b"upgrade", b"").lower() == b"websocket"
        and b"content-length" not in headers
        and b"transfer-encoding" not in headers
    )


def without_upgrade(method: str, url: bytes, headers: dict[bytes, bytes]) -> bytes:
    """Return the request's head again, without its offer to change the protocol."""
    lines = [
        b"%b: %b\r\n" % pair
        for pair in headers.items()
        if pair[0] not in (b"upgrade", b"connection", b"http2-settings")
    ]
    if b"close" in headers.get(b"connection", b"").lower():
        lines.append(b"connection: close\r\n")
    return b"%b %b HTTP/1.1\r\n%b\r\n" % (method.encode(), url, b"".join(lines))
