"""The ways in: TLS with client certificates, PROXY headers, forwarded clients, Unix sockets."""

import asyncio
import contextlib
import os
import socket
import ssl
import stat
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from mainspring.gateway.http.exchange import Exchange
from mainspring.gateway.http.limits import ServerLimits
from mainspring.gateway.http.networks import Networks
from mainspring.gateway.http.proxy_header import ProxyHeaderError, header_length, stated_client
from mainspring.gateway.http.server import Entrance, HttpServer
from mainspring.gateway.http.tls import TlsError, TlsFiles, TlsKeeper
from tests.fixtures.certificates import Authority, Issued
from tests.interaction.gateway_http.wire import Client, Stack, echo, request, until

LOOPBACK = Networks.parse("127.0.0.0/8")
IMPATIENT = ServerLimits(header_timeout_s=0.3, linger_s=0.2)


async def tell_peer(exchange: Exchange) -> None:
    exchange.respond(200, exchange.peer.encode(), content_type=b"text/plain")


async def ask(client: Client, extra: bytes = b"") -> bytes:
    client.send(b"POST / HTTP/1.1\r\nhost: here\r\n%bcontent-length: 0\r\n\r\n" % extra)
    answer = await client.answer()
    assert answer.status == 200
    return answer.body


# --- TLS


@dataclass
class Files:
    """The TLS files of a server, and a client's view of them."""

    folder: Path
    authority: Authority
    tls: TlsFiles

    def put(self, issued: Issued) -> None:
        """Renew the server's certificate."""
        issued.write(self.folder, "server")

    def client(self, shown: Issued | None = None, **changes: object) -> ssl.SSLContext:
        """Return a client that trusts the authority and shows ``shown``."""
        context = ssl.create_default_context(cadata=self.authority.pem.decode())
        for name, value in changes.items():
            setattr(context, name, value)
        if shown is not None:
            context.load_cert_chain(*shown.write(self.folder, "client"))
        return context


@pytest.fixture
def files(tmp_path: Path) -> Files:
    authority = Authority()
    chain, key = authority.issue("first").write(tmp_path, "server")
    (tmp_path / "ca.pem").write_bytes(authority.pem)
    return Files(tmp_path, authority, TlsFiles(chain, key))


def subject(client: Client) -> str:
    shown = client.writer.get_extra_info("peercert")
    return next(value for part in shown["subject"] for name, value in part if name == "commonName")


async def test_a_renewed_certificate_serves_new_connections_and_keeps_the_old_ones(
    stack: Stack, files: Files
) -> None:
    keeper = TlsKeeper(files.tls, look_s=0.02)
    looking = asyncio.get_running_loop().create_task(keeper.run())
    server = await stack.server(echo, entrance=Entrance(tls=keeper.context))
    old = await stack.client(server.port, ssl=files.client())
    await ask(old)
    assert subject(old) == "first"
    before = keeper.context()
    files.put(files.authority.issue("second"))
    await until(lambda: keeper.context() is not before, "the files are read again")
    new = await stack.client(server.port, ssl=files.client())
    assert subject(new) == "second"
    assert await ask(old) == await ask(new)
    looking.cancel()


async def test_files_that_cannot_be_used_leave_the_last_good_ones(
    stack: Stack, files: Files
) -> None:
    keeper = TlsKeeper(files.tls)
    server = await stack.server(echo, entrance=Entrance(tls=keeper.context))
    other_key = files.authority.issue("other").key
    for broken in (b"nonsense", b"", other_key):
        (files.folder / "server.key").write_bytes(broken)
        await keeper.reload()
        assert keeper.problem is not None
        assert "server.pem" in keeper.problem
        client = await stack.client(server.port, ssl=files.client())
        assert subject(client) == "first"
    files.put(files.authority.issue("second"))
    await keeper.reload()
    assert keeper.problem is None
    assert subject(await stack.client(server.port, ssl=files.client())) == "second"


