"""The rules of passing calls through: where they come in, and which headers go along.

Both ways only what is listed passes. A header that is not known might carry a credential of the
caller's, of the platform's, or an address.
"""

import re
from typing import Final

PASSTHROUGH_PREFIX: Final = "/v1/passthrough/"
"""Behind it: the upstream's name, and the path there."""
MODEL_PREFIX: Final = "passthrough/"
"""Before an upstream's name: what such calls are called in records, and in a key's list."""
UPSTREAM_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")
"""Names that can stand in such a path."""

REQUEST_HEADERS: Final = frozenset(
    {
        b"accept",
        b"accept-language",
        b"content-encoding",
        b"content-language",
        b"content-type",
        b"if-match",
        b"if-modified-since",
        b"if-none-match",
        b"if-unmodified-since",
        b"openai-beta",
        b"range",
    }
)
"""What of a request's headers goes along."""

ANSWER_HEADERS: Final = frozenset(
    {
        b"accept-ranges",
        b"cache-control",
        b"content-disposition",
        b"content-encoding",
        b"content-language",
        b"content-range",
        b"content-type",
        b"etag",
        b"expires",
        b"last-modified",
        b"retry-after",
        b"retry-after-ms",
    }
)
"""What of an answer's headers comes back."""

_NEVER: Final = frozenset(
    {
        "accept-encoding",
        "alt-svc",
        "api-key",
        "authorization",
        "connection",
        "content-length",
        "cookie",
        "cookie2",
        "date",
        "expect",
        "forwarded",
        "host",
        "idempotency-key",
        "keep-alive",
        "location",
        "server",
        "set-cookie",
        "strict-transport-security",
        "te",
        "trailer",
        "traceparent",
        "tracestate",
        "transfer-encoding",
        "upgrade",
        "user-agent",
        "via",
        "www-authenticate",
        "x-api-key",
        "x-goog-api-key",
        "x-http-method-override",
        "x-method-override",
        "x-original-url",
        "x-project-id",
        "x-request-id",
        "x-rewrite-url",
        "x-tenant-id",
        "x-trace-id",
    }
)
_NEVER_BEGINS: Final = ("access-control-", "proxy-", "sec-", "x-forwarded-", "x-mainspring-")
_NAME: Final = re.compile(r"[a-z0-9-]{1,64}")

CREDENTIAL_QUERY: Final = frozenset(
    {b"access_token", b"api-key", b"api_key", b"apikey", b"key", b"sig", b"signature", b"token"}
)
"""Parameters of a query that servers take for credentials."""


def header_problem(name: str) -> str | None:
    """Return why a further header cannot pass; ``None`` if it can."""
    if _NAME.fullmatch(name) is None:
        return "a header's name has 1 to 64 small letters, digits and -"
    if name in _NEVER or name.startswith(_NEVER_BEGINS):
        return f"the header {name} never passes: it is a credential, or of one connection"
    return None
