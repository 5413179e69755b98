"""Run the load upstream: ``python -m mainspring.testing.upstream --port 9000 --chunks 50``.

Prints one JSON line ``{"port": …}`` when it listens, and serves until SIGTERM or SIGINT.
"""

import asyncio
import json
import signal
import sys

import click
import uvloop

from mainspring.testing.upstream.load import LoadConnection, LoadServer
from mainspring.testing.upstream.pacer import stay_awake


@click.command(help=__doc__)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=0, show_default=True, help="0 takes a free one.")
@click.option("--chunks", default=50, show_default=True, help="Content events of a stream.")
@click.option(
    "--chunk-interval", default=0.0, show_default=True, help="Seconds between the events."
)
@click.option("--answer-words", default=64, show_default=True, help="Words of a whole answer.")
@click.option("--prompt-tokens", default=200, show_default=True, help="What usage tells.")
@click.option("--model", default="scripted", show_default=True)
@click.option("--awake", is_flag=True, help="Poll instead of sleeping; takes a whole core.")
def main(
    *,
    host: str,
    port: int,
    chunks: int,
    chunk_interval: float,
    answer_words: int,
    prompt_tokens: int,
    model: str,
    awake: bool,
) -> None:
    """Serve until told to stop."""

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        server = LoadServer(
            loop,
            chunks=chunks,
            chunk_interval_s=chunk_interval,
            answer_words=answer_words,
            prompt_tokens=prompt_tokens,
            model=model,
        )
        listener = await loop.create_server(
            lambda: LoadConnection(server), host, port, backlog=4096, reuse_address=True
        )
        sys.stdout.write(json.dumps({"port": listener.sockets[0].getsockname()[1]}) + "\n")
        sys.stdout.flush()
        if awake:
            stay_awake(loop)
        await stop.wait()
        listener.close()

    uvloop.run(serve())


if __name__ == "__main__":
    main()
