"""Asking a part over HTTP whether it is well."""

import asyncio
from enum import Enum

_LIMIT_BYTES = 4096


class Answer(Enum):
    """What a probe found."""

    WELL = "well"
    UNWELL = "unwell"
    """It answered, and said no."""
    SILENT = "silent"
    """No connection, or no answer in time."""


async def probe_http(host: str, port: int, path: str, *, timeout_s: float) -> Answer:
    """Send ``GET path`` on a new connection; only the status of the answer counts."""
    try:
        async with asyncio.timeout(timeout_s):
            status = await _status(host, port, path)
    except (OSError, TimeoutError, ValueError, IndexError):
        return Answer.SILENT
    return Answer.WELL if 200 <= status < 300 else Answer.UNWELL


async def _status(host: str, port: int, path: str) -> int:
    reader, writer = await asyncio.open_connection(host, port, limit=_LIMIT_BYTES)
    try:
        request = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n"
        writer.write(request.encode())
        await writer.drain()
        return int((await reader.readline()).split(b" ", 2)[1])
    finally:
        writer.close()
