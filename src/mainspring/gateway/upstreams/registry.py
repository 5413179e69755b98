"""Upstreams by id, following the snapshot."""

import logging
from collections.abc import Iterator, Mapping

from mainspring.gateway.http.deadlines import Sweeper
from mainspring.gateway.upstreams.runtime import UpstreamRuntime, open_pool, same_pool
from mainspring.infra.secrets import Sealer, UnsealError
from mainspring.kernel.tasks import TaskOwner
from mainspring.snapshot.resources import Upstream

_log = logging.getLogger(__name__)


class UpstreamRegistry:
    """Keeps one pool per upstream for as long as its address and bounds stay the same.

    A pool is made when a call first needs it. One that was replaced takes no more calls and is
    closed when those it carries have ended.
    """

    def __init__(
        self,
        resources: Mapping[str, Upstream],
        sealer: Sealer | None,
        tasks: TaskOwner,
        sweeper: Sweeper,
        *,
        guarded: bool = True,
    ) -> None:
        """Follow ``resources``, the snapshot table's own view.

        Unless ``guarded`` is false, no upstream is reached at a link-local address.
        """
        self._guarded = guarded
        self._sweeper = sweeper
        self._resources = resources
        self._sealer = sealer
        self._tasks = tasks
        self._runtimes: dict[str, UpstreamRuntime] = {}
        self._broken: dict[str, Upstream] = {}

    def __iter__(self) -> Iterator[UpstreamRuntime]:
        """Go through the upstreams that have been called."""
        return iter(list(self._runtimes.values()))

    def get(self, upstream_id: str) -> UpstreamRuntime | None:
        """Return the upstream; ``None`` if it does not exist or cannot be used (see the log)."""
        runtime = self._runtimes.get(upstream_id)
        if runtime is not None:
            return runtime
        resource = self._resources.get(upstream_id)
        if resource is None or self._broken.get(upstream_id) is resource:
            return None
        return self._open(resource)

    def sync(self, changed: set[str]) -> None:
        """Follow a change of the snapshot in the upstreams of these ids."""
        for upstream_id in changed:
            self._broken.pop(upstream_id, None)
            old = self._runtimes.pop(upstream_id, None)
            if old is None:
                continue
            new = self._resources.get(upstream_id)
            if new == old.resource:
                self._runtimes[upstream_id] = old
            elif new is not None and same_pool(old.resource, new):
                self._open(new, old)
            else:
                self._retire(old)

    def try_broken_again(self) -> None:
        """Forget what could not be used: keys came that may open it."""
        self._broken.clear()

    async def close(self) -> None:
        """Close every pool at once."""
        runtimes = list(self._runtimes.values())
        self._runtimes.clear()
        for runtime in runtimes:
            await runtime.pool.close()

    def _open(
        self, resource: Upstream, old: UpstreamRuntime | None = None
    ) -> UpstreamRuntime | None:
        try:
            credential = self._credential(resource)
            pool = (
                old.pool
                if old is not None
                else open_pool(resource, self._sweeper, guarded=self._guarded)
            )
            runtime = UpstreamRuntime(resource, credential, pool)
        except (UnsealError, ValueError) as error:
            _log.error("upstream %s (%s) cannot be used: %s", resource.name, resource.id, error)
            self._broken[resource.id] = resource
            if old is not None:
                self._retire(old)
            return None
        self._runtimes[resource.id] = runtime
        return runtime

    def _credential(self, resource: Upstream) -> bytes | None:
        if resource.credential is None:
            return None
        if self._sealer is None:
            raise UnsealError("it has a credential, and this gateway was given no master key")
        return self._sealer.unseal(resource.credential, resource.credential_context)

    def _retire(self, runtime: UpstreamRuntime) -> None:
        self._tasks.start(
            runtime.pool.close(runtime.resource.timeouts.total_s),
            name=f"drain upstream {runtime.resource.name}",
        )
