"""Upstreams and models by the API."""

from typing import Any

import httpx
from sqlalchemy import text

from mainspring.app.control.wiring import Control
from mainspring.capabilities.identity.api import Role
from mainspring.infra.feed import read_frame
from mainspring.infra.secrets import Sealer
from mainspring.kernel.clock import ManualClock
from mainspring.kernel.scope import Scope
from mainspring.snapshot.resources import Limits, ModelTarget, Price
from mainspring.snapshot.route_policy import Breaker, Release, Retry, Routing
from mainspring.snapshot.table import SnapshotTable
from mainspring.wire.dialects import UPSTREAM_DIALECTS
from tests.fixtures.control import Api

UNROUTED: dict[str, object] = {
    "region": None,
    "tags": [],
    "track": "stable",
    "cost": None,
    "tasks": [],
    "subjects": [],
}
"""What answers tell of a target that says nothing of these."""
SECRET = "sk-very-secret-credential"


async def gateway_view(control: Control) -> SnapshotTable:
    table = SnapshotTable()
    frame = await read_frame(control.database)
    assert frame is not None
    table.apply(frame)
    return table


async def new_upstream(admin: httpx.AsyncClient, **body: object) -> dict[str, Any]:
    answer = await admin.post(
        "/api/v1/upstreams",
        json={"name": "gpu-pool", "base_url": "https://models.example.com/", **body},
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_credential_goes_in_and_never_comes_out(
    control: Control, admin: httpx.AsyncClient
) -> None:
    made = await new_upstream(admin, credential=SECRET)
    assert made["has_credential"] is True
    path = f"/api/v1/upstreams/{made['id']}"
    read = await admin.get(path)
    renamed = await admin.patch(path, json={"name": "pool"})
    listed = await admin.get("/api/v1/upstreams")
    refused = await admin.patch(path, json={"credential": SECRET, "protocol": "smtp"})
    assert refused.status_code == 422
    for answer in (read, renamed, listed, refused):
        assert SECRET not in answer.text
    assert renamed.json()["has_credential"] is True

    upstream = (await gateway_view(control)).upstreams[made["id"]]
    assert upstream.credential is not None
    sealer = Sealer.from_file(control.settings.master_key_file)
    clear = sealer.unseal(upstream.credential, upstream.credential_context)
    assert clear.decode() == SECRET
    async with control.database.session(Scope.platform("test")) as session:
        for table in ("upstreams", "snapshot_resources"):
            rows = await session.execute(text(f"SELECT t::text FROM {table} t"))  # noqa: S608 - our own names
            dump = " ".join(rows.scalars())
            assert SECRET not in dump
            assert SECRET.encode().hex() not in dump

    cleared = await admin.patch(path, json={"credential": None})
    assert cleared.json()["has_credential"] is False
    assert (await gateway_view(control)).upstreams[made["id"]].credential is None


async def test_a_credential_does_not_follow_the_address_to_another_server(
    control: Control, admin: httpx.AsyncClient
) -> None:
    made = await new_upstream(admin, credential=SECRET)
    path = f"/api/v1/upstreams/{made['id']}"
    before = (await gateway_view(control)).upstreams[made["id"]]
    for url in (
        "https://elsewhere.example.com",
        "http://models.example.com",
        "https://models.example.com:8443",
        "https://models.example.com.",
    ):
        refused = await admin.patch(path, json={"base_url": url, "name": "moved"})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "credential")
    assert (await gateway_view(control)).upstreams[made["id"]] == before
    for url in (
        "https://models.example.com/openai",
        "https://models.example.com:443/other",
        "https://MODELS.example.com",
    ):
        same = await admin.patch(path, json={"base_url": url})
        assert (same.status_code, same.json()["has_credential"]) == (200, True), url

    elsewhere = {"base_url": "https://elsewhere.example.com"}
    again = await admin.patch(path, json={**elsewhere, "credential": "sk-another"})
    assert again.json()["has_credential"] is True
    upstream = (await gateway_view(control)).upstreams[made["id"]]
    assert upstream.credential is not None
    sealer = Sealer.from_file(control.settings.master_key_file)
    clear = sealer.unseal(upstream.credential, upstream.credential_context)
    assert (upstream.base_url, clear) == ("https://elsewhere.example.com", b"sk-another")
    without = {"base_url": "https://third.example.com", "credential": None}
    assert (await admin.patch(path, json=without)).json()["has_credential"] is False
    free = await admin.patch(path, json=elsewhere)
    assert (free.status_code, free.json()["base_url"]) == (200, "https://elsewhere.example.com")


