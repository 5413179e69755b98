"""Serve a snapshot file and acknowledge records: ``python -m mainspring.testing.control --help``.

Prints one JSON line ``{"port": …}`` when it listens; at SIGTERM or SIGINT prints how many records
it took, and ends.
"""

import asyncio
import json
import signal
import sys
from pathlib import Path

import click
import uvloop

from mainspring.testing.control.scripted import ScriptedControl
from mainspring.testing.snapshots import SnapshotBuilder


@click.command(help=__doc__)
@click.option(
    "--snapshot",
    type=click.Path(exists=True, path_type=Path),
    required=True,
    help="Base frame to serve.",
)
@click.option(
    "--token-file",
    type=click.Path(exists=True, path_type=Path),
    required=True,
    help="File with the internal token.",
)
@click.option("--port", default=0, show_default=True, help="0 takes a free one.")
def main(*, snapshot: Path, token_file: Path, port: int) -> None:
    """Serve until told to stop."""

    token = token_file.read_text().strip()

    async def serve() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        control = ScriptedControl(
            SnapshotBuilder.load(snapshot),
            token=token,
            keep_records=False,
            keep_alive_s=2.0,
            port=port,
        )
        async with control:
            _say(port=control.port)
            await stop.wait()
        _say(records=control.records_taken)

    uvloop.run(serve())


def _say(**facts: int) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
