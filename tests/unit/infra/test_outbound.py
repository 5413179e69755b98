"""Calls to addresses that people typed in: where they may lead, and where they never do."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from mainspring.infra.networks import Network
from mainspring.infra.outbound import Outbound, OutboundError, may_reach


@pytest.mark.parametrize(
    ("address", "public", "private", "loopback"),
    [
        ("93.184.216.34", True, True, True),
        ("2606:4700::1111", True, True, True),
        ("10.1.2.3", False, True, True),
        ("192.168.0.1", False, True, True),
        ("fd00::1", False, True, True),
        ("127.0.0.1", False, False, True),
        ("::1", False, False, True),
        ("::ffff:127.0.0.1", False, False, True),
        ("::ffff:10.0.0.1", False, True, True),
        ("169.254.169.254", False, False, False),
        ("::ffff:169.254.169.254", False, False, False),
        ("fe80::1%eth0", False, False, False),
        ("0.0.0.0", False, False, False),  # noqa: S104 - judged, not bound
        ("224.0.0.1", False, False, False),
    ],
)
def test_how_far_calls_may_go(address: str, public: bool, private: bool, loopback: bool) -> None:
    networks: tuple[Network, ...] = ("public", "private", "loopback")
    assert [may_reach(address, network) for network in networks] == [public, private, loopback]


@pytest.mark.parametrize(
    "url",
    [
        "http://login.example.com",
        "ftp://login.example.com",
        "https://",
        "login.example.com",
        "https://user:word@login.example.com",
        "https://login.example.com/#x",
        "https://login.example.com:port",
        "https://login.example.com/a b",
        "http://127.0.0.1:8080",
        f"https://{'a' * 70}.example.com",
    ],
)
async def test_only_plain_https_urls_are_called(url: str) -> None:
    outbound = Outbound("private")
    with pytest.raises(OutboundError):
        await outbound.get(url)
    await outbound.close()


async def test_a_name_that_leads_inside_is_not_called() -> None:
    outbound = Outbound("public")
    with pytest.raises(OutboundError, match="network that may not be called"):
        await outbound.get("https://localhost:9/")
    await outbound.close()


@pytest.fixture
async def server() -> AsyncIterator[str]:
    """Return the URL of a server that answers by the path."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = await reader.readline()
        if b"silent" in line:
            await reader.read()
        elif b"large" in line:
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n" + b"x" * 5000)
        elif b"away" in line:
            writer.write(b"HTTP/1.1 302 Found\r\nlocation: /large\r\ncontent-length: 0\r\n\r\n")
        elif b"garbage" in line:
            writer.write(b"\x00\x01\x02\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as listening:
        port: int = listening.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"


async def test_answers_are_bounded_in_size_and_time_and_redirects_are_not_followed(
    server: str,
) -> None:
    outbound = Outbound("loopback", timeout_s=0.5, max_bytes=1000)
    with pytest.raises(OutboundError, match="larger than 1000 bytes"):
        await outbound.get(f"{server}/large")
    with pytest.raises(OutboundError, match="no answer within"):
        await outbound.get(f"{server}/silent")
    with pytest.raises(OutboundError, match="no answer"):
        await outbound.get(f"{server}/garbage")
    assert (await outbound.get(f"{server}/away")).status == 302
    await outbound.close()
