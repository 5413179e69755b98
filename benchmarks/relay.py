"""The floor for Python: a blind byte relay. ``python -m benchmarks.relay --port 9300 --to 9100``.

Every client connection gets an upstream connection of its own and bytes are copied both ways.
Nothing is parsed, checked, pooled or counted; a gateway on the same event loop cannot cost less.
"""

import asyncio
from typing import cast

import click
import uvloop


class Side(asyncio.Protocol):
    """One of the two connections; what it reads the other writes."""

    other: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        if self.other is not None:
            self.other.write(data)

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        if self.other is not None:
            self.other.close()


class Front(Side):
    """The client's side: opens the upstream's side and keeps early bytes until it is there."""

    def __init__(self, upstream_port: int) -> None:
        self._upstream_port = upstream_port
        self._early: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        loop = asyncio.get_running_loop()
        self._opening = loop.create_task(self._open(loop))

    def data_received(self, data: bytes) -> None:
        if self.other is None:
            self._early.append(data)
        else:
            self.other.write(data)

    async def _open(self, loop: asyncio.AbstractEventLoop) -> None:
        _, back = await loop.create_connection(Side, "127.0.0.1", self._upstream_port)
        back.other = self.transport
        self.other = back.transport
        self.other.write(b"".join(self._early))


@click.command(help=__doc__)
@click.option("--port", type=int, required=True)
@click.option("--to", type=int, required=True)
def main(*, port: int, to: int) -> None:
    """Relay until killed."""

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Front(to), "127.0.0.1", port, backlog=4096)
        await server.serve_forever()

    uvloop.run(serve())


if __name__ == "__main__":
    main()
