"""How the API behaves as a whole: its document, its refusals, its headers, the console's files."""

import json
import re
from collections.abc import AsyncGenerator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from mainspring.app.control.application import control_application, control_document
from mainspring.app.control.wiring import Control
from mainspring.app.home import Home
from mainspring.app.supervisor.log_stream import LogStream
from mainspring.kernel.clock import ManualClock
from mainspring.kernel.errors import error_catalogue
from mainspring.wire.records import Heartbeat, HeartbeatBatch, TargetSeen
from mainspring.wire.telemetry import METRICS
from tests.fixtures.control import Api

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return control_document()


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path}": operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }


def test_every_operation_has_an_id_a_tag_a_summary_and_its_refusals(
    document: dict[str, Any],
) -> None:
    assert document["openapi"] == "3.1.0"
    tags = {tag["name"] for tag in document["tags"]}
    ids: list[str] = []
    for name, operation in operations(document).items():
        ids.append(operation["operationId"])
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", operation["operationId"]), name
        assert set(operation["tags"]) <= tags, name
        assert operation["summary"], name
        assert operation["description"], name
        for status in ("503", "default"):
            assert "application/problem+json" in operation["responses"][status]["content"], name
        for status, response in operation["responses"].items():
            if status.startswith(("4", "5")):
                assert list(response["content"]) == ["application/problem+json"], (name, status)
    assert len(ids) == len(set(ids))


def test_every_reference_of_the_document_leads_somewhere(document: dict[str, Any]) -> None:
    references = set(re.findall(r"'\$ref': '#/components/schemas/(\w+)'", str(document)))
    assert references <= set(document["components"]["schemas"])
    assert {"Problem", "FieldError"} <= references
    assert not references & {"HTTPValidationError", "ValidationError"}