async def test_an_embedded_servers_new_address_gets_no_credential(
    control: Control, admin: httpx.AsyncClient, clock: ManualClock
) -> None:
    [embedded, *_] = (await admin.get("/api/v1/upstreams")).json()["items"]
    path = f"/api/v1/upstreams/{embedded['id']}"
    moved = {"base_url": "http://127.0.0.1:1", "credential": SECRET}
    assert (await admin.patch(path, json=moved)).json()["has_credential"] is True
    again = Control(control.settings, clock=clock)
    try:
        await again.preparation.run()
    finally:
        await again.close()
    followed = (await admin.get(path)).json()
    assert (followed["base_url"], followed["has_credential"]) == (embedded["base_url"], False)


async def test_an_address_is_normal_and_holds_no_secret(admin: httpx.AsyncClient) -> None:
    assert (await new_upstream(admin))["base_url"] == "https://models.example.com"
    for url in (
        "ftp://models.example.com",
        "https://user:pass@models.example.com",
        "https://models.example.com/?key=1",
        "https://models.example.com/#x",
        "models.example.com",
        "http://host:port",
        "http://ho st",
        "http://169.254.169.254/latest",
        "http://[fd00:ec2::254]",
        "http://[::ffff:169.254.169.254]:80",
        "http://metadata.google.internal",
    ):
        refused = await admin.post("/api/v1/upstreams", json={"name": "x", "base_url": url})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "base_url"), url


async def test_a_model_leads_to_upstreams_that_exist(
    control: Control, admin: httpx.AsyncClient
) -> None:
    upstream = await new_upstream(admin)
    target = {"upstream_id": upstream["id"], "upstream_model": "qwen", "weight": 3, "priority": 1}
    answer = await admin.post(
        "/api/v1/models",
        json={"name": "qwen3-32b", "targets": [target], "context_length": 32_768},
    )
    assert answer.status_code == 201, answer.text
    model = answer.json()
    assert model["targets"] == [target | UNROUTED]
    assert model["tasks"] == ["chat"]
    told = (await gateway_view(control)).find_model("qwen3-32b", "org_any")
    assert told is not None
    assert told.targets == (ModelTarget(upstream["id"], "qwen", 3, 1),)

    lost = await admin.post(
        "/api/v1/models",
        json={"name": "lost", "targets": [{**target, "upstream_id": "ups_none"}]},
    )
    assert (lost.status_code, lost.json()["errors"][0]["field"]) == (400, "targets")
    taken = await admin.post("/api/v1/models", json={"name": "qwen3-32b", "targets": [target]})
    assert (taken.status_code, taken.json()["code"]) == (409, "conflict")


async def test_an_upstream_stays_while_a_model_leads_to_it(admin: httpx.AsyncClient) -> None:
    upstream = await new_upstream(admin)
    target = {"upstream_id": upstream["id"], "upstream_model": "m"}
    model = (await admin.post("/api/v1/models", json={"name": "only", "targets": [target]})).json()
    path = f"/api/v1/upstreams/{upstream['id']}"
    held = await admin.delete(path)
    assert (held.status_code, held.json()["code"]) == (409, "conflict")
    assert (await admin.delete(f"/api/v1/models/{model['id']}")).status_code == 204
    assert (await admin.delete(path)).status_code == 204
    assert (await admin.get(path)).status_code == 404


