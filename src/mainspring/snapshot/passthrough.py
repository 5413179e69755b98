"""Which routes of an upstream callers may reach as they are, and whether a path is one of them.

Part of the upstream resource; the rules of compatibility at the head of
:mod:`mainspring.snapshot.resources` hold here too. What is not listed does not exist.
"""

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import unquote

import msgspec

from mainspring.snapshot.price import Price

METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
ONE: Final = "*"
REST: Final = "**"
DEFAULT_BODY_BYTES: Final = 32 * 1024 * 1024

_SEGMENT: Final = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})+")
_UNSAFE: Final = re.compile(r"[\x00-\x1f\x7f/\\%]")
_PATTERN_SEGMENT: Final = re.compile(r"[A-Za-z0-9._~!$&'()+,=:@-]+")
_MAX_SEGMENTS: Final = 32


class PassthroughRoute(msgspec.Struct, frozen=True, omit_defaults=True):
    """One route: ``path`` begins with ``/`` and stands behind the upstream's base URL.

    A segment ``*`` stands for any one segment, ``**`` at the end for any one or more. ``price`` is
    that of a call; without one a call costs something that is not known.
    """

    path: str
    methods: tuple[str, ...] = ("POST",)
    price: Price | None = None


class Passthrough(msgspec.Struct, frozen=True, omit_defaults=True):
    """What of an upstream callers may reach as it is.

    ``org_ids`` ``None`` means every organisation. Beside the usual ones ``request_headers`` go
    there and ``answer_headers`` come back; names are in lower case. A larger request than
    ``max_body_bytes`` is refused.
    """

    routes: tuple[PassthroughRoute, ...] = ()
    org_ids: tuple[str, ...] | None = None
    request_headers: tuple[str, ...] = ()
    answer_headers: tuple[str, ...] = ()
    max_body_bytes: int = DEFAULT_BODY_BYTES


def read_segments(path: str) -> tuple[str, ...] | None:
    """Return the segments of a request's path, percent-decoded; ``None`` if it cannot be trusted.

    A path is not mended but refused: dots that climb, empty segments, and escapes that hide a
    slash, a backslash, a percent sign or a control character mean different things to different
    servers.
    """
    if not path.startswith("/"):
        return None
    parts = path[1:].split("/")
    if len(parts) > _MAX_SEGMENTS:
        return None
    segments: list[str] = []
    for part in parts:
        if _SEGMENT.fullmatch(part) is None:
            return None
        try:
            decoded = unquote(part, errors="strict")
        except UnicodeDecodeError:
            return None
        # To some servers ";" ends a segment: "..;" climbs there.
        if _UNSAFE.search(decoded) is not None or decoded.partition(";")[0] in {"", ".", ".."}:
            return None
        segments.append(decoded)
    return tuple(segments)


def find_route(
    passthrough: Passthrough, method: str, segments: Sequence[str]
) -> PassthroughRoute | None:
    """Return the first route that takes ``method`` and has this path."""
    for route in passthrough.routes:
        if method in route.methods and _matches(route.path, segments):
            return route
    return None


def methods_at(passthrough: Passthrough, segments: Sequence[str]) -> tuple[str, ...]:
    """Return the methods that some route takes at this path."""
    found = {
        method
        for route in passthrough.routes
        if _matches(route.path, segments)
        for method in route.methods
    }
    return tuple(each for each in METHODS if each in found)


def pattern_problem(path: str) -> str | None:
    """Return what is wrong with the path of a route; ``None`` if nothing is."""
    if not path.startswith("/") or len(path) > 500:
        return "a path begins with / and has up to 500 characters"
    parts = path[1:].split("/")
    if len(parts) > _MAX_SEGMENTS:
        return f"a path has up to {_MAX_SEGMENTS} segments"
    for position, part in enumerate(parts):
        if part == REST:
            if position != len(parts) - 1:
                return "** stands at the end of a path"
        elif part != ONE and (_PATTERN_SEGMENT.fullmatch(part) is None or part in {".", ".."}):
            return "each segment is * (any one), ** (any rest), or plain text"
    return None


def _matches(pattern: str, segments: Sequence[str]) -> bool:
    parts = pattern[1:].split("/")
    if parts[-1] == REST:
        parts = parts[:-1]
        if len(segments) <= len(parts):
            return False
    elif len(segments) != len(parts):
        return False
    return all(part in (ONE, segment) for part, segment in zip(parts, segments, strict=False))
