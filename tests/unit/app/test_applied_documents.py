"""Limits and prices in the files of ``mainspring apply``."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from mainspring.app.cli.applying.documents import LimitsDocument, PriceDocument, read_documents
from mainspring.app.cli.applying.steps import Applier
from mainspring.app.cli.connection import ControlClient

FILE = """
organizations:
- slug: research
  limits: {budget_per_month: "12.50", currency: EUR, requests_per_day: 10}
  user_limits: {budget_per_day: 7}
models:
- name: priced
  targets: [{upstream: pool, upstream_model: m}]
  price: {currency: EUR, input: "0.15", output: 600000000}
  key_limits: {tokens_per_day: 1000}
"""


def test_an_amount_in_quotes_is_money_and_a_number_is_its_billionths(tmp_path: Path) -> None:
    file = tmp_path / "platform.yaml"
    file.write_text(FILE)
    documents = read_documents([file])
    assert documents.problems == []
    [organization] = documents.organizations
    assert organization.document.limits == LimitsDocument(
        budget_per_month=12_500_000_000, currency="EUR", requests_per_day=10
    )
    assert organization.document.user_limits == LimitsDocument(budget_per_day=7)
    [model] = documents.models
    assert model.document.price == PriceDocument(
        currency="EUR", input=150_000_000, output=600_000_000
    )
    assert model.document.key_limits == LimitsDocument(tokens_per_day=1000)


def test_an_amount_that_is_none_is_told_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "platform.yaml"
    file.write_text(FILE.replace("12.50", "a lot"))
    [problem] = read_documents([file]).problems
    assert "budget_per_month" in problem.text
    assert "a lot" in problem.text
    assert problem.field.startswith("organizations[0]")


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("https://models.example", None),
        (
            "https://elsewhere.example",
            {"base_url": "https://elsewhere.example", "credential": "sk-named"},
        ),
    ],
)
def test_a_named_credential_goes_along_with_a_new_address(
    tmp_path: Path, address: str, sent: object
) -> None:
    present = {
        "id": "ups_1",
        "name": "vendor",
        "base_url": "https://models.example",
        "has_credential": True,
    }
    changes: list[object] = []

    def control(request: httpx.Request) -> httpx.Response:
        if request.method == "PATCH":
            changes.append(json.loads(request.content))
        items = [present] if request.url.path == "/api/v1/upstreams" else []
        return httpx.Response(200, json={"items": items})

    file = tmp_path / "platform.yaml"
    file.write_text(f"upstreams: [{{name: vendor, base_url: '{address}', credential_env: KEY}}]")
    transport = httpx.MockTransport(control)
    with httpx.Client(transport=transport, base_url="http://control.test") as client:
        applier = Applier(
            ControlClient(client),
            read_documents([file]),
            {"KEY": "sk-named"},
            dry_run=False,
            send_credentials=False,
        )
        applier.run()
    assert changes == ([] if sent is None else [sent])


POLICIES = """
organizations: [{slug: research, projects: [{slug: search, keys: [{name: ci}]}]}]
policies:
- {name: everybody, parameters: [{name: temperature, max: 1}]}
- {name: inner, organization: research, project: search, key: ci, cache: {ttl_s: 60}}
- {name: kept, organization: research, models: [a]}
"""


def applied(tmp_path: Path, text: str, *, dry_run: bool = False) -> tuple[Applier, list[Any]]:
    """Apply ``text`` to a control plane that knows one key; return what was written to it."""
    written: list[Any] = []
    owners = {"org_id": "org_1", "project_id": None, "key_id": None}
    lists = {
        "/api/v1/organizations": [{"id": "org_1", "slug": "research"}],
        "/api/v1/organizations/org_1/projects": [{"id": "prj_1", "slug": "search"}],
        "/api/v1/projects/prj_1/keys": [
            {"id": "key_1", "name": "ci", "models": None, "scopes": ["model:call"]}
        ],
        "/api/v1/policies": [{"id": "pol_1", "name": "kept", "models": ["a"], **owners}],
    }

    def control(request: httpx.Request) -> httpx.Response:
        if request.method != "GET":
            written.append((request.url.path, json.loads(request.content)))
            return httpx.Response(201, json={"id": "pol_2"})
        return httpx.Response(200, json={"items": lists.get(request.url.path, [])})

    file = tmp_path / "platform.yaml"
    file.write_text(text)
    transport = httpx.MockTransport(control)
    with httpx.Client(transport=transport, base_url="http://control.test") as client:
        applier = Applier(
            ControlClient(client),
            read_documents([file]),
            {},
            dry_run=dry_run,
            send_credentials=False,
        )
        applier.run()
    return applier, written


def test_policies_are_attached_by_slugs_and_names(tmp_path: Path) -> None:
    applier, written = applied(tmp_path, POLICIES)
    assert applier.problems == []
    assert [(path, body["name"], body["key_id"]) for path, body in written] == [
        ("/api/v1/policies", "everybody", None),
        ("/api/v1/policies", "inner", "key_1"),
    ]
    assert written[1][1]["project_id"] == "prj_1"
    assert written[0][1]["parameters"][0]["max"] == 1


@pytest.mark.parametrize(
    ("attached", "field"),
    [
        ("project: search", "organization"),
        ("organization: research, key: ci", "project"),
        ("organization: nowhere", "organization"),
        ("organization: research, project: nowhere", "project"),
        ("organization: research, project: search, key: nobody", "key"),
    ],
)
def test_a_policy_for_nobody_is_a_problem_before_anything_changes(
    tmp_path: Path, attached: str, field: str
) -> None:
    text = f"policies: [{{name: p, {attached}, cache: {{}}}}]"
    applier, written = applied(tmp_path, text, dry_run=True)
    assert [problem.field for problem in applier.problems] == [f"policies[0].{field}"]
    assert written == []


def test_a_policy_does_not_move(tmp_path: Path) -> None:
    text = "policies: [{name: kept, organization: research, project: search, cache: {}}]"
    applier, written = applied(tmp_path, text)
    assert [problem.field for problem in applier.problems] == ["policies[0].name"]
    assert written == []
