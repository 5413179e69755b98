"""What a load test found, as it is kept in a file. Times are milliseconds, rates per second."""

from typing import Literal

import msgspec

FORMAT = "mainspring.loadtest/1"

Mode = Literal["open", "closed", "trace", "steps"]


class Spread(msgspec.Struct, frozen=True, kw_only=True):
    """How durations are spread; percentiles are at most one per cent too high."""

    count: int
    mean: float
    p50: float
    p90: float
    p95: float
    p99: float
    max: float


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """What ended in one slice of the test."""

    at_s: float
    """From the test's start to the slice's."""
    length_s: float
    done: int
    failed: int
    latency_p50: float
    latency_p95: float


class Share(msgspec.Struct, frozen=True, array_like=True):
    """So many of a hundred requests took no longer."""

    percent: float
    ms: float


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """One stretch of load that stays the same.

    With a rate, times to answers and to first tokens count from the moment at which a request was
    due, whether or not the load generator could send it then; with clients, from its sending.
    """

    rate: float | None
    """Requests that were to come, per second; ``None`` where there were clients or a trace."""
    clients: int | None
    """Callers that each wait for their answer."""
    duration_s: float
    """From the first request to the last answer."""
    requests: int
    """All that were due, those included that could not be sent."""
    done: int
    failed: int
    errors: dict[str, int]
    """Failures by code; ``not_sent`` are those beyond what may be under way at once."""
    offered: float
    """Requests per second that came due."""
    throughput: float
    """Answers per second in the middle four fifths of them, failures left out."""
    keeping_up: float
    """How fast answers of all kinds came, as a share of how fast requests did; below 1 work piles
    up."""
    latency: Spread
    ttft: Spread
    """To the first token of streamed answers."""
    gaps: Spread
    """Between the pieces of streamed answers that came apart."""
    lateness: Spread
    """How much later than due the load generator itself sent."""
    input_tokens: int
    output_tokens: int
    output_rate: float
    """Output tokens per second."""
    without_usage: int
    """Answers that did not tell their tokens."""
    most_under_way: int
    generator_cpu: float
    """Share of one core that the load generator used."""
    latencies: list[Share] = []
    first_tokens: list[Share] = []
    moments: list[Moment] = []
    saturated_by: str | None = None
    """Why this was too much, in the words of :data:`REASONS`."""


REASONS = ("failures", "pile_up", "latency", "ttft")
"""Too many failed; answers came more slowly than requests; a bound on times was passed."""


class Saturation(msgspec.Struct, frozen=True, kw_only=True):
    """Where it was too much."""

    sustained: float
    """Answers per second at the highest rate that was not too much; 0 if the lowest was."""
    highest_good: float | None
    lowest_bad: float | None
    """``None`` where no rate was too much: the test ended first."""
    reason: str | None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One load test. It holds no key and nothing of what was asked or answered."""

    format: Literal["mainspring.loadtest/1"] = FORMAT
    started_at: str
    url: str
    model: str
    mode: Mode
    streamed: bool
    stages: list[Stage]
    saturation: Saturation | None = None
    notes: list[str] = []
    """What to bear in mind, by key: see the texts ``loadtest.note.*``."""
