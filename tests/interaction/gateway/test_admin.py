"""Health and metrics, as operators and Prometheus see them."""

import re
import socket

import httpx
import msgspec
from openai.types.chat import ChatCompletionMessageParam

from mainspring.gateway.admin.metrics import MAX_MODELS, OTHER, GatewayMetrics
from mainspring.testing.upstream import Reply, ScriptedUpstream
from mainspring.wire import telemetry
from mainspring.wire.telemetry import Metric, MetricType
from tests.fixtures.gateway import Stand

HELLO: list[ChatCompletionMessageParam] = [{"role": "user", "content": "three words here"}]
SAMPLE = re.compile(r"^([a-z_]+)(?:\{(.*)\})? (\S+)$")


async def scrape(stand: Stand) -> dict[str, float]:
    answer = await stand.http().get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


async def test_health_is_told_to_get_and_head(stand: Stand) -> None:
    http = stand.http()
    assert (await http.get("/healthz")).status_code == 200
    head = await http.head("/readyz")
    assert (head.status_code, head.content) == (200, b"")
    assert (await http.get("/readyz")).json() == {
        "ready": True,
        "snapshot_version": stand.builder.version,
        "control_connected": False,
        "spool_full": False,
        "draining": False,
    }


async def test_calls_are_counted(stand: Stand, upstream: ScriptedUpstream) -> None:
    upstream.then(Reply(), Reply.failure(500))
    client = stand.openai()
    await client.chat.completions.create(model="scripted", messages=HELLO)
    http = stand.http()
    for model in ("scripted", "typo", "typo"):
        await http.post("/v1/chat/completions", json={"model": model, "messages": HELLO})
    seen = await scrape(stand)
    labels = 'operation="chat",model="scripted"'
    assert seen[f'mainspring_gateway_requests_total{{{labels},status="2xx"}}'] == 1
    assert seen[f'mainspring_gateway_requests_total{{{labels},status="5xx"}}'] == 1
    assert seen[f"gen_ai_server_request_duration_seconds_count{{{labels}}}"] == 2
    assert seen[f'gen_ai_server_request_duration_seconds_bucket{{{labels},le="+Inf"}}'] == 2
    assert seen['gen_ai_client_token_usage_total{model="scripted",direction="output"}'] == 8
    assert seen['mainspring_gateway_refusals_total{code="model_not_found"}'] == 2
    assert seen["mainspring_gateway_requests_in_flight"] == 0
    assert seen["mainspring_gateway_snapshot_version"] == stand.builder.version
    assert seen["mainspring_gateway_spool_bytes"] > 0
    assert seen['mainspring_gateway_upstream_connections{upstream="scripted"}'] == 1


async def test_what_is_exposed_is_registered_and_what_is_registered_is_exposed(
    stand: Stand,
) -> None:
    builder = stand.builder
    gone = builder.add_upstream("http://127.0.0.1:9"), builder.add_upstream("http://127.0.0.1:9")
    pair = builder.add_model("pair", *gone)
    builder.put(msgspec.structs.replace(pair, fallbacks=("scripted",)))
    stand.update()
    await stand.openai().chat.completions.create(model="pair", messages=HELLO)
    await stand.http().post("/v1/chat/completions", json={"model": "typo"})
    text = (await stand.http().get("/metrics")).text
    registered = {
        metric.name: metric
        for name, metric in vars(telemetry).items()
        if name.startswith(("GATEWAY_", "PROCESS_", "BUILD_")) and isinstance(metric, Metric)
    }
    types = dict(re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE))
    assert types == {name: str(metric.type) for name, metric in registered.items()}
    exposed: set[str] = set()
    for line in text.splitlines():
        match = SAMPLE.match(line)
        if match is None:
            assert line.startswith("# ")
            continue
        name = match[1]
        if name not in registered:
            name = re.sub(r"_(bucket|sum|count)$", "", name)
            assert registered[name].type is MetricType.HISTOGRAM
        labels = set(re.findall(r'(\w+)="', match[2] or "")) - {"le"}
        assert labels == set(registered[name].labels)
        exposed.add(name)
    assert exposed == set(registered)


async def test_other_machines_do_not_see_metrics_unless_allowed(stand: Stand) -> None:
    assert (await stand.http().get("/metrics")).status_code == 200
    await stand.gateway.stop(0.1)
    stand.configure(host="0.0.0.0")  # noqa: S104 - the point of the test
    await stand.start()
    address = _own_address()
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"http://{address}:{stand.gateway.port}/metrics")
        assert answer.status_code == 404
        await stand.gateway.stop(0.1)
        stand.configure(metrics_to_all=True)
        await stand.start()
        answer = await client.get(f"http://{address}:{stand.gateway.port}/metrics")
    assert answer.status_code == 200


def _own_address() -> str:
    """Return an address of this machine that is not a loopback one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # sends nothing: it only asks which route would be taken
        return probe.getsockname()[0]


def test_models_beyond_the_bound_are_counted_as_other() -> None:
    metrics = GatewayMetrics()
    for number in range(MAX_MODELS + 50):
        metrics.of("chat", f"model-{number}").duration.observe(0.1)
    labels = {model for _, model in metrics.series}
    assert len(labels) == MAX_MODELS + 1
    assert sum(metrics.of("chat", OTHER).duration.counts) == 50
