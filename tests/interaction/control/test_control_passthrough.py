"""G1, O10: what passes through is configured by the API and by files, and reaches gateways."""

from pathlib import Path

import httpx

from mainspring.app.control.wiring import Control
from mainspring.infra.feed import read_frame
from mainspring.snapshot.passthrough import Passthrough, PassthroughRoute
from mainspring.snapshot.price import Price, UnitPrices
from mainspring.snapshot.table import SnapshotTable
from tests.fixtures.commands import run, told
from tests.fixtures.control import Served

PATH = "/api/v1/upstreams"
BODY = {"name": "vendor", "base_url": "https://models.example"}


async def gateway_view(control: Control) -> SnapshotTable:
    """Return what a gateway would know now."""
    table = SnapshotTable()
    frame = await read_frame(control.database)
    assert frame is not None
    table.apply(frame)
    return table


async def test_routes_go_to_gateways_and_come_back(
    control: Control, admin: httpx.AsyncClient
) -> None:
    routes = [
        {"path": "/v1/jobs/*", "methods": ["GET", "DELETE"]},
        {"path": "/v1/images/**", "price": {"units": {"call": "0.01"}}},
    ]
    passthrough = {"routes": routes, "request_headers": ["X-Feature"], "max_body_bytes": 1000}
    made = await admin.post(PATH, json={**BODY, "passthrough": passthrough})
    assert made.status_code == 201, made.text
    told_back = made.json()["passthrough"]
    assert told_back["routes"][0] == {
        "path": "/v1/jobs/*",
        "methods": ["GET", "DELETE"],
        "price": None,
    }
    assert told_back["routes"][1]["price"]["units"]["call"] == 10_000_000
    view = (await gateway_view(control)).upstreams[made.json()["id"]]
    assert view.passthrough == Passthrough(
        routes=(
            PassthroughRoute("/v1/jobs/*", ("GET", "DELETE")),
            PassthroughRoute("/v1/images/**", price=Price(units=UnitPrices(call=10_000_000))),
        ),
        request_headers=("x-feature",),
        max_body_bytes=1000,
    )
    path = f"{PATH}/{made.json()['id']}"
    same = await admin.patch(path, json={"passthrough": told_back})
    assert same.json()["passthrough"] == told_back
    closed = await admin.patch(path, json={"passthrough": None})
    assert closed.json()["passthrough"] is None
    assert (await gateway_view(control)).upstreams[made.json()["id"]].passthrough is None


WRONG: list[dict[str, object]] = [
    {"passthrough": {"routes": []}},
    {"passthrough": {"routes": [{"path": "v1/jobs"}]}},
    {"passthrough": {"routes": [{"path": "/v1/../jobs"}]}},
    {"passthrough": {"routes": [{"path": "/v1/**/jobs"}]}},
    {"passthrough": {"routes": [{"path": "/v1/%2e"}]}},
    {"passthrough": {"routes": [{"path": "/v1/jobs", "methods": ["CONNECT"]}]}},
    {"passthrough": {"routes": [{"path": "/v1"}], "request_headers": ["Authorization"]}},
    {"passthrough": {"routes": [{"path": "/v1"}], "answer_headers": ["set-cookie"]}},
    {"passthrough": {"routes": [{"path": "/v1", "price": {"currency": "USD"}}]}},
    {"passthrough": {"routes": [{"path": "/v1"}]}, "name": "has a blank"},
    {"passthrough": {"routes": [{"path": "/v1"}]}, "sigv4_region": "eu-central-1"},
]


async def test_what_would_open_too_much_is_refused(admin: httpx.AsyncClient) -> None:
    for wrong in WRONG:
        answer = await admin.post(PATH, json={**BODY, **wrong})
        assert answer.status_code in {400, 422}, (wrong, answer.text)


async def test_a_key_has_the_scopes_that_it_was_made_with(
    control: Control, admin: httpx.AsyncClient
) -> None:
    organization = await admin.post("/api/v1/organizations", json={"name": "Acme", "slug": "acme"})
    project = await admin.post(
        f"/api/v1/organizations/{organization.json()['id']}/projects",
        json={"name": "Shop", "slug": "shop"},
    )
    keys = f"/api/v1/projects/{project.json()['id']}/keys"
    made = await admin.post(keys, json={"name": "k", "scopes": ["passthrough:call"]})
    plain = await admin.post(keys, json={"name": "plain"})
    unknown = await admin.post(keys, json={"name": "u", "scopes": ["root"]})
    assert made.json()["scopes"] == ["passthrough:call"]
    assert plain.json()["scopes"] == ["model:call"]
    assert unknown.status_code == 400
    table = await gateway_view(control)
    key = table.find_key(made.json()["secret"])
    assert key is not None
    assert key.scopes == ("passthrough:call",)
    reserved = await admin.post(
        "/api/v1/models",
        json={
            "name": "passthrough/vendor",
            "targets": [{"upstream_id": "ups_x", "upstream_model": "m"}],
        },
    )
    assert reserved.status_code == 400


FILE = """
organizations:
  - slug: default
    projects:
      - slug: tools
        keys:
          - {name: jobs, scopes: [passthrough:call], models: [passthrough/vendor]}
upstreams:
  - name: vendor
    base_url: https://models.example
    passthrough:
      organizations: [default]
      routes:
        - {path: /v1/jobs/*, methods: [GET, DELETE]}
        - {path: /v1/paid, price: {units: {call: "0.002"}}}
"""


async def test_a_file_opens_routes_and_a_second_run_changes_nothing(
    served: Served, tmp_path: Path
) -> None:
    file = tmp_path / "vendor.yaml"
    file.write_text(FILE)
    first = await told(served, "apply", "-f", str(file))
    assert {step["action"] for step in first["steps"] if step["kind"] == "upstream"} == {"create"}
    again = await told(served, "apply", "-f", str(file))
    assert {step["action"] for step in again["steps"]} == {"unchanged"}
    file.write_text(FILE.replace("[default]", "[nobody]"))
    status, _, problems = await run(served, "apply", "-f", str(file))
    assert status != 0
    assert "upstreams[0].passthrough.organizations[0]: there is no organization nobody" in problems
