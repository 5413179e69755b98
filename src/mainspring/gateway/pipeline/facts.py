"""What of a request bears on its routing."""

from collections.abc import Mapping

from mainspring.gateway.pipeline.identity import Principal
from mainspring.gateway.routing import Plan
from mainspring.snapshot.route_policy import Sticky
from mainspring.snapshot.routing import NO_FACTS, RequestFacts

ROUTING_STRATEGY = b"x-routing-strategy"
REGION = b"x-mainspring-region"
TAGS = b"x-mainspring-tags"

_PROMPTS = (b'"messages"', b'"input"', b'"prompt"', b'"contents"')
_MAX_HINT = 200


def read_facts(
    plan: Plan,
    principal: Principal,
    *,
    task: str,
    headers: Mapping[bytes, bytes],
    body: bytes,
    user: str | None,
) -> RequestFacts:
    """Return what the plan's model wants to know of a request, and nothing else.

    Headers that its policy does not honour are as if they were not sent.
    """
    if not plan.needs_facts:
        return NO_FACTS
    model = plan.model
    routing = model.routing
    release = model.release
    caller = (user or principal.key_id or principal.actor_id).encode()
    pin = None
    marked = False
    subjects: tuple[str, ...] = ()
    if release is not None or plan.tells_callers_apart:
        subjects = principal.subjects
    if release is not None:
        if release.pin_header:
            pin = _hint(headers, ROUTING_STRATEGY)
        marked = any(
            rule.matches(_hint(headers, rule.name.encode())) for rule in release.canary_headers
        )
    region = None
    tags: tuple[str, ...] = ()
    if routing.client_hints:
        region = _hint(headers, REGION)
        tags = tuple(
            tag for part in (_hint(headers, TAGS) or "").split(",") if (tag := part.strip())
        )
    affinity = b""
    if routing.strategy == "sticky":
        affinity = _affinity(routing.sticky, headers, body, caller)
    return RequestFacts(
        task=task,
        affinity=affinity,
        user=caller,
        subjects=subjects,
        pin=pin,
        region=region,
        tags=tags,
        marked=marked,
    )


def _affinity(sticky: Sticky, headers: Mapping[bytes, bytes], body: bytes, caller: bytes) -> bytes:
    if sticky.by == "header":
        return headers.get(sticky.header.lower().encode(), caller)
    if sticky.by == "prefix":
        # From where the prompt begins: what stands before it (limits, flags) differs too easily.
        starts = [found for name in _PROMPTS if (found := body.find(name)) >= 0]
        start = min(starts, default=0)
        return body[start : start + sticky.prefix_bytes]
    return caller


def _hint(headers: Mapping[bytes, bytes], name: bytes) -> str | None:
    value = headers.get(name)
    return None if value is None else value[:_MAX_HINT].decode("latin-1").strip().lower() or None