def test_every_body_refuses_unknown_fields_and_no_patch_has_defaults(
    document: dict[str, Any],
) -> None:
    schemas = document["components"]["schemas"]
    for name, operation in operations(document).items():
        body = operation.get("requestBody")
        # What the gateway's clients and Alertmanager send has fields of theirs.
        foreign = operation["operationId"].startswith("playground_") or "alertmanager" in name
        if body is None or foreign or "application/json" not in body["content"]:
            continue
        schema = schemas[body["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]]
        assert schema["additionalProperties"] is False, name
        if name.startswith("PATCH"):
            assert "required" not in schema, name
            assert not [each for each in schema["properties"].values() if "default" in each], name


def test_every_code_of_the_document_is_in_the_catalogue(document: dict[str, Any]) -> None:
    codes = set(re.findall(r"'urn:mainspring:error:(\w+)'", str(document)))
    assert codes <= set(error_catalogue())
    assert {"not_found", "conflict", "permission_denied", "sign_in_required"} <= codes


async def test_every_operation_but_a_few_is_closed_to_strangers(
    document: dict[str, Any], stranger: httpx.AsyncClient
) -> None:
    open_ones: set[str] = set()
    for name, operation in operations(document).items():
        method, _, path = name.partition(" ")
        answer = await stranger.request(method, re.sub(r"\{\w+\}", "x", path), json={})
        if answer.status_code == 401:
            assert answer.json()["code"] == "sign_in_required", name
            assert operation["security"], name
        else:
            assert operation["security"] == [], name
            open_ones.add(operation["operationId"])
    assert open_ones == {
        "get_setup",
        "complete_setup",
        "sign_in",
        "open_invitation",
        "accept_invitation",
        "list_sign_in_ways",
    }


async def test_every_refusal_is_a_problem_with_a_stable_code(
    admin: httpx.AsyncClient,
) -> None:
    large = b'{"name": "' + b"x" * (4 * 1024 * 1024) + b'"}'
    json_type = {"content-type": "application/json"}
    cases: list[tuple[str, str, dict[str, Any], int, str]] = [
        ("GET", "/api/v1/nothing", {}, 404, "route_not_found"),
        ("POST", "/api/v1/nothing", {"json": {}}, 404, "route_not_found"),
        ("GET", "/internal/nothing", {}, 404, "route_not_found"),
        ("GET", "/api/v1/organizations/", {}, 404, "route_not_found"),
        ("PUT", "/api/v1/organizations", {"json": {}}, 405, "method_not_allowed"),
        ("GET", "/api/v1/organizations/org_x", {}, 404, "not_found"),
        ("GET", "/api/v1/organizations?limit=0", {}, 422, "validation_failed"),
        ("POST", "/api/v1/organizations", {"json": {}}, 422, "validation_failed"),
        (
            "POST",
            "/api/v1/organizations",
            {"json": {"name": "x", "y": 1}},
            422,
            "validation_failed",
        ),
        (
            "POST",
            "/api/v1/organizations",
            {"content": b"{", "headers": json_type},
            400,
            "malformed_json",
        ),
        (
            "POST",
            "/api/v1/organizations",
            {"content": large, "headers": json_type},
            413,
            "body_too_large",
        ),
    ]
    for method, path, request, status, code in cases:
        answer = await admin.request(method, path, **request)
        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (status, code), (method, path)
        assert answer.headers["content-type"] == "application/problem+json"
        assert problem["status"] == status
        assert problem["instance"] == path.partition("?")[0]
        assert problem["request_id"] == answer.headers["x-request-id"]
        assert problem["next_step"]
    unknown = await admin.post("/api/v1/organizations", json={"name": "x", "colour": "red"})
    assert unknown.json()["errors"] == [
        {"field": "body.colour", "message": "There is no such field here"}
    ]


async def test_a_body_that_hides_its_length_is_bounded_too(admin: httpx.AsyncClient) -> None:
    async def endless() -> AsyncGenerator[bytes]:
        for _ in range(5):
            yield b" " * 1024 * 1024

    answer = await admin.post(
        "/api/v1/organizations",
        content=endless(),
        headers={"content-type": "application/json"},
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


async def test_an_unforeseen_failure_is_a_problem_that_tells_nothing(
    control: Control,
    admin: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise ValueError("a secret in an exception")

    monkeypatch.setattr(control.tenancy, "list_organizations", broken)
    answer = await admin.get("/api/v1/organizations")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert "secret" not in answer.text
    [logged] = [record for record in caplog.records if record.levelname == "ERROR"]
    assert vars(logged)["request_id"] == answer.headers["x-request-id"]


async def test_a_refused_method_is_told_which_ones_there_are(admin: httpx.AsyncClient) -> None:
    for path, allowed in (
        ("/api/v1/organizations", "GET, POST"),
        ("/api/v1/organizations/org_1", "DELETE, GET, PATCH"),
        ("/api/v1/setup", "GET, POST"),
    ):
        refused = await admin.put(path, json={})
        assert (refused.status_code, refused.headers["allow"]) == (405, allowed)


async def test_the_document_can_be_had_without_a_database(
    document: dict[str, Any], stranger: httpx.AsyncClient
) -> None:
    assert (await stranger.get("/api/v1/openapi.json")).json() == document


async def test_answers_of_the_api_are_not_kept_by_anybody(stranger: httpx.AsyncClient) -> None:
    answer = await stranger.get("/api/v1/setup")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_the_console_is_served_for_its_paths_and_nothing_else_is(
    control: Control, tmp_path: Path
) -> None:
    files = tmp_path / "console"
    (files / "assets").mkdir(parents=True)
    (files / "index.html").write_text("<!doctype html><title>console</title>")
    (files / "assets" / "app-1a2b.js").write_text("console.log(1);" * 100)
    (tmp_path / "outside.txt").write_text("not for you")
    application = control_application(control, console=files)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(application), base_url="http://control.test"
    ) as client:
        for path in ("/", "/setup", "/projects/prj_1/keys"):
            page = await client.get(path)
            assert page.text == "<!doctype html><title>console</title>", path
            assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
            assert "unsafe" not in page.headers["content-security-policy"]
            assert page.headers["cache-control"] == "no-cache"
        script = await client.get("/assets/app-1a2b.js")
        assert script.text == "console.log(1);" * 100
        assert script.headers["content-encoding"] == "gzip"
        assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
        same = await client.get(
            "/assets/app-1a2b.js", headers={"If-None-Match": script.headers["etag"]}
        )
        assert (same.status_code, same.content) == (304, b"")
        for path in ("/assets/old-9z.js", "/favicon.ico", "/../outside.txt", "/%2e%2e/outside.txt"):
            missing = await client.get(path)
            assert missing.status_code == 404, path
            assert "not for you" not in missing.text
        assert (await client.post("/setup", json={})).status_code == 405


async def test_without_a_console_the_first_page_says_how_to_build_it(
    stranger: httpx.AsyncClient,
) -> None:
    page = await stranger.get("/")
    assert page.status_code == 200
    assert "make console" in page.text


async def test_metrics_are_registered_and_count(api: Api, stranger: httpx.AsyncClient) -> None:
    await stranger.get("/api/v1/setup")
    # The test's client has the address 127.0.0.1, like a scraper on this machine.
    text = (await stranger.get("/metrics")).text
    assert 'mainspring_control_requests_total{method="GET",status="2xx"} 1' in text
    emitted = set(re.findall(r"^# TYPE (\S+)", text, re.MULTILINE))
    own = (
        "mainspring_control_",
        "mainspring_fleet_",
        "mainspring_ledger_",
        "mainspring_spans_",
        "mainspring_tenant_",
        "process_",
    )
    registered = {each.name for each in METRICS if each.name.startswith(own)}
    assert emitted == registered | {"mainspring_build_info"}
    assert "mainspring_control_database_up 1" in text


async def test_parts_that_fall_silent_are_lost(
    api: Api, admin: httpx.AsyncClient, clock: ManualClock
) -> None:
    beat = Heartbeat(
        instance_id="ins_1",
        role="gateway",
        name="gateway",
        state="ready",
        version="0.1.0",
        started_at_ms=1_700_000_000_000,
        details={"port": 8080, "spool_bytes": 0},
    )
    async with api.internal() as client:
        for state in ("starting", "ready"):
            body = msgspec.msgpack.encode(
                HeartbeatBatch([msgspec.structs.replace(beat, state=state)])
            )
            answer = await client.post("/internal/v1/heartbeats", content=body)
            assert answer.status_code == 204
    [part] = (await admin.get("/api/v1/system/parts")).json()["items"]
    assert (part["state"], part["details"]) == ("ready", {"port": 8080, "spool_bytes": 0})
    clock.advance(13)
    [part] = (await admin.get("/api/v1/system/parts")).json()["items"]
    assert part["state"] == "lost"
    clock.advance(3600)
    assert await api.control.fleet.forget_silent() == 1


async def test_settings_are_shown_with_their_source_and_without_secrets(
    admin: httpx.AsyncClient, stranger: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAINSPRING_LOG_LEVEL", "warning")
    monkeypatch.setenv("DATABASE_URL", "postgresql://mary:hidden@db.example:5433/app?x=hidden")
    monkeypatch.setenv("MAINSPRING_MASTER_KEYS", "hidden")
    answer = await admin.get("/api/v1/system/settings")
    found = {item["name"]: item for item in answer.json()["items"]}
    assert found["MAINSPRING_LOG_LEVEL"]["value"] == "warning"
    assert found["MAINSPRING_LOG_LEVEL"]["source"] == "environment"
    assert found["MAINSPRING_LOG_LEVEL"]["default"] == "info"
    assert found["MAINSPRING_LOG_FORMAT"]["source"] == "default"
    assert found["DATABASE_URL"]["value"] == "postgresql://db.example:5433/app"
    assert found["MAINSPRING_MASTER_KEYS"]["value"] == "[set]"
    assert "hidden" not in answer.text
    assert (await stranger.get("/api/v1/system/settings")).status_code == 401


async def test_the_doctor_is_heard_in_ones_own_language(
    admin: httpx.AsyncClient, stranger: httpx.AsyncClient, clock: ManualClock
) -> None:
    url = "/api/v1/system/doctor"
    found = (await admin.get(url)).json()
    checks = {each["check"] for each in found["findings"]}
    assert {"python", "disk", "clock", "backups"} <= checks
    assert "models" not in checks
    assert found["well"] is all(each["verdict"] != "problem" for each in found["findings"])
    clock.advance(5)
    assert (await admin.get(url)).json() == found
    clock.advance(30)
    assert (await admin.get(url)).json()["examined_at"] != found["examined_at"]
    chinese = (await admin.get(url, params={"language": "zh"})).json()["findings"]
    assert [each["check"] for each in chinese] == [each["check"] for each in found["findings"]]
    assert any(re.search("[\u4e00-\u9fff]", each["text"]) for each in chinese)
    assert (await stranger.get(url)).status_code == 401


async def test_backups_made_by_the_clock_are_listed(
    admin: httpx.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "/api/v1/system/backups"
    assert (await admin.get(url)).json()["directory"] is None
    monkeypatch.setenv("MAINSPRING_BACKUP_DIRECTORY", str(tmp_path / "backups"))
    assert (await admin.get(url)).json()["problem"] == "No such file or directory"
    (tmp_path / "backups").mkdir()
    for name in ("mainspring-20260130T022000Z.tar", "mainspring-20260131T022000Z.tar", "x.tar"):
        (tmp_path / "backups" / name).write_bytes(b"four")
    found = (await admin.get(url)).json()
    assert [each["made_at"] for each in found["items"]] == [
        "2026-01-31T02:20:00Z",
        "2026-01-30T02:20:00Z",
    ]
    assert found["items"][0]["bytes"] == 4
    assert found["schedule"] == "20 2 * * *"


async def test_logs_of_this_machine_are_searched_page_by_page(
    admin: httpx.AsyncClient, stranger: httpx.AsyncClient, tmp_path: Path
) -> None:
    url = "/api/v1/system/logs"
    assert (await admin.get(url)).json() == {
        "items": [],
        "next_cursor": None,
        "kept_here": False,
        "looked_until": None,
    }
    home = Home(tmp_path / "home")
    home.create()
    log = LogStream(home.log_file, clock=ManualClock())
    for number in range(5):
        line = {"message": f"line {number}", "request_id": "req_1", "attempts": number}
        log.line("gateway" if number else "control", json.dumps(line))
    log.close()
    first = (await admin.get(url, params={"request_id": "req_1", "limit": 3})).json()
    assert [item["message"] for item in first["items"]] == ["line 4", "line 3", "line 2"]
    assert first["items"][0]["facts"] == {"attempts": 4}
    second = (await admin.get(url, params={"limit": 3, "cursor": first["next_cursor"]})).json()
    assert [item["message"] for item in second["items"]] == ["line 1", "line 0"]
    assert second["next_cursor"] is None
    only = (await admin.get(url, params={"source": "control"})).json()
    assert [item["message"] for item in only["items"]] == ["line 0"]
    later = (await admin.get(url, params={"since": "2090-01-01T00:00:00Z"})).json()
    assert later["items"] == []
    assert (await admin.get(url, params={"cursor": "none"})).json()["code"] == "invalid_request"
    assert (await stranger.get(url)).status_code == 401


async def test_gateways_tell_how_they_find_their_targets_until_they_fall_silent(
    api: Api, admin: httpx.AsyncClient, clock: ManualClock
) -> None:
    beat = Heartbeat(
        instance_id="ins_b",
        role="gateway",
        name="gateway-b",
        state="ready",
        version="0.1.0",
        started_at_ms=1_700_000_000_000,
        targets=[
            TargetSeen(upstream_id="ups_1", upstream_model="a", in_flight=2, latency_ms=31.5),
            TargetSeen(
                upstream_id="ups_2",
                upstream_model="b",
                circuit="open",
                obstacle="circuit_open",
                retry_in_s=6.0,
                opened=3,
            ),
        ],
    )
    async with api.internal() as client:
        body = msgspec.msgpack.encode(HeartbeatBatch([beat]))
        answer = await client.post("/internal/v1/heartbeats", content=body)
        assert answer.status_code == 204
    path = "/api/v1/system/breakers"
    found = (await admin.get(path)).json()["items"]
    assert [(one["upstream_id"], one["circuit"]) for one in found] == [
        ("ups_2", "open"),
        ("ups_1", "closed"),
    ]
    kept, asked = found
    away = datetime.fromisoformat(kept["retry_at"]) - datetime.fromisoformat(kept["seen_at"])
    assert (away.total_seconds(), kept["obstacle"], kept["opened"]) == (6.0, "circuit_open", 3)
    assert (kept["latency_ms"], asked["latency_ms"], asked["retry_at"]) == (None, 31.5, None)
    one = (await admin.get(path, params={"upstream_id": "ups_1"})).json()["items"]
    assert one == [asked]
    clock.advance(13)
    assert (await admin.get(path)).json()["items"] == []
    clock.advance(3600)
    await api.control.fleet.forget_silent()


async def test_a_character_that_no_column_holds_is_refused_wherever_it_stands(
    admin: httpx.AsyncClient, stranger: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    answers = [
        await stranger.post(
            "/api/v1/sessions", json={"email": "a\x00@example.com", "password": "a long password"}
        ),
        await admin.get("/api/v1/organizations/org_%00"),
        await admin.get("/api/v1/usage/summary", params={"project_id": "a\x00"}),
        await admin.post(
            "/api/v1/policies",
            json={"name": "p", "parameters": [{"name": "stop", "default": ["a\x00"]}]},
        ),
    ]
    assert [answer.status_code for answer in answers] == [400, 400, 400, 400]
    assert "request failed" not in caplog.text