def test_files_that_are_no_good_from_the_start_are_named(files: Files) -> None:
    missing = TlsFiles(files.folder / "nowhere.pem")
    with pytest.raises(TlsError, match=r"nowhere\.pem: No such file"):
        TlsKeeper(missing)
    assert files.tls.key is not None
    with pytest.raises(TlsError, match=r"ca\.pem"):
        TlsKeeper(TlsFiles(files.folder / "ca.pem", files.tls.key))
    authorities = TlsFiles(files.tls.chain, files.tls.key, client_ca=files.tls.key)
    with pytest.raises(TlsError, match=r"client authorities .*server\.key"):
        TlsKeeper(authorities)


@pytest.mark.parametrize(
    ("least", "most", "served"),
    [
        ("1.2", ssl.TLSVersion.TLSv1_3, True),
        ("1.2", ssl.TLSVersion.TLSv1_2, True),
        ("1.2", ssl.TLSVersion.TLSv1_1, False),
        ("1.3", ssl.TLSVersion.TLSv1_3, True),
        ("1.3", ssl.TLSVersion.TLSv1_2, False),
    ],
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
async def test_old_versions_of_tls_are_refused(
    stack: Stack, files: Files, least: str, most: ssl.TLSVersion, served: bool
) -> None:
    tls = TlsFiles(files.tls.chain, files.tls.key, min_version="1.3" if least == "1.3" else "1.2")
    server = await stack.server(echo, entrance=Entrance(tls=TlsKeeper(tls).context))
    context = files.client(minimum_version=ssl.TLSVersion.TLSv1, maximum_version=most)
    context.set_ciphers("ALL:@SECLEVEL=0")
    if served:
        await ask(await stack.client(server.port, ssl=context))
    else:
        with pytest.raises((ssl.SSLError, ConnectionError)):
            await stack.client(server.port, ssl=context)
    assert stack.errors == []


async def test_a_client_that_also_speaks_http_2_is_told_what_is_spoken(
    stack: Stack, files: Files
) -> None:
    server = await stack.server(echo, entrance=Entrance(tls=TlsKeeper(files.tls).context))
    context = files.client()
    context.set_alpn_protocols(["h2", "http/1.1"])
    client = await stack.client(server.port, ssl=context)
    assert client.writer.get_extra_info("ssl_object").selected_alpn_protocol() == "http/1.1"


async def test_client_certificates_are_demanded_and_checked(stack: Stack, files: Files) -> None:
    ours = files.authority.issue("caller")
    strange = Authority("stranger").issue("caller")
    served = {"required": (True, False, False), "optional": (True, False, True)}
    for auth in ("required", "optional"):
        tls = TlsFiles(
            files.tls.chain, files.tls.key, client_ca=files.folder / "ca.pem", client_auth=auth
        )
        server = await stack.server(echo, entrance=Entrance(tls=TlsKeeper(tls).context))
        for shown, good in zip((ours, strange, None), served[auth], strict=True):
            assert await _served(stack, server, files.client(shown)) is good


async def _served(stack: Stack, server: HttpServer, context: ssl.SSLContext) -> bool:
    """Tell whether a request is answered; in TLS 1.3 a refusal follows the handshake."""
    try:
        await ask(await stack.client(server.port, ssl=context))
    except (ssl.SSLError, ConnectionError, asyncio.IncompleteReadError):
        return False
    return True


async def test_a_withdrawn_authority_is_not_trusted_any_more(stack: Stack, files: Files) -> None:
    tls = TlsFiles(files.tls.chain, files.tls.key, client_ca=files.folder / "ca.pem")
    keeper = TlsKeeper(tls)
    server = await stack.server(echo, entrance=Entrance(tls=keeper.context))
    context = files.client(files.authority.issue("caller"))
    standing = await stack.client(server.port, ssl=context)
    await ask(standing)
    (files.folder / "ca.pem").write_bytes(Authority("successor").pem)
    await keeper.reload()
    assert not await _served(stack, server, context)
    await ask(standing)


async def test_who_never_shakes_hands_is_let_go(stack: Stack, files: Files) -> None:
    keeper = TlsKeeper(files.tls)
    server = await stack.server(echo, IMPATIENT, Entrance(tls=keeper.context))
    silent = [await stack.client(server.port) for _ in range(20)]
    silent[0].send(b"\x16\x03\x01\x02\x00")  # the beginning of a hello
    assert all([await client.closed() for client in silent])
    await ask(await stack.client(server.port, ssl=files.client()))


# --- PROXY headers

V2 = b"\r\n\r\n\0\r\nQUIT\n"


def v2(command: int, transport: int, rest: bytes) -> bytes:
    return V2 + bytes([command, transport]) + len(rest).to_bytes(2, "big") + rest


def tcp4(source: str, extra: bytes = b"") -> bytes:
    addresses = socket.inet_aton(source) + socket.inet_aton("192.0.2.1")
    return v2(0x21, 0x11, addresses + b"\x30\x39\x01\xbb" + extra)


def tcp6(source: str) -> bytes:
    addresses = socket.inet_pton(socket.AF_INET6, source) * 2
    return v2(0x21, 0x21, addresses + b"\x30\x39\x01\xbb")


STATED = {
    "text, IPv4": (b"PROXY TCP4 203.0.113.7 192.0.2.1 12345 443\r\n", b"203.0.113.7"),
    "text, IPv6": (b"PROXY TCP6 2001:db8::7 2001:db8::1 12345 443\r\n", b"2001:db8::7"),
    "text, unknown": (b"PROXY UNKNOWN\r\n", b"127.0.0.1"),
    "text, unknown with words": (b"PROXY UNKNOWN ffff:f...f:ffff 65535\r\n", b"127.0.0.1"),
    "binary, IPv4": (tcp4("203.0.113.7"), b"203.0.113.7"),
    "binary, IPv6": (tcp6("2001:db8::7"), b"2001:db8::7"),
    "binary, IPv4 in IPv6": (tcp6("::ffff:203.0.113.7"), b"203.0.113.7"),
    "binary, with additions": (tcp4("203.0.113.7", b"\x04\x03\xe8" + b"x" * 1000), b"203.0.113.7"),
    "binary, the balancer itself": (v2(0x20, 0x00, b""), b"127.0.0.1"),
    "binary, unspecified": (v2(0x21, 0x00, b"whatever"), b"127.0.0.1"),
    "binary, a Unix socket": (v2(0x21, 0x31, b"\0" * 216), b"127.0.0.1"),
}

BROKEN = {
    "none at all": b"GET / HTTP/1.1\r\nhost: here\r\n\r\n",
    "in lower case": b"proxy TCP4 203.0.113.7 192.0.2.1 1 2\r\n",
    "a family that is none": b"PROXY TCP5 203.0.113.7 192.0.2.1 1 2\r\n",
    "an address of the other family": b"PROXY TCP4 2001:db8::7 192.0.2.1 1 2\r\n",
    "an address with leading zeros": b"PROXY TCP4 203.000.113.007 192.0.2.1 1 2\r\n",
    "a name for an address": b"PROXY TCP4 localhost 192.0.2.1 1 2\r\n",
    "too few fields": b"PROXY TCP4 203.0.113.7 192.0.2.1 1\r\n",
    "too many fields": b"PROXY TCP4 203.0.113.7 192.0.2.1 1 2 3\r\n",
    "two spaces": b"PROXY TCP4  203.0.113.7 192.0.2.1 1 2\r\n",
    "a port beyond": b"PROXY TCP4 203.0.113.7 192.0.2.1 1 65536\r\n",
    "a signed port": b"PROXY TCP4 203.0.113.7 192.0.2.1 +1 2\r\n",
    "a bare line feed": b"PROXY TCP4 203.0.113.7 192.0.2.1 1 2\nGET / HTTP/1.1\r\n\r\n",
    "endless": b"PROXY TCP4 " + b"1" * 200,
    "letters beyond ASCII": "PROXY TCP4 203.0.113.٧ 192.0.2.1 1 2\r\n".encode(),
    "binary of version 1": v2(0x11, 0x11, b"\0" * 12),
    "binary with a command that is none": v2(0x22, 0x11, b"\0" * 12),
    "binary about datagrams": v2(0x21, 0x12, b"\0" * 12),
    "binary, too short": v2(0x21, 0x11, b"\0" * 11),
    "binary, endless": V2 + b"\x21\x11\xff\xff" + b"\0" * 1000,
    "binary, half a signature": V2[:9] + b"GET / HTTP/1.1\r\n\r\n",
}


@pytest.mark.parametrize("name", STATED)
async def test_what_a_balancer_states_is_the_client(stack: Stack, name: str) -> None:
    header, peer = STATED[name]
    server = await stack.server(tell_peer, entrance=Entrance(proxy_header_from=LOOPBACK))
    together = await stack.client(server.port)
    together.send(header + request() + request())
    assert [(await together.answer()).body for _ in range(2)] == [peer, peer]
    apart = await stack.client(server.port)
    for octet in header:
        apart.send(bytes([octet]))
        await asyncio.sleep(0)
    assert await ask(apart) == peer


@pytest.mark.parametrize("name", BROKEN)
async def test_what_does_not_begin_with_a_proxy_header_gets_no_answer(
    stack: Stack, name: str
) -> None:
    server = await stack.server(tell_peer, IMPATIENT, Entrance(proxy_header_from=LOOPBACK))
    client = await stack.client(server.port)
    client.send(BROKEN[name])
    assert await client.closed()
    assert server.connections == 0


async def test_only_trusted_peers_may_state_a_client(stack: Stack) -> None:
    elsewhere = Networks.parse("10.0.0.0/8, 2001:db8::/32")
    server = await stack.server(tell_peer, entrance=Entrance(proxy_header_from=elsewhere))
    honest = await stack.client(server.port)
    assert await ask(honest) == b"127.0.0.1"
    for header in (STATED["text, IPv4"][0], STATED["binary, IPv4"][0]):
        liar = await stack.client(server.port)
        liar.send(header + request())
        assert (await liar.answer()).status == 400


async def test_a_proxy_header_comes_before_tls(stack: Stack, files: Files) -> None:
    server = await stack.server(
        tell_peer,
        IMPATIENT,
        Entrance(tls=TlsKeeper(files.tls).context, proxy_header_from=LOOPBACK),
    )
    for header, peer in STATED.values():
        raw = socket.create_connection(("127.0.0.1", server.port))
        raw.sendall(header)
        raw.setblocking(False)
        reader, writer = await asyncio.open_connection(
            sock=raw, ssl=files.client(), server_hostname="127.0.0.1"
        )
        client = Client(reader, writer)
        assert await ask(client) == peer
        await client.close()
    bare = await stack.client(server.port)
    bare.send(STATED["text, IPv4"][0] + request())
    with contextlib.suppress(ConnectionError):
        assert b"HTTP" not in await bare.rest()


async def test_a_proxy_header_that_does_not_come_is_not_waited_for_long(stack: Stack) -> None:
    server = await stack.server(tell_peer, IMPATIENT, Entrance(proxy_header_from=LOOPBACK))
    silent = await stack.client(server.port)
    half = await stack.client(server.port)
    half.send(b"PROXY TCP4 203")
    assert await silent.closed()
    assert await half.closed()


async def test_connections_that_wait_are_bounded_and_end_with_the_server(stack: Stack) -> None:
    limits = ServerLimits(max_connections=3)
    server = await stack.server(tell_peer, limits, Entrance(proxy_header_from=LOOPBACK))
    waiting = [await stack.client(server.port) for _ in range(3)]
    surplus = await stack.client(server.port)
    assert await surplus.closed()
    waiting[0].send(b"PROXY UNKNOWN\r\n")
    assert await ask(waiting[0]) == b"127.0.0.1"
    await server.drain(0.1)
    assert all([await client.closed() for client in waiting[1:]])


@given(st.binary(max_size=120), st.sampled_from([b"", b"PROXY ", b"PROXY TCP4 ", V2, V2 + b"\x21"]))
def test_no_header_is_read_as_anything_else(noise: bytes, begin: bytes) -> None:
    data = begin + noise
    try:
        length = header_length(data)
        peer = stated_client(data[:length]) if length is not None and length <= len(data) else None
    except ProxyHeaderError:
        return
    assert peer is None or ip_address(peer)


# --- forwarded clients

FORWARDED = {
    "nothing said": (b"", b"127.0.0.1"),
    "a client": (b"x-forwarded-for: 203.0.113.7\r\n", b"203.0.113.7"),
    "a client behind two of ours": (
        b"x-forwarded-for: 203.0.113.7, 10.1.2.3\r\n",
        b"203.0.113.7",
    ),
    "what the client itself wrote": (
        b"x-forwarded-for: 127.0.0.1, 198.51.100.9, 203.0.113.7, 10.1.2.3\r\n",
        b"203.0.113.7",
    ),
    "two lines": (
        b"x-forwarded-for: 9.9.9.9\r\nx-forwarded-for: 203.0.113.7\r\nX-Forwarded-For: 10.1.2.3\r\n",  # noqa: E501 - three lines
        b"203.0.113.7",
    ),
    "with a port": (b"x-forwarded-for: 203.0.113.7:4711\r\n", b"203.0.113.7"),
    "IPv6 with a port": (b"x-forwarded-for: [2001:db8::7]:4711\r\n", b"2001:db8::7"),
    "no address": (b"x-forwarded-for: 198.51.100.9, unknown, 10.1.2.3\r\n", b"10.1.2.3"),
    "only ours": (b"x-forwarded-for: 10.9.9.9\r\n", b"10.9.9.9"),
    "nonsense": (b"x-forwarded-for: \xff,,;\r\n", b"127.0.0.1"),
}


@pytest.mark.parametrize("name", FORWARDED)
async def test_trusted_proxies_name_the_client(stack: Stack, name: str) -> None:
    header, peer = FORWARDED[name]
    trusted = Entrance(forwarded_by=Networks.parse("127.0.0.1, 10.0.0.0/8"))
    client = await stack.client((await stack.server(tell_peer, entrance=trusted)).port)
    for _ in range(3):  # the later ones are known heads
        assert await ask(client, header) == peer
    # The next request on the connection is another client's.
    assert await ask(client) == b"127.0.0.1"
    assert await ask(client, b"x-forwarded-for: 192.0.2.44\r\n") == b"192.0.2.44"


async def test_trailers_say_nothing_of_the_next_client(stack: Stack) -> None:
    trusted = Entrance(forwarded_by=Networks.parse("127.0.0.1"))
    client = await stack.client((await stack.server(tell_peer, entrance=trusted)).port)
    client.send(
        b"POST / HTTP/1.1\r\nhost: here\r\ntransfer-encoding: chunked\r\n\r\n0\r\n"
        b"x-forwarded-for: 203.0.113.7\r\nx-forwarded-for: 127.0.0.1\r\n\r\n"
    )
    assert (await client.answer()).body == b"127.0.0.1"
    assert await ask(client) == b"127.0.0.1"
    assert await ask(client, b"x-forwarded-for: 192.0.2.44\r\n") == b"192.0.2.44"


async def test_nobody_else_is_believed(stack: Stack) -> None:
    header = FORWARDED["a client"][0]
    for entrance in (Entrance(), Entrance(forwarded_by=Networks.parse("10.0.0.0/8"))):
        client = await stack.client((await stack.server(tell_peer, entrance=entrance)).port)
        assert await ask(client, header) == b"127.0.0.1"


async def test_a_proxy_that_a_balancer_states_may_forward(stack: Stack) -> None:
    entrance = Entrance(proxy_header_from=LOOPBACK, forwarded_by=Networks.parse("203.0.113.0/24"))
    server = await stack.server(tell_peer, entrance=entrance)
    client = await stack.client(server.port)
    client.send(STATED["text, IPv4"][0])
    assert await ask(client, b"x-forwarded-for: 192.0.2.44\r\n") == b"192.0.2.44"


@pytest.mark.parametrize("text", ["10.0.0.0/33", "example.org", "10.0.0.1;10.0.0.2", "::g"])
def test_a_network_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="does not appear to be"):
        Networks.parse(f"127.0.0.1, {text}")


