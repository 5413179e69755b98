"""What is told of organisations, and how many of them."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime

import msgspec

from mainspring.app.control.tenant_metrics import MAX_TENANTS, TenantMetrics
from mainspring.capabilities.metering.api import UsageEntry
from mainspring.kernel.clock import ManualClock
from mainspring.kernel.errors import DatabaseUnavailableError
from mainspring.wire.exposition import MetricsPage

NOW = datetime(2026, 11, 22, tzinfo=UTC)
ENTRY = UsageEntry(
    day=NOW.date(), id="use_1", request_id="req_1", at=NOW, org_id="org_a", project_id="prj_a",
    key_id=None, actor_id="key_a", operation="chat", model="m", upstream_id=None,
    upstream_model=None, stream=False, status=200, outcome="ok", input_tokens=10,
    cached_input_tokens=5, output_tokens=3, reasoning_tokens=2, estimated=False, usage_frame=None,
    ttft_ms=None, duration_ms=1500.0, attempts=1, trace_id=None, snapshot_version=1,
    gateway_id="g", received_at=NOW, cost_nanos=1_500_000_000, currency="USD",
)  # fmt: skip


class Names:
    """Organisations as the database knows them; it may be away."""

    def __init__(self) -> None:
        self.known = {"org_a": "Acme"}
        self.away = False

    async def __call__(self, org_ids: Collection[str]) -> Mapping[str, str]:
        if self.away:
            raise DatabaseUnavailableError
        return {org_id: name for org_id, name in self.known.items() if org_id in org_ids}


async def _told(metrics: TenantMetrics) -> dict[str, float]:
    page = MetricsPage()
    await metrics.add_to(page)
    lines = page.encode().decode().splitlines()
    samples = [line.rpartition(" ") for line in lines if not line.startswith("#")]
    return {name: float(value) for name, _, value in samples if "_bucket" not in name}


async def test_calls_tokens_and_costs_are_counted_exactly() -> None:
    metrics = TenantMetrics(Names(), ManualClock())
    failed = msgspec.structs.replace(ENTRY, id="use_2", outcome="upstream_error", cost_nanos=None)
    unpriced = msgspec.structs.replace(ENTRY, id="use_3", cost_nanos=None, currency=None)
    await metrics.added([ENTRY, failed, unpriced])
    org = 'organization="org_a"'
    assert await _told(metrics) == {
        f'mainspring_tenant_requests_total{{{org},result="ok"}}': 2,
        f'mainspring_tenant_requests_total{{{org},result="error"}}': 1,
        f'mainspring_tenant_requests_total{{{org},result="client_closed"}}': 0,
        f'mainspring_tenant_tokens_total{{{org},direction="input"}}': 45,
        f'mainspring_tenant_tokens_total{{{org},direction="output"}}': 15,
        f'mainspring_tenant_cost_total{{{org},currency="USD"}}': 1.5,
        f"mainspring_tenant_unpriced_requests_total{{{org}}}": 1,
        f"mainspring_tenant_request_duration_seconds_sum{{{org}}}": 4.5,
        f"mainspring_tenant_request_duration_seconds_count{{{org}}}": 3,
        f'mainspring_tenant_info{{{org},name="Acme"}}': 1,
    }


async def test_organisations_beyond_the_bound_are_counted_as_other() -> None:
    metrics = TenantMetrics(Names(), ManualClock())
    for number in range(MAX_TENANTS + 20):
        await metrics.added([msgspec.structs.replace(ENTRY, org_id=f"org_{number}")])
    told = await _told(metrics)
    counted = [name for name in told if name.startswith("mainspring_tenant_info")]
    assert len(counted) == MAX_TENANTS + 1
    assert told['mainspring_tenant_requests_total{organization="other",result="ok"}'] == 20


async def test_names_follow_a_renaming_and_outlive_the_database() -> None:
    names, clock = Names(), ManualClock()
    metrics = TenantMetrics(names, clock)
    await metrics.added([ENTRY])
    await _told(metrics)
    names.known["org_a"] = "Acme Corp"
    clock.advance(61)
    assert 'mainspring_tenant_info{organization="org_a",name="Acme Corp"}' in await _told(metrics)
    names.away = True
    clock.advance(61)
    assert 'mainspring_tenant_info{organization="org_a",name="Acme Corp"}' in await _told(metrics)