async def test_a_models_targets_are_replaced_as_a_whole_and_its_name_stays(
    admin: httpx.AsyncClient,
) -> None:
    first = await new_upstream(admin)
    second = await new_upstream(admin, name="other")
    target = {"upstream_id": first["id"], "upstream_model": "m", "weight": 1, "priority": 0}
    made = (await admin.post("/api/v1/models", json={"name": "moving", "targets": [target]})).json()
    path = f"/api/v1/models/{made['id']}"
    target |= UNROUTED
    targets = [{**target, "upstream_id": second["id"]}, target]
    changed = await admin.patch(path, json={"targets": targets, "tasks": ["chat", "completion"]})
    assert changed.json()["targets"] == targets
    assert (await admin.get(path)).json() == changed.json()
    renamed = await admin.patch(path, json={"name": "other"})
    assert (renamed.status_code, renamed.json()["code"]) == (422, "validation_failed")
    outdated = await admin.patch(path, json={"targets": [target]}, headers={"If-Match": '"r1"'})
    assert outdated.status_code == 412


async def test_a_tenants_model_is_its_own_and_shared_ones_are_everybodys(
    api: Api, admin: httpx.AsyncClient
) -> None:
    org_id, _ = await api.tenant("Own")
    other_id, _ = await api.tenant("Other")
    owner, other = await api.member(org_id), await api.member(other_id)
    [shared, *_] = (await owner.client.get("/api/v1/models")).json()["items"]
    target = {"upstream_id": shared["targets"][0]["upstream_id"], "upstream_model": "m"}
    body = {"name": "mine", "targets": [target], "org_id": org_id}
    made = await admin.post("/api/v1/models", json=body)
    assert made.status_code == 201, made.text
    path = f"/api/v1/models/{made.json()['id']}"
    assert (await owner.client.get(path)).json() == made.json()

    names = [each["name"] for each in (await owner.client.get("/api/v1/models")).json()["items"]]
    assert names == ["smollm2-135m-instruct", "multilingual-e5-small", "mine"]
    seen = [each["name"] for each in (await other.client.get("/api/v1/models")).json()["items"]]
    assert seen == names[:2]
    assert (await other.client.get(f"/api/v1/models/{shared['id']}")).status_code == 200
    assert (await other.client.get(path)).status_code == 404
    view = await gateway_view(api.control)
    assert view.find_model("mine", other_id) is None
    assert view.find_model("mine", org_id) is not None


async def test_an_organisation_writes_no_models_not_even_its_own(
    api: Api, admin: httpx.AsyncClient
) -> None:
    """A model spends an upstream's credential, at its own price: only the platform writes one."""
    org_id, _ = await api.tenant("Own")
    owner, member = await api.member(org_id), await api.member(org_id, Role.DEVELOPER)
    upstream = await new_upstream(admin, credential=SECRET)
    target = {"upstream_id": upstream["id"], "upstream_model": "m"}
    body = {
        "name": "bounded",
        "targets": [target],
        "price": {"input": 1, "output": 1},
        "limits": {"requests_per_day": 1},
    }
    models = [
        (await admin.post("/api/v1/models", json={**body, "org_id": owned_by})).json()
        for owned_by in (org_id, None)
    ]
    before = await gateway_view(api.control)
    for person in (owner, member):
        for owned_by in (org_id, None):
            refused = await person.client.post(
                "/api/v1/models",
                json={"name": "free", "targets": [target], "org_id": owned_by},
            )
            assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")
            assert refused.json()["detail"].endswith("model:write of the platform")
        for model in models:
            path = f"/api/v1/models/{model['id']}"
            for change in (
                {"targets": [{**target, "upstream_model": "dearer"}]},
                {"price": None},
                {"limits": None},
                {"key_limits": None},
                {"fallbacks": ["smollm2-135m-instruct"]},
                {"aliases": ["another"]},
                {"tasks": ["completion"]},
                {},
            ):
                assert (await person.client.patch(path, json=change)).status_code == 403, change
            # Without its own model an organisation would be left with the shared one's limits.
            assert (await person.client.delete(path)).status_code == 403
            assert (await person.client.get(path)).json() == model
    assert (await gateway_view(api.control)).version == before.version

    path = f"/api/v1/models/{models[0]['id']}"
    changed = await admin.patch(path, json={"limits": {"requests_per_day": 2}})
    assert changed.json()["limits"]["requests_per_day"] == 2
    told = (await gateway_view(api.control)).find_model("bounded", org_id)
    assert told is not None
    assert (told.org_id, told.limits) == (org_id, Limits(requests_per_day=2))
    assert (await admin.delete(path)).status_code == 204