# --- Unix sockets


async def unix_client(path: Path) -> Client:
    return Client(*await asyncio.open_unix_connection(str(path)))


async def test_a_unix_socket_serves_as_well_and_goes_with_the_server(
    stack: Stack, tmp_path: Path
) -> None:
    path = tmp_path / "gateway.sock"
    trusted = Networks.parse("unix")
    server = await stack.server(
        tell_peer, entrance=Entrance(unix_path=path, unix_mode=0o660, forwarded_by=trusted)
    )
    assert stat.S_IMODE(path.stat().st_mode) == 0o660
    client = await unix_client(path)
    assert await ask(client) == b"unix"
    assert await ask(client, FORWARDED["a client"][0]) == b"203.0.113.7"
    assert await ask(await stack.client(server.port)) == b"127.0.0.1"
    await client.close()
    await server.drain(1)
    assert not path.exists()


async def test_a_unix_socket_takes_proxy_headers_and_no_tls(
    stack: Stack, files: Files, tmp_path: Path
) -> None:
    path = tmp_path / "gateway.sock"
    entrance = Entrance(
        unix_path=path,
        tls=TlsKeeper(files.tls).context,
        proxy_header_from=Networks.parse("unix"),
    )
    server = await stack.server(tell_peer, entrance=entrance)
    client = await unix_client(path)
    client.send(STATED["binary, IPv4"][0])
    assert await ask(client) == b"203.0.113.7"
    await client.close()
    assert await ask(await stack.client(server.port, ssl=files.client())) == b"127.0.0.1"


