"""Takes whatever spans are sent to it, and says so: ``python -m benchmarks.collector --port N``."""

import asyncio

import click
import uvloop

_TAKEN = b"HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n"


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            for line in head.lower().split(b"\r\n"):
                name, _, value = line.partition(b":")
                if name == b"content-length":
                    await reader.readexactly(int(value))
            writer.write(_TAKEN)
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


@click.command(help=__doc__)
@click.option("--port", type=int, required=True)
def main(*, port: int) -> None:
    """Collect until killed."""

    async def collect() -> None:
        server = await asyncio.start_server(_serve, "127.0.0.1", port)
        await server.serve_forever()

    uvloop.run(collect())


if __name__ == "__main__":
    main()
