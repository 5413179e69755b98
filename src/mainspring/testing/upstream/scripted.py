"""The in-process face: an upstream in a test's own event loop."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Self

from mainspring.kernel.tasks import TaskOwner
from mainspring.testing.upstream.answer import Answer
from mainspring.testing.upstream.connection import Connection
from mainspring.testing.upstream.openai import answer
from mainspring.testing.upstream.received import ReceivedRequest, Served
from mainspring.testing.upstream.reply import Reply


class ScriptedUpstream:
    """A model server on 127.0.0.1 that follows a script.

    ::

        async with ScriptedUpstream() as upstream:
            upstream.then(Reply.failure(500), Reply(content="at last"))
            ...                                   # point a client at upstream.url
            [first, second] = await upstream.received(2)

    Requests take the replies given to :meth:`then` in order, then ``default``. A function given as
    ``script`` comes before both and may return ``None`` to leave the choice to them.
    ``models`` is what ``GET /v1/models`` lists. On leaving, every connection is closed, and a
    failure within the upstream itself is raised as an ``ExceptionGroup``, so that a broken script
    cannot pass for a broken gateway.
    """

    def __init__(
        self,
        default: Reply | None = None,
        *,
        script: Callable[[ReceivedRequest], Reply | None] | None = None,
        models: tuple[str, ...] = ("scripted",),
        port: int = 0,
    ) -> None:
        self.default = default or Reply()
        self.script_function = script
        self.models = models
        self.requests: list[ReceivedRequest] = []
        self.served = Served()
        self.connections_made = 0
        self._port = port
        self._replies: deque[Reply] = deque()
        self._connections: set[Connection] = set()
        self._failures: list[BaseException] = []
        self._tasks = TaskOwner(lambda _name, error: self._failures.append(error))
        self._server: asyncio.Server | None = None
        self._gate = asyncio.Event()
        self._arrival = asyncio.Event()

    @property
    def url(self) -> str:
        """Return the base URL without ``/v1``, as an upstream resource has it."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def port(self) -> int:
        """Return the port; it stays the same over :meth:`refuse` and :meth:`accept`."""
        return self._port

    @property
    def open_connections(self) -> int:
        """Return how many client connections are open now."""
        return len(self._connections)

    def then(self, *replies: Reply) -> Self:
        """Answer the next requests by ``replies``, one each."""
        self._replies.extend(replies)
        return self

    def release(self) -> None:
        """Let every stalled reply, and every later one, go on."""
        self._gate.set()

    async def received(self, count: int = 1, *, timeout_s: float = 5.0) -> list[ReceivedRequest]:
        """Wait until ``count`` requests have arrived in all; return all so far.

        Raises:
            TimeoutError: if fewer came within ``timeout_s`` seconds.
        """
        async with asyncio.timeout(timeout_s):
            while len(self.requests) < count:
                self._arrival.clear()
                await self._arrival.wait()
        return list(self.requests)

    async def refuse(self) -> None:
        """Stop listening and drop every connection: connecting is refused from now on."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self.drop_connections()
        await asyncio.sleep(0)

    def drop_connections(self) -> None:
        """Close every open connection at once, idle keep-alive ones too."""
        for connection in list(self._connections):
            connection.close()

    async def accept(self) -> None:
        """Listen (again) on the same port."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: Connection(self), "127.0.0.1", self._port, reuse_address=True, backlog=1024
        )
        self._port = self._server.sockets[0].getsockname()[1]

    async def __aenter__(self) -> Self:
        await self.accept()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.refuse()
        await self._tasks.close()
        if self._failures and exc is None:
            raise BaseExceptionGroup("the scripted upstream itself failed", self._failures)

    # What connections ask (see connection.Stage)

    def connected(self, connection: Connection) -> int:
        """Register a connection; return its number, from 1."""
        self._connections.add(connection)
        self.connections_made += 1
        return self.connections_made

    def disconnected(self, connection: Connection) -> None:
        """Forget a connection."""
        self._connections.discard(connection)

    def script(self, request: ReceivedRequest) -> tuple[Reply, Answer]:
        """Record the request; return how to answer it."""
        self.requests.append(request)
        self._arrival.set()
        reply = self.script_function(request) if self.script_function else None
        if reply is None:
            reply = self._replies.popleft() if self._replies else self.default
        path = request.path.partition("?")[0]
        number = len(self.requests)
        return reply, answer(path, request.body, reply, self.models, number)

    def told_usage(self, sent: Answer) -> None:
        """Count an answer that went out to its end."""
        served = self.served
        served.requests += 1
        if sent.told is not None:
            served.prompt_tokens += sent.told.prompt
            served.cached_tokens += sent.told.cached
            served.completion_tokens += sent.told.completion
            served.reasoning_tokens += sent.told.reasoning

    async def released(self) -> None:
        """Wait until stalled replies may go on."""
        await self._gate.wait()

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run ``work`` in the background."""
        return self._tasks.start(work, name="scripted reply")
