import msgspec
import pytest

from mainspring.gateway.http.deadlines import Sweeper
from mainspring.gateway.http.pool import Call, Pool
from mainspring.gateway.http.sink import ResponseSink
from mainspring.gateway.upstreams import UpstreamRegistry, UpstreamRuntime
from mainspring.infra.secrets import Sealer
from mainspring.kernel.tasks import TaskOwner
from mainspring.snapshot.resources import Sealed, Timeouts, Upstream

SEALER = Sealer(bytes(32))


def registry(*resources: Upstream) -> tuple[UpstreamRegistry, dict[str, Upstream], TaskOwner]:
    held = {each.id: each for each in resources}
    tasks = TaskOwner(lambda name, error: pytest.fail(f"{name}: {error}"))
    return UpstreamRegistry(held, SEALER, tasks, Sweeper()), held, tasks


def upstream(base_url: str = "http://127.0.0.1:1", **changes: object) -> Upstream:
    fields: dict[str, object] = {"id": "u", "name": "n", "base_url": base_url, **changes}
    return msgspec.convert(fields, Upstream)


def opened(found: UpstreamRuntime | None) -> UpstreamRuntime:
    assert found is not None
    return found


async def test_a_pool_outlives_changes_that_do_not_touch_it() -> None:
    upstreams, held, tasks = registry(upstream())
    before = opened(upstreams.get("u"))
    held["u"] = upstream(name="renamed", credential=SEALER.seal(b"sk", "upstream/u"))
    upstreams.sync({"u"})
    after = opened(upstreams.get("u"))
    assert after is not before
    assert after.pool is before.pool
    held["u"] = upstream(timeouts=Timeouts(total_s=1.0))
    upstreams.sync({"u"})
    assert opened(upstreams.get("u")).pool is not before.pool
    await tasks.close()
    await upstreams.close()


async def test_an_upstream_that_is_gone_is_closed_and_not_found() -> None:
    upstreams, held, tasks = registry(upstream())
    opened(upstreams.get("u"))
    del held["u"]
    upstreams.sync({"u"})
    assert upstreams.get("u") is None
    assert list(upstreams) == []
    await tasks.close()


@pytest.mark.parametrize(
    "broken",
    [
        upstream("ftp://127.0.0.1"),
        upstream("http://"),
        upstream("http://bücher.example"),
        upstream(credential=Sealed("nokey", b"n" * 12, b"c" * 32)),
        upstream(credential=SEALER.seal(b"sk", "upstream/another")),
        upstream(credential=SEALER.seal(b"sk\r\nx: y", "upstream/u")),
    ],
    ids=["scheme", "host", "ascii", "key", "context", "line break"],
)
async def test_a_broken_upstream_is_left_out_until_it_is_mended(broken: Upstream) -> None:
    upstreams, held, tasks = registry(broken)
    assert upstreams.get("u") is None
    assert upstreams.get("u") is None
    held["u"] = upstream()
    upstreams.sync({"u"})
    opened(upstreams.get("u"))
    await tasks.close()
    await upstreams.close()


class RecordingPool(Pool):
    """Keeps what it was given to send."""

    def __init__(self) -> None:
        self.sent = b""

    def send(self, head: bytes, body: bytes, sink: ResponseSink, timeouts: object = None) -> Call:
        del sink, timeouts
        self.sent = head + body
        return None  # type: ignore[return-value] - nobody uses it here


@pytest.mark.parametrize(
    ("base_url", "line", "host"),
    [
        ("http://10.0.0.1:8000", b"POST /v1/x HTTP/1.1", b"10.0.0.1:8000"),
        ("http://10.0.0.1", b"POST /v1/x HTTP/1.1", b"10.0.0.1"),
        ("https://api.example:443/openai", b"POST /openai/v1/x HTTP/1.1", b"api.example"),
        ("http://[::1]:81", b"POST /v1/x HTTP/1.1", b"[::1]:81"),
    ],
)
def test_the_head_of_a_request_is_complete(base_url: str, line: bytes, host: bytes) -> None:
    pool = RecordingPool()
    runtime = UpstreamRuntime(upstream(base_url), b"sk-1", pool)
    sink: ResponseSink = None  # type: ignore[assignment] - nothing answers here
    runtime.post(b"/v1/x", b"{}", sink, request_id=b"req_1", traceparent=b"00-a-b-01")
    head, _, body = pool.sent.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    assert (first, body) == (line, b"{}")
    headers = dict(each.split(b": ", 1) for each in lines)
    assert headers[b"host"] == host
    assert headers[b"authorization"] == b"Bearer sk-1"
    assert headers[b"content-length"] == b"2"
    assert (headers[b"x-request-id"], headers[b"traceparent"]) == (b"req_1", b"00-a-b-01")
    assert len(headers) == len(lines)
