"""The gateway's ways in, as its settings say: the official client over TLS, local sockets."""

import asyncio
import os
import signal
import ssl
import sys
from pathlib import Path

import httpx
import openai
import pytest
from openai import AsyncOpenAI

from mainspring.gateway.entrances import EntranceError
from mainspring.gateway.http.tls import TlsError
from mainspring.gateway.main import Gateway
from mainspring.testing.snapshots import SnapshotBuilder
from mainspring.testing.upstream import Reply, ScriptedUpstream
from tests.fixtures.certificates import Authority
from tests.fixtures.gateway import Stand, until

MESSAGES = [{"role": "user", "content": "three words here"}]
BODY = {"model": "scripted", "messages": MESSAGES}


@pytest.fixture
def quiet(tmp_path: Path, upstream: ScriptedUpstream) -> Stand:
    """Return a gateway that was not started yet."""
    made = Stand(tmp_path, SnapshotBuilder())
    made.key = made.builder.add_key()
    made.builder.add_model("scripted", made.builder.add_upstream(upstream.url))
    return made


def trusting(authority: Authority, shown: tuple[Path, Path] | None = None) -> ssl.SSLContext:
    context = ssl.create_default_context(cadata=authority.pem.decode())
    if shown is not None:
        context.load_cert_chain(*shown)
    return context


async def test_the_official_client_streams_over_mutual_tls(
    quiet: Stand, upstream: ScriptedUpstream
) -> None:
    authority = Authority()
    chain, key = authority.issue().write(quiet.directory, "server")
    (quiet.directory / "ca.pem").write_bytes(authority.pem)
    quiet.configure(
        tls_cert_file=chain, tls_key_file=key, tls_client_ca_file=quiet.directory / "ca.pem"
    )
    await quiet.start()
    upstream.then(Reply(tokens=6))
    shown = authority.issue("caller").write(quiet.directory, "client")
    base = f"https://127.0.0.1:{quiet.gateway.port}/v1"
    async with (
        openai.DefaultAsyncHttpxClient(verify=trusting(authority, shown)) as http,
        AsyncOpenAI(base_url=base, api_key=quiet.key, http_client=http, max_retries=0) as client,
    ):
        stream = await client.chat.completions.create(
            model="scripted",
            messages=[{"role": "user", "content": "hi"}],
            stream=True,
            stream_options={"include_usage": True},
        )
        chunks = [chunk async for chunk in stream]
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.completion_tokens == 6
    [record] = await quiet.recorded()
    assert record.usage.output == 6
    async with (
        openai.DefaultAsyncHttpxClient(verify=trusting(authority)) as http,
        AsyncOpenAI(base_url=base, api_key=quiet.key, http_client=http, max_retries=0) as client,
    ):
        with pytest.raises(openai.APIConnectionError):
            await client.models.list()
    await quiet.close()


async def test_health_and_metrics_have_a_listener_of_their_own(quiet: Stand) -> None:
    authority = Authority()
    chain, key = authority.issue().write(quiet.directory, "server")
    quiet.configure(
        tls_cert_file=chain,
        tls_key_file=key,
        tls_client_ca_file=chain,
        proxy_protocol_from="127.0.0.0/8",
        admin_port=0,
    )
    await quiet.start()
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{quiet.gateway.admin_port}",
        headers={"authorization": f"Bearer {quiet.key}"},
    ) as admin:
        assert (await admin.get("/healthz")).status_code == 200
        assert (await admin.get("/readyz")).json()["ready"] is True
        assert "mainspring_gateway" in (await admin.get("/metrics")).text
        assert (await admin.get("/v1/models")).status_code == 404
        assert (await admin.post("/v1/chat/completions", json=BODY)).status_code == 404
    await quiet.close()


async def test_metrics_are_not_shown_through_a_proxy_on_the_same_machine(stand: Stand) -> None:
    client = stand.http()
    assert (await client.get("/metrics")).status_code == 200
    for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"):
        assert (await client.get("/metrics", headers={name: "127.0.0.1"})).status_code == 404


async def test_a_forwarded_client_is_not_taken_for_this_machine(quiet: Stand) -> None:
    quiet.configure(trusted_proxies="127.0.0.1")
    await quiet.start()
    answer = await quiet.http().get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"})
    assert answer.status_code == 404
    await quiet.close()


