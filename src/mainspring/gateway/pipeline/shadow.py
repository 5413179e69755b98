"""Copies of calls to shadow targets: sent beside the real one, their answers dropped.

A copy never delays, fails or bills the call it was made from: it has no limits to reserve and no
record, only a count. No more than a bound are under way at once; what is beyond it is skipped.
"""

import time
from collections import defaultdict
from collections.abc import Callable

from mainspring.gateway.http.sink import UpstreamFailure
from mainspring.gateway.pipeline.failures import verdict_of_failure, verdict_of_status
from mainspring.gateway.pipeline.translation import Translation
from mainspring.gateway.protocols import Operation
from mainspring.gateway.routing import DataGuard, Destination, Plan, Verdict
from mainspring.kernel.errors import MainspringError
from mainspring.wire.openai.requests import rewrite_body

MAX_COPIES = 64
"""Copies under way at once."""

Headers = list[tuple[bytes, bytes]]


class Shadows:
    """The copies of one gateway."""

    def __init__(self, counts: defaultdict[str, int]) -> None:
        """Count results in ``counts``: ``ok``, ``failed``, ``skipped``."""
        self.counts = counts
        self.under_way = 0

    def cast(
        self,
        plan: Plan,
        draw: Callable[[], float],
        *,
        operation: Operation,
        body: bytes,
        request_id: bytes,
        translate: Callable[[], Translation],
        guard: DataGuard | None = None,
    ) -> None:
        """Send copies of a request to the shadows of ``plan``, or to a share of them.

        What ``guard`` does not permit to see the call sees no copy of it.
        """
        release = plan.model.release
        share = 100 if release is None else release.shadow_share
        for shadow in plan.shadows:
            if draw() * 100 >= share:
                continue
            if guard is not None and not guard.permits(shadow):
                self.counts["skipped"] += 1
                continue
            if operation.uploads:  # files are too large to send twice for a look
                self.counts["skipped"] += 1
                continue
            try:
                if shadow.upstream.resource.protocol == (operation.dialect or "openai"):
                    copy = rewrite_body(body, model=shadow.upstream_model, add_usage=False)
                    path = operation.upstream_path or operation.path
                    self._send(shadow, path.encode(), copy, request_id)
                else:
                    written = translate().written(shadow.protocol.dialect, shadow.upstream_model)
                    self._send(shadow, written.path.encode(), written.body, request_id)
            except MainspringError:  # the shadow's protocol cannot say what this request needs
                self.counts["skipped"] += 1

    def _send(self, destination: Destination, path: bytes, body: bytes, request_id: bytes) -> None:
        now = time.monotonic()
        destination.health.look(now)
        if self.under_way >= MAX_COPIES or destination.health.obstacle is not None:
            self.counts["skipped"] += 1
            return
        self.under_way += 1
        destination.upstream.post(
            path,
            body,
            _Copy(self, destination, now),
            request_id=request_id,
            traceparent=None,
            lines=destination.protocol.header_lines({}),
        )


class _Copy:
    """Hears the answer to one copy, and keeps nothing of it."""

    def __init__(self, shadows: Shadows, destination: Destination, began_at: float) -> None:
        self._shadows = shadows
        self._destination = destination
        self._began_at = began_at
        self._probe = destination.health.begin()
        self._status = 0
        self._latency_ms: float | None = None

    def on_head(self, status: int, headers: Headers) -> None:
        """Take the status."""
        del headers
        self._status = status
        self._latency_ms = (time.monotonic() - self._began_at) * 1000

    def on_data(self, data: bytes) -> None:
        """Drop a piece."""

    def on_end(self) -> None:
        """Count the answer."""
        good = 200 <= self._status <= 299
        self._over(Verdict.GOOD if good else verdict_of_status(self._status), good=good)

    def on_failure(self, error: UpstreamFailure) -> None:
        """Count the failure."""
        self._over(verdict_of_failure(error), good=False)

    def _over(self, verdict: Verdict, *, good: bool) -> None:
        self._shadows.under_way -= 1
        self._shadows.counts["ok" if good else "failed"] += 1
        self._destination.health.end(
            verdict, time.monotonic(), self._latency_ms if good else None, probe=self._probe
        )
