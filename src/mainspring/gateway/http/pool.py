"""Connections to one upstream origin, owned in one place."""

from dataclasses import dataclass
from ssl import SSLContext

from mainspring.gateway.http.limits import Timeouts
from mainspring.gateway.http.sink import ResponseSink


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an upstream listens: scheme (``http`` or ``https``), host and port."""

    scheme: str
    host: str
    port: int


class Call:
    """One request in progress. It outlives neither its answer nor its pool."""

    def cancel(self) -> None:
        """End the call at once, in whatever phase; its sink hears nothing more.

        A connection that carries it is aborted, so that the upstream stops its work. Does nothing
        if the call has ended.
        """
        raise NotImplementedError

    def pause(self) -> None:
        """Stop reading from the upstream until :meth:`resume`; the idle deadline waits too."""
        raise NotImplementedError

    def resume(self) -> None:
        """Read on."""
        raise NotImplementedError


class Pool:
    """At most ``max_connections`` to one origin, and a bounded, first-come queue for them.

    ``timeouts`` may be replaced per call. ``ssl`` is used for ``https`` (default: the system's
    trust store). The pool lives in the event loop in which it is made.
    """

    def __init__(
        self,
        origin: Origin,
        *,
        timeouts: Timeouts | None = None,
        max_connections: int = 256,
        max_waiting: int = 1024,
        ssl: SSLContext | None = None,
    ) -> None:
        raise NotImplementedError

    def send(
        self, head: bytes, body: bytes, sink: ResponseSink, timeouts: Timeouts | None = None
    ) -> Call:
        """Send a request and have its answer delivered to ``sink``.

        ``head`` is the complete request head with its closing empty line; its framing headers must
        fit ``body``. Every failure, a full pool included, arrives at the sink after this returns.
        """
        raise NotImplementedError

    async def close(self, drain_s: float = 0.0) -> None:
        """Take no more calls, let running ones end for up to ``drain_s``, then cut them off.

        Closes everything even when it is itself cancelled.
        """
        raise NotImplementedError