async def test_a_dead_socket_gives_way_and_a_living_one_does_not(
    stack: Stack, tmp_path: Path
) -> None:
    path = tmp_path / "gateway.sock"
    dead = socket.socket(socket.AF_UNIX)
    dead.bind(str(path))
    dead.close()
    await stack.server(tell_peer, entrance=Entrance(unix_path=path))
    second = HttpServer()
    with pytest.raises(OSError, match="in use"):
        await second.start(tell_peer, "127.0.0.1", 0, entrance=Entrance(unix_path=path))
    await second.drain(0)
    client = await unix_client(path)
    assert await ask(client) == b"unix"
    await client.close()
    path.unlink()
    path.write_text("somebody's file", encoding="utf-8")
    with pytest.raises(OSError, match="in use"):
        await HttpServer().start(echo, "127.0.0.1", 0, entrance=Entrance(unix_path=path))
    assert path.read_text(encoding="utf-8") == "somebody's file"


# --- the end


async def test_nobody_who_was_accepted_is_lost_when_one_of_several_servers_ends(
    stack: Stack,
) -> None:
    shared = Entrance(reuse_port=True)
    first = await stack.server(tell_peer, entrance=shared)
    second = HttpServer()
    await second.start(tell_peer, "127.0.0.1", first.port, entrance=shared)
    waiting: list[socket.socket] = []
    for _ in range(200):  # the kernel queues them before either server looks
        client = socket.socket()
        client.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            client.connect(("127.0.0.1", first.port))
        waiting.append(client)
    ending = asyncio.get_running_loop().create_task(second.drain(5))
    for client in waiting:
        reader, writer = await asyncio.open_connection(sock=client)
        assert await ask(Client(reader, writer)) == b"127.0.0.1"
        writer.close()
    await ending


