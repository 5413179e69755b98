"""Counting what came of the requests of one stage."""

import time
from array import array
from collections import Counter
from collections.abc import Sequence

from mainspring.app.cli.loadtesting.exchange import Outcome
from mainspring.app.cli.loadtesting.figures import Moment, Share, Spread, Stage
from mainspring.app.cli.loadtesting.histogram import Histogram

NOT_SENT = "not_sent"
MAX_CODES = 50
"""Failures of further codes count as ``other``."""

_SLICES = 240
_CURVE = (*range(1, 100), 99.5, 99.9, 100)
_FEW = 10
_EDGE = 0.1


class Tally:
    """The counts of one stage, from its start on. Moments are the event loop's, in seconds."""

    def __init__(self, start: float, *, expected_s: float) -> None:
        self.start = start
        self.requests = 0
        self.done = 0
        self.failed = 0
        self.under_way = 0
        self.most_under_way = 0
        self.message = ""
        """What a server said of the first refusal."""
        self.latency = Histogram()
        self._ttft = Histogram()
        self._gaps = Histogram()
        self._lateness = Histogram()
        self._errors: Counter[str] = Counter()
        self._input_tokens = 0
        self._output_tokens = 0
        self._without_usage = 0
        self._due = array("d")
        self._ended = array("d")
        self._ended_well = array("d")
        self._slice_s = max(expected_s / _SLICES, 1.0)
        self._slices: dict[int, tuple[Histogram, list[int]]] = {}
        self._cpu = time.process_time()

    def not_sent(self) -> None:
        """Count a request for which there was no room."""
        self.requests += 1
        self._fail(NOT_SENT)

    def sent(self) -> None:
        """Count a request that goes out."""
        self.requests += 1
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)

    def ended(self, outcome: Outcome) -> None:
        """Count how a request went."""
        self.under_way -= 1
        self._due.append(outcome.due)
        self._ended.append(outcome.ended)
        self._lateness.add(outcome.sent - outcome.due)
        latencies, failures = self._slices.setdefault(
            int((outcome.ended - self.start) / self._slice_s), (Histogram(), [0])
        )
        if outcome.error is not None:
            failures[0] += 1
            self.message = self.message or outcome.message
            self._fail(outcome.error)
            return
        self.done += 1
        self._ended_well.append(outcome.ended)
        latencies.add(outcome.ended - outcome.due)
        self.latency.add(outcome.ended - outcome.due)
        if outcome.first_token is not None:
            self._ttft.add(outcome.first_token - outcome.due)
        for gap in outcome.gaps:
            self._gaps.add(gap)
        if outcome.output_tokens is None:
            self._without_usage += 1
        else:
            self._input_tokens += outcome.input_tokens or 0
            self._output_tokens += outcome.output_tokens

    def stage(self, *, rate: float | None, clients: int | None, now: float) -> Stage:
        """Return the figures of the whole."""
        duration_s = max((max(self._ended) if self._ended else now) - self.start, 1e-6)
        arrivals, ends = _span(self._due), _span(self._ended)
        paced = clients is None
        return Stage(
            rate=rate,
            clients=clients,
            duration_s=round(duration_s, 3),
            requests=self.requests,
            done=self.done,
            failed=self.failed,
            errors=dict(self._errors.most_common()),
            offered=round(_per_second(self._due, duration_s), 3),
            throughput=round(_per_second(self._ended_well, duration_s), 3),
            keeping_up=round(arrivals / ends, 3) if paced and arrivals and ends else 1.0,
            latency=_spread(self.latency),
            ttft=_spread(self._ttft),
            gaps=_spread(self._gaps),
            lateness=_spread(self._lateness),
            input_tokens=self._input_tokens,
            output_tokens=self._output_tokens,
            output_rate=round(self._output_tokens / duration_s, 3),
            without_usage=self._without_usage,
            most_under_way=self.most_under_way,
            generator_cpu=round((time.process_time() - self._cpu) / max(now - self.start, 1e-6), 3),
            latencies=_curve(self.latency),
            first_tokens=_curve(self._ttft),
            moments=[
                Moment(
                    at_s=round(number * self._slice_s, 3),
                    length_s=self._slice_s,
                    done=latencies.count,
                    failed=failures[0],
                    latency_p50=_ms(latencies.percentile(0.5)),
                    latency_p95=_ms(latencies.percentile(0.95)),
                )
                for number, (latencies, failures) in sorted(self._slices.items())
            ],
        )

    def _fail(self, code: str) -> None:
        self.failed += 1
        if code not in self._errors and len(self._errors) >= MAX_CODES:
            code = "other"
        self._errors[code] += 1


def _span(moments: Sequence[float]) -> float:
    """Return how long the middle four fifths took; 0 where there are too few to tell."""
    if len(moments) < _FEW:
        return 0.0
    ordered = sorted(moments)
    last = len(ordered) - 1
    return ordered[round(last * (1 - _EDGE))] - ordered[round(last * _EDGE)]


def _per_second(moments: Sequence[float], duration_s: float) -> float:
    span = _span(moments)
    if not span:
        return len(moments) / duration_s
    last = len(moments) - 1
    return (round(last * (1 - _EDGE)) - round(last * _EDGE)) / span


def _spread(histogram: Histogram) -> Spread:
    return Spread(
        count=histogram.count,
        mean=_ms(histogram.total / histogram.count) if histogram.count else 0.0,
        p50=_ms(histogram.percentile(0.5)),
        p90=_ms(histogram.percentile(0.9)),
        p95=_ms(histogram.percentile(0.95)),
        p99=_ms(histogram.percentile(0.99)),
        max=_ms(histogram.most),
    )


def _curve(histogram: Histogram) -> list[Share]:
    if not histogram.count:
        return []
    return [Share(float(each), _ms(histogram.percentile(each / 100))) for each in _CURVE]


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)