async def test_calls_come_in_by_a_unix_socket(quiet: Stand) -> None:
    path = quiet.directory / "g.sock"
    quiet.configure(unix_socket=path)
    await quiet.start()
    async with httpx.AsyncClient(
        transport=httpx.AsyncHTTPTransport(uds=str(path)),
        base_url="http://gateway",
        headers={"authorization": f"Bearer {quiet.key}"},
    ) as client:
        assert (await client.post("/v1/chat/completions", json=BODY)).status_code == 200
    await quiet.close()
    assert not path.exists()


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"tls_key_file": Path("/k.pem")}, "MAINSPRING_GATEWAY_TLS_CERT_FILE"),
        ({"tls_client_ca_file": Path("/ca.pem")}, "MAINSPRING_GATEWAY_TLS_CERT_FILE"),
        ({"trusted_proxies": "10.0.0.0/99"}, r"10\.0\.0\.0/99"),
        ({"proxy_protocol_from": "balancer"}, "balancer"),
        ({"unix_socket_mode": "999"}, "999"),
        ({"unix_socket_mode": "1777"}, "1777"),
    ],
)
async def test_settings_that_cannot_be_meant_do_not_start(
    quiet: Stand, settings: dict[str, object], says: str
) -> None:
    quiet.configure(**settings)
    with pytest.raises(EntranceError, match=says):
        Gateway(quiet.settings)


async def test_a_certificate_that_is_not_there_does_not_start_in_plain_text(quiet: Stand) -> None:
    quiet.configure(tls_cert_file=quiet.directory / "nowhere.pem")
    with pytest.raises(TlsError, match=r"nowhere\.pem"):
        Gateway(quiet.settings)


async def test_while_it_is_a_lame_duck_it_says_so_and_serves(quiet: Stand) -> None:
    quiet.configure(lame_duck_s=30.0)
    await quiet.start()
    client = quiet.http()
    ending = asyncio.get_running_loop().create_task(quiet.gateway.stop(1.0))
    async with asyncio.timeout(5):
        while (await client.get("/readyz")).status_code != 503:
            pass
    answer = await client.post("/v1/chat/completions", json=BODY)
    assert answer.status_code == 200
    assert answer.headers["connection"] == "close"
    ending.cancel()
    await asyncio.gather(ending, return_exceptions=True)
    quiet.configure(lame_duck_s=0.0)
    quiet.gateway.settings = quiet.settings
    await quiet.close()


async def test_sighup_renews_the_certificate_and_breaks_no_stream(
    quiet: Stand, upstream: ScriptedUpstream
) -> None:
    authority = Authority()
    chain, key = authority.issue("first").write(quiet.directory, "server")
    home = quiet.directory / "home"
    (home / "gateway").mkdir(parents=True)
    quiet.builder.write(home / "gateway" / "snapshot.bin")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "mainspring.app.cli.main", "serve", "gateway",
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "MAINSPRING_HOME": str(home),
            "MAINSPRING_CONTROL_URL": "http://127.0.0.1:9",
            "MAINSPRING_GATEWAY_PORT": "0",
            "MAINSPRING_GATEWAY_UNIX_SOCKET": str(quiet.directory / "g.sock"),
            "MAINSPRING_GATEWAY_TLS_CERT_FILE": str(chain),
            "MAINSPRING_GATEWAY_TLS_KEY_FILE": str(key),
        },
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        await until((quiet.directory / "g.sock").exists, timeout_s=30)
        port = await _port_of(process.pid)
        upstream.then(Reply(tokens=5, stall_after_chunks=2))
        async with httpx.AsyncClient(
            base_url=f"https://127.0.0.1:{port}",
            verify=trusting(authority),
            headers={"authorization": f"Bearer {quiet.key}"},
            timeout=20,
        ) as client:
            body = {**BODY, "stream": True}
            async with client.stream("POST", "/v1/chat/completions", json=body) as answer:
                text = answer.aiter_text()
                seen = await anext(text)
                assert await _subject(port, authority) == "first"
                authority.issue("second").write(quiet.directory, "server")
                process.send_signal(signal.SIGHUP)
                async with asyncio.timeout(4):  # well before the next look at the files
                    while await _subject(port, authority) != "second":
                        pass
                upstream.release()
                seen += "".join([piece async for piece in text])
            assert seen.endswith("data: [DONE]\n\n")
        process.terminate()
        async with asyncio.timeout(20):
            assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _port_of(pid: int) -> int:
    """Return the TCP port on which the process listens."""
    import psutil  # noqa: PLC0415 - here alone

    [listening] = [
        each for each in psutil.Process(pid).net_connections("tcp") if each.status == "LISTEN"
    ]
    assert isinstance(listening.laddr, tuple)
    return listening.laddr.port


async def _subject(port: int, authority: Authority) -> str:
    _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trusting(authority))
    shown = writer.get_extra_info("peercert")
    writer.close()
    return next(value for part in shown["subject"] for name, value in part if name == "commonName")