async def test_a_models_price_and_limits_reach_gateways(
    control: Control, admin: httpx.AsyncClient
) -> None:
    upstream = await new_upstream(admin)
    body = {
        "name": "priced",
        "targets": [{"upstream_id": upstream["id"], "upstream_model": "m"}],
        "price": {"currency": "EUR", "input": "0.15", "output": 600_000_000},
        "limits": {"requests_per_second": 5, "budget_per_month": "12.50", "currency": "EUR"},
        "key_limits": {"tokens_per_day": 1000},
    }
    made = (await admin.post("/api/v1/models", json=body)).json()
    assert made["price"] == {
        "currency": "EUR",
        "input": 150_000_000,
        "output": 600_000_000,
        "cached_input": None,
        "cache_write": None,
        "reasoning": None,
        "audio_input": None,
        "cached_audio": None,
        "audio_output": None,
        "batch_percent": 100,
        "units": None,
    }
    assert made["limits"]["budget_per_month"] == 12_500_000_000
    model = (await gateway_view(control)).find_model("priced", "")
    assert model is not None
    assert model.price == Price(currency="EUR", input=150_000_000, output=600_000_000)
    assert model.limits == Limits(
        requests_per_second=5, budget_per_month=12_500_000_000, currency="EUR"
    )
    assert model.key_limits == Limits(tokens_per_day=1000)
    path = f"/api/v1/models/{made['id']}"
    changed = (await admin.patch(path, json={"price": None, "key_limits": None})).json()
    assert (changed["price"], changed["key_limits"]) == (None, None)
    assert changed["limits"] == made["limits"]
    for wrong in ({"input": "a lot"}, {"input": -1}, {"input": 1, "currency": "euro"}):
        assert (await admin.patch(path, json={"price": wrong})).status_code == 422


async def test_the_limits_of_each_user_reach_gateways(
    control: Control, admin: httpx.AsyncClient
) -> None:
    limits = {"budget_per_day": "1", "unpriced": "allow"}
    body = {"name": "Frugal", "user_limits": limits}
    organization = (await admin.post("/api/v1/organizations", json=body)).json()
    path = f"/api/v1/organizations/{organization['id']}/projects"
    project = (await admin.post(path, json={"name": "Lab"})).json()
    change = {"user_limits": {"requests_per_day": 3}}
    await admin.patch(f"/api/v1/projects/{project['id']}", json=change)
    table = await gateway_view(control)
    assert table.organizations[organization["id"]].user_limits == Limits(
        budget_per_day=1_000_000_000, unpriced="allow"
    )
    assert table.projects[project["id"]].user_limits == Limits(requests_per_day=3)


