"""A real Prometheus scrapes the running platform and evaluates everything that is shipped for it.

What is asked: every query of every dashboard and every alert has figures, every registered metric
arrives, and nothing arrives that is not registered.
"""

import time
from collections.abc import Generator

import httpx
import openai
import pytest

from mainspring.wire.telemetry import METRICS
from tests.fixtures.platform import CHAT_MODEL, EMBEDDING_MODEL, Platform, eventually
from tests.fixtures.prometheus import Prometheus, running_prometheus
from tools.watching.panels import DASHBOARDS
from tools.watching.rules import ALERTS, RECORDINGS

pytestmark = [pytest.mark.xdist_group("platform"), pytest.mark.timeout(400)]

NEEDS_A_GPU = {"MainspringGpuHot"}
"""What has no figures on a machine without a GPU."""


@pytest.fixture(scope="module")
def prometheus(
    platform: Platform, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Prometheus]:
    """A server that has scraped every part of a platform with some traffic."""
    url = platform.state().metrics_url
    assert url is not None
    directory = tmp_path_factory.mktemp("prometheus")
    targets = url.replace("/metrics", "/targets")
    with running_prometheus(directory, targets_url=targets) as server:
        components = {"gateway", "control", "worker", "supervisor", "llm", "embed"}
        eventually(
            lambda: server.targets() == dict.fromkeys(components, "up"),
            within_s=60,
            what=f"all targets are up, not {server.targets()}",
        )
        _traffic(platform)
        yield server


def _traffic(platform: Platform) -> None:
    """Make an answer, a stream, an embedding, and a refusal."""
    with platform.openai() as client:
        client.chat.completions.create(
            model=CHAT_MODEL,
            messages=[{"role": "user", "content": "Say hello"}],
            max_tokens=4,
        )
        with client.chat.completions.create(
            model=CHAT_MODEL,
            messages=[{"role": "user", "content": "Say hello"}],
            max_tokens=4,
            stream=True,
        ) as chunks:
            assert list(chunks)
        client.embeddings.create(model=EMBEDDING_MODEL, input="hello")
        with pytest.raises(openai.NotFoundError):
            client.embeddings.create(model="no-such-model", input="hello")


def _ready_to_ask(expr: str) -> str:
    """Put in what Grafana would."""
    for name in ("model", "organization", "instance"):
        expr = expr.replace(f"${name}", ".*")
    return expr.replace("$__rate_interval", "1m")


def test_every_query_of_every_dashboard_and_alert_has_figures(
    platform: Platform, prometheus: Prometheus
) -> None:
    empty = {
        f"{dashboard.uid}: {panel.title['en']}: {query.legend}": _ready_to_ask(query.expr)
        for dashboard in DASHBOARDS
        for panel in dashboard.panels
        for query in panel.queries
    }
    empty |= {rule.name: rule.name for rule in RECORDINGS}
    empty |= {alert.name: alert.expr for alert in ALERTS if alert.name not in NEEDS_A_GPU}
    deadline = time.monotonic() + 60
    while empty and time.monotonic() < deadline:
        _traffic(platform)
        empty = {name: expr for name, expr in empty.items() if not prometheus.query(expr)}
    assert empty == {}


def test_what_needs_a_gpu_says_that_there_is_none_or_has_figures(prometheus: Prometheus) -> None:
    [gpus] = prometheus.query("mainspring_gpus")
    for alert in ALERTS:
        if alert.name in NEEDS_A_GPU:
            assert bool(prometheus.query(alert.expr)) == bool(gpus)


def test_rules_are_evaluated_without_an_error(prometheus: Prometheus) -> None:
    def rules() -> list[dict[str, str]]:
        groups = prometheus.get("/rules")["groups"]
        return [rule for group in groups for rule in group["rules"]]

    eventually(
        lambda: {rule["health"] for rule in rules()} == {"ok"},
        within_s=30,
        what="every rule is well",
    )
    assert {rule["name"] for rule in rules()} == {each.name for each in (*RECORDINGS, *ALERTS)}


def test_a_healthy_platform_fires_nothing_that_wakes_somebody(prometheus: Prometheus) -> None:
    firing = 'ALERTS{alertstate="firing", severity="critical"}'
    assert prometheus.get("/query", query=firing)["result"] == []


def test_every_registered_metric_arrives_and_no_other(prometheus: Prometheus) -> None:
    registered = {metric.name: str(metric.type) for metric in METRICS}
    own = ("mainspring_", "gen_ai_", "process_")

    def arrived() -> dict[str, str]:
        # Also of families that have no series yet, such as retries.
        told = prometheus.get("/metadata")
        return {name: each[0]["type"] for name, each in told.items() if name.startswith(own)}

    eventually(lambda: arrived() == registered, within_s=20, what="the registry is what arrives")


def test_labels_are_those_that_are_registered(prometheus: Prometheus) -> None:
    added = {"__name__", "job", "instance", "component", "le", "process"}
    for metric in METRICS:
        name = f"{metric.name}_count" if metric.type == "histogram" else metric.name
        for series in prometheus.get("/series", **{"match[]": name}):
            assert series.keys() - added == set(metric.labels), metric.name


def test_the_supervisor_tells_only_what_is_reachable(platform: Platform) -> None:
    url = platform.state().metrics_url
    assert url is not None
    targets = httpx.get(url.replace("/metrics", "/targets"), timeout=5).json()
    for target in targets:
        page = httpx.get(f"http://{target['targets'][0]}/metrics", timeout=10)
        assert page.status_code == 200
        assert page.text.endswith("\n")
