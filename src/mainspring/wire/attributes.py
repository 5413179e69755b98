"""The names of what spans tell: OpenTelemetry's where it has one, ``mainspring.*`` elsewhere.

The GenAI names are those of the semantic conventions of 2026, which are still in development; an
older set can be asked for instead, or beside them, until dashboards have moved on. A name that is
not here is not used; the documentation's table is compared with this module.
"""

from enum import StrEnum

import msgspec

from mainspring.wire.spans import Attribute


class SpanAttribute(msgspec.Struct, frozen=True):
    """One attribute: its name, what it says, and its name in the older set, if it had another."""

    name: str
    help: str
    legacy: str | None = None


class NameSet(StrEnum):
    """Which names spans have."""

    CURRENT = "current"
    LEGACY = "legacy"
    BOTH = "both"


HTTP_METHOD = SpanAttribute("http.request.method", "Method of the request.")
HTTP_ROUTE = SpanAttribute("http.route", "Path of the request, as our route table has it.")
HTTP_STATUS = SpanAttribute(
    "http.response.status_code", "Status that was answered; 499 where the client had left."
)
HTTP_REQUEST_BYTES = SpanAttribute("http.request.body.size", "Bytes of the request's body.")
HTTP_RESPONSE_BYTES = SpanAttribute("http.response.body.size", "Bytes of the answer's body.")
SERVER_ADDRESS = SpanAttribute("server.address", "Host of the upstream.")
SERVER_PORT = SpanAttribute("server.port", "Port of the upstream.")
ERROR_TYPE = SpanAttribute(
    "error.type", "Code of the error, or what an attempt ended by (an HTTP status, a failure)."
)
OPERATION = SpanAttribute("gen_ai.operation.name", "What was asked for (chat, embeddings, …).")
PROVIDER = SpanAttribute(
    "gen_ai.provider.name",
    "Protocol that the upstream speaks, by its well-known name.",
    "gen_ai.system",
)
REQUEST_MODEL = SpanAttribute(
    "gen_ai.request.model",
    "Model: the caller's name on a server span, the upstream's on a client one.",
)
REQUEST_STREAM = SpanAttribute("gen_ai.request.stream", "Whether a stream was asked for.")
INPUT_TOKENS = SpanAttribute(
    "gen_ai.usage.input_tokens", "Input tokens, cached ones included.", "gen_ai.usage.prompt_tokens"
)
OUTPUT_TOKENS = SpanAttribute(
    "gen_ai.usage.output_tokens",
    "Output tokens, reasoning included.",
    "gen_ai.usage.completion_tokens",
)
CACHE_READ_TOKENS = SpanAttribute(
    "gen_ai.usage.cache_read.input_tokens", "Input tokens read from the upstream's cache."
)
CACHE_WRITE_TOKENS = SpanAttribute(
    "gen_ai.usage.cache_creation.input_tokens", "Input tokens written into the upstream's cache."
)
REASONING_TOKENS = SpanAttribute(
    "gen_ai.usage.reasoning.output_tokens", "Output tokens that were reasoning."
)
FIRST_CHUNK = SpanAttribute(
    "gen_ai.response.time_to_first_chunk", "Seconds until the first piece of a stream."
)
CONVERSATION = SpanAttribute("gen_ai.conversation.id", "The caller's session.")
REQUEST_ID = SpanAttribute("mainspring.request.id", "Id of the request, as `X-Request-Id` has it.")
TRACE_NAME = SpanAttribute(
    "mainspring.trace.name", "The caller's `X-Trace-ID`, where it is not the trace id itself."
)
ORG_ID = SpanAttribute("mainspring.organization.id", "Organisation of the caller.")
PROJECT_ID = SpanAttribute("mainspring.project.id", "Project of the caller.")
KEY_ID = SpanAttribute("mainspring.key.id", "API key of the caller (its id, never its secret).")
OUTCOME = SpanAttribute("mainspring.outcome", "`ok`, `client_closed` or an error code.")
FALLBACK_FROM = SpanAttribute(
    "mainspring.fallback.from", "Model that was asked for, where another one answered."
)
COST = SpanAttribute("mainspring.cost", "What the call cost, in `mainspring.currency`.")
CURRENCY = SpanAttribute("mainspring.currency", "Currency of the cost.")
ATTEMPT = SpanAttribute("mainspring.attempt.number", "Which attempt this was, from 1.")
CAUSE = SpanAttribute(
    "mainspring.attempt.cause", "What it answered to: first, retry, again, hedge or fallback."
)
UPSTREAM_ID = SpanAttribute("mainspring.upstream.id", "Upstream of the attempt.")
TRACK = SpanAttribute("mainspring.track", "Release track of the target (stable, canary).")
JOB = SpanAttribute("mainspring.job.name", "Job that a worker executed.")
RUN_ID = SpanAttribute("mainspring.job.run.id", "Run of that job.")

ATTRIBUTES: tuple[SpanAttribute, ...] = tuple(
    value for value in list(globals().values()) if isinstance(value, SpanAttribute)
)
"""All names."""

_LEGACY = {each.name: each.legacy for each in ATTRIBUTES if each.legacy is not None}


def named(attributes: dict[str, Attribute], names: NameSet) -> dict[str, Attribute]:
    """Return ``attributes``, which have current names, by the names that are wanted."""
    if names is NameSet.CURRENT:
        return attributes
    found: dict[str, Attribute] = {}
    for name, value in attributes.items():
        old = _LEGACY.get(name)
        if old is None or names is NameSet.BOTH:
            found[name] = value
        if old is not None:
            found[old] = value
    return found
