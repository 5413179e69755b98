"""The metrics of all processes that share a port, from whichever of them is asked.

Each sample gets the label ``process``, so every series is one process's own and sums over them are
right, also while one restarts. A process that does not answer in time is left out.
"""

import asyncio
import re

_DEADLINE_S = 1.0
_LARGEST = 16 * 1024 * 1024
_SAMPLE = re.compile(rb"^([A-Za-z_:][A-Za-z0-9_:]*)(?:\{(.*)\})? (.+)$")


class Siblings:
    """The other processes: where each shows its own metrics."""

    def __init__(self, number: int, ports: dict[int, int]) -> None:
        """Be process ``number``; ``ports`` are the others' loopback ports by their number."""
        self._number = number
        self._ports = ports

    async def together(self, own: bytes) -> bytes:
        """Return ``own`` metrics and those of every sibling that answers, merged."""
        answers = await asyncio.gather(*map(_fetch, self._ports.values()))
        pages = dict(zip(self._ports, answers, strict=True)) | {self._number: own}
        return merged({number: page for number, page in pages.items() if page is not None})


def siblings_of(text: str, number: int) -> Siblings | None:
    """Read ``ports`` of processes 1, 2, … separated by commas; ``None`` where there are no others.

    Raises:
        ValueError: if one is no port.
    """
    ports = {place: int(port) for place, port in enumerate(filter(None, text.split(",")), 1)}
    ports.pop(number, None)
    return Siblings(number, ports) if ports else None


def merged(pages: dict[int, bytes]) -> bytes:
    """Return the metrics of several processes as one page: each family once, samples labelled."""
    heads: dict[bytes, list[bytes]] = {}
    samples: dict[bytes, list[bytes]] = {}
    for number in sorted(pages):
        family = b""
        for line in pages[number].splitlines():
            if line.startswith(b"#"):
                family = line.split(b" ", 3)[2]
                known = heads.setdefault(family, [])
                if line not in known:
                    known.append(line)
                continue
            found = _SAMPLE.match(line)
            if found is None:
                continue
            name, labels, value = found.groups()
            inner = b'process="%d"' % number + (b"," + labels if labels else b"")
            samples.setdefault(family, []).append(b"%b{%b} %b" % (name, inner, value))
    lines = [line for family, head in heads.items() for line in (*head, *samples.get(family, []))]
    return b"\n".join(lines) + b"\n"


async def _fetch(port: int) -> bytes | None:
    """Return the page of the process at ``port``, ``None`` if it does not answer in time."""
    try:
        async with asyncio.timeout(_DEADLINE_S):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(b"GET /metrics HTTP/1.0\r\n\r\n")
                head = await reader.readuntil(b"\r\n\r\n")
                if b" 200 " not in head.partition(b"\r\n")[0]:
                    return None
                page = bytearray()
                while piece := await reader.read(64 * 1024):
                    page += piece
                    if len(page) > _LARGEST:
                        return None
                return bytes(page)
            finally:
                writer.close()
    except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        return None