async def test_an_end_that_was_announced_sends_clients_elsewhere(stack: Stack) -> None:
    server = await stack.server(echo)
    client = await stack.client(server.port)
    await ask(client)
    server.announce_end()
    client.send(request())
    assert (await client.answer()).headers["connection"] == "close"
    late = await stack.client(server.port)
    late.send(request())
    assert (await late.answer()).headers["connection"] == "close"


async def test_who_came_after_the_announcement_is_served_while_the_server_ends(
    stack: Stack,
) -> None:
    server = await stack.server(echo)
    idle = await stack.client(server.port)
    server.announce_end()
    late = await stack.client(server.port)
    silent = await stack.client(server.port)
    await until(lambda: server.connections == 3)
    ending = asyncio.get_running_loop().create_task(server.drain(5))
    assert await idle.closed()
    late.send(request())
    assert (await late.answer()).headers["connection"] == "close"
    assert not ending.done()
    assert await silent.closed()  # within ServerLimits.linger_s
    await ending


async def test_running_out_of_descriptors_pauses_accepting_and_breaks_nothing(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = Entrance(reuse_port=True)
    server = await stack.server(tell_peer, entrance=shared)
    refused = 0
    accept = socket.socket.accept

    def exhausted(self: socket.socket) -> tuple[socket.socket, object]:
        nonlocal refused
        if refused < 2:
            refused += 1
            raise OSError(24, os.strerror(24))
        return accept(self)

    monkeypatch.setattr(socket.socket, "accept", exhausted)
    assert await ask(await stack.client(server.port)) == b"127.0.0.1"
    assert refused == 2
