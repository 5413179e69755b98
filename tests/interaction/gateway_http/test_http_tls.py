"""The same over TLS, on both sides."""

import asyncio
import datetime as dt
import socket
import ssl
import threading
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from mainspring.gateway.http.limits import ServerLimits, Timeouts
from mainspring.gateway.http.pool import Origin, Pool
from mainspring.gateway.http.server import Entrance
from mainspring.gateway.http.sink import FailureKind
from tests.interaction.gateway_http.wire import Heard, Stack, echo, ok, request, until


@dataclass
class Trust:
    """Contexts of a server, and of clients that do and do not trust it."""

    server: ssl.SSLContext
    client: ssl.SSLContext
    stranger: ssl.SSLContext


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Trust:
    """Make a certificate for 127.0.0.1 that lives as long as the module."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    begin = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + dt.timedelta(days=36_500))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder: Path = tmp_path_factory.mktemp("tls")
    chain = folder / "chain.pem"
    chain.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(chain)
    client = ssl.create_default_context(cafile=str(chain))
    return Trust(server, client, ssl.create_default_context())


async def test_calls_and_answers_cross_tls(stack: Stack, trust: Trust) -> None:
    server = await stack.server(echo, entrance=Entrance(tls=lambda: trust.server))
    pool = Pool(Origin("https", "127.0.0.1", server.port), ssl=trust.client)
    body = bytes(range(256)) * 2000
    for _ in range(3):
        heard = Heard()
        head = b"POST /x HTTP/1.1\r\nhost: u\r\ncontent-length: %d\r\n\r\n" % len(body)
        pool.send(head, body, heard)
        await heard.outcome()
        assert (heard.status, heard.body) == (200, b"POST /x? " + body)
    assert pool.open == 1
    await pool.close()
    await until(lambda: server.connections == 0)


async def test_an_upstream_that_says_no_good_bye_holds_up_no_end(trust: Trust) -> None:
    over = threading.Event()

    def answer_and_fall_silent() -> None:
        line, _ = listener.accept()
        with trust.server.wrap_socket(line, server_side=True) as secure:
            secure.recv(65_536)
            secure.sendall(ok(b"hello"))
            over.wait(60)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        pool = Pool(Origin("https", "127.0.0.1", listener.getsockname()[1]), ssl=trust.client)
        upstream = asyncio.get_running_loop().run_in_executor(None, answer_and_fall_silent)
        try:
            heard = Heard()
            pool.send(request(), b"", heard)
            await heard.outcome()
            assert pool.idle == 1
            async with asyncio.timeout(5):
                await pool.close()
            assert pool.open == 0
        finally:
            over.set()
            await upstream


async def test_a_certificate_that_is_not_trusted_is_refused(stack: Stack, trust: Trust) -> None:
    stack.complaints_allowed = True  # the loop reports failed handshakes of its server side
    server = await stack.server(echo, entrance=Entrance(tls=lambda: trust.server))
    pool = Pool(Origin("https", "127.0.0.1", server.port), ssl=trust.stranger, max_connections=1)
    for _ in range(2):
        heard = Heard()
        pool.send(request(), b"", heard)
        await heard.outcome()
        assert heard.failure is not None
        assert heard.failure.kind == FailureKind.REFUSED
        assert "certificate" in heard.failure.detail.lower()
    assert pool.open == 0
    await pool.close()


async def test_an_upstream_that_never_shakes_hands_is_given_up(stack: Stack, trust: Trust) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(-1)
        writer.close()

    listener = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    pool = Pool(
        Origin("https", "127.0.0.1", port), ssl=trust.client, timeouts=Timeouts(connect_s=0.2)
    )
    heard = Heard()
    pool.send(request(), b"", heard)
    await heard.outcome()
    assert heard.failure is not None
    assert heard.failure.kind == FailureKind.CONNECT_TIMEOUT
    heard = Heard()
    call = pool.send(request(), b"", heard)
    await asyncio.sleep(0.02)
    call.cancel()
    assert pool.open == 0
    await pool.close()
    listener.close()


async def test_refusals_cross_tls(stack: Stack, trust: Trust) -> None:
    server = await stack.server(
        echo, ServerLimits(linger_s=0.2), entrance=Entrance(tls=lambda: trust.server)
    )
    client = await stack.client(server.port, ssl=trust.client)
    client.send(b"nonsense\r\n\r\n")
    answer = await client.answer()
    assert (answer.status, answer.headers["connection"]) == (400, "close")
    assert await client.closed()


async def test_a_client_that_speaks_plain_text_harms_nobody(stack: Stack, trust: Trust) -> None:
    stack.complaints_allowed = True  # the loop reports failed handshakes of its server side
    server = await stack.server(echo, entrance=Entrance(tls=lambda: trust.server))
    plain = await stack.client(server.port)
    plain.send(request())
    await plain.rest()
    assert server.connections == 0
    client = await stack.client(server.port, ssl=trust.client)
    client.send(request())
    assert (await client.answer()).status == 200