async def test_a_models_routing_and_release_reach_gateways(
    control: Control, admin: httpx.AsyncClient
) -> None:
    upstream = await new_upstream(admin)
    target = {"upstream_id": upstream["id"], "upstream_model": "m"}
    routing = {
        "strategy": "latency",
        "retry": {"max_attempts": 2, "statuses": [500]},
        "breaker": {"open_s": 5},
        "degraded_text": "later",
    }
    body = {
        "name": "routed",
        "targets": [
            {**target, "region": "eu", "tags": ["gpu"], "cost": 1.5, "tasks": ["chat"]},
            {**target, "track": "canary"},
        ],
        "aliases": ["nickname"],
        "fallbacks": ["spare"],
        "routing": routing,
        "release": {"canary_weight": 5, "pin_header": True},
    }
    answer = await admin.post("/api/v1/models", json=body)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert made["routing"]["retry"]["max_attempts"] == 2
    assert made["targets"][0]["tags"] == ["gpu"]
    model = (await gateway_view(control)).find_model("nickname", "")
    assert model is not None
    assert model.name == "routed"
    assert model.routing == Routing(
        strategy="latency",
        retry=Retry(max_attempts=2, statuses=(500,)),
        breaker=Breaker(open_s=5.0),
        degraded_text="later",
    )
    assert model.release == Release(canary_weight=5, pin_header=True)
    assert model.fallbacks == ("spare",)
    assert model.targets[0] == ModelTarget(
        upstream["id"], "m", region="eu", tags=("gpu",), cost=1.5, tasks=("chat",)
    )
    path = f"/api/v1/models/{made['id']}"
    refused = await admin.patch(path, json={"release": None})
    assert refused.status_code == 400, "a canary without a release serves nobody"
    changed = await admin.patch(
        path, json={"targets": [target], "release": None, "aliases": [], "routing": {}}
    )
    assert (changed.json()["release"], changed.json()["aliases"]) == (None, [])
    assert (await gateway_view(control)).find_model("nickname", "") is None


async def test_an_alias_belongs_to_one_model(admin: httpx.AsyncClient) -> None:
    upstream = await new_upstream(admin)
    targets = [{"upstream_id": upstream["id"], "upstream_model": "m"}]
    first = {"name": "one", "targets": targets, "aliases": ["both"]}
    assert (await admin.post("/api/v1/models", json=first)).status_code == 201
    taken = await admin.post("/api/v1/models", json={**first, "name": "two"})
    assert (taken.status_code, taken.json()["code"]) == (409, "conflict")
    for wrong in (
        {"aliases": ["three"]},
        {"targets": [{**targets[0], "track": "shadow"}]},
        {"targets": [{**targets[0], "tasks": ["embedding"]}]},
    ):
        answer = await admin.post("/api/v1/models", json={**first, "name": "three", **wrong})
        assert answer.status_code == 400


async def test_upstreams_may_speak_every_protocol_that_gateways_know(
    control: Control, admin: httpx.AsyncClient
) -> None:
    ids: dict[str, str] = {}
    for protocol in UPSTREAM_DIALECTS:
        body = {"name": protocol, "protocol": protocol, "credential_header": "api-key"}
        made = await new_upstream(admin, **body)
        ids[protocol] = made["id"]
        upstream = (await gateway_view(control)).upstreams[made["id"]]
        assert (upstream.protocol, upstream.credential_header) == (protocol, "api-key")
    path = f"/api/v1/upstreams/{ids['anthropic']}"
    changed = await admin.patch(path, json={"credential_header": None})
    assert changed.json()["credential_header"] is None


async def test_an_upstream_may_be_asked_by_signed_requests(
    control: Control, admin: httpx.AsyncClient
) -> None:
    signed = {"name": "aws", "protocol": "bedrock", "sigv4_region": "eu-central-1"}
    made = await new_upstream(admin, **signed, credential="AKIDEXAMPLE:secret:token")
    assert made["sigv4_region"] == "eu-central-1"
    assert (await gateway_view(control)).upstreams[made["id"]].sigv4_region == "eu-central-1"
    path = f"/api/v1/upstreams/{made['id']}"
    # What signs is not shown, and the other way round: the credential is given anew.
    for refused in (
        {"sigv4_region": None},
        {"sigv4_region": "us-east-1"},
        {"credential": "no-pair-of-keys"},
        {"credential": None},
    ):
        answer = await admin.patch(path, json=refused)
        assert answer.status_code == 400
        assert "credential" in answer.json()["detail"]
        assert "secret:token" not in answer.text
    shown = await admin.patch(path, json={"sigv4_region": None, "credential": "bedrock-api-key"})
    assert shown.json()["sigv4_region"] is None
    body = {"base_url": "https://models.example", **signed, "name": "keyless"}
    answer = await admin.post("/api/v1/upstreams", json=body)
    assert answer.status_code == 400
    assert "credential" in answer.json()["detail"]
