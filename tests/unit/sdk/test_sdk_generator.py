"""The generator copes with what a document may hold, by rules that can be told."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tools.sdk.generate import PACKAGE, sdk_files
from tools.sdk.names import model_class, place
from tools.sdk.python_types import Types

JSON = "application/json"


@pytest.mark.parametrize(
    ("method", "path", "operation_id", "expected"),
    [
        ("post", "/api/v1/projects/{project_id}/keys", "create_key", "projects.keys.create"),
        ("get", "/api/v1/projects/{id}/members", "list_project_members", "projects.members.list"),
        ("get", "/api/v1/keys/{key_id}", "get_key", "keys.get"),
        ("post", "/api/v1/users/{user_id}/disable", "disable_user", "users.disable"),
        ("post", "/api/v1/users/{id}/revoke", "revoke_credentials", "users.revoke_credentials"),
        ("post", "/api/v1/invitations/join", "join_by_invitation", "invitations.join"),
        ("post", "/api/v1/sessions", "sign_in", "sessions.sign_in"),
        ("get", "/api/v1/policies/effective", "get_effective_policy", "policies.effective.get"),
        ("post", "/api/v1/chat/completions", "chat_completion", "chat.completions.create"),
        ("get", "/scim/v2/Users/{id}", "scim_get_user", "scim.v2.users.get"),
        ("post", "/api/v1/bulk/import", "import_bulk", "bulk.import_"),
        ("get", "/api/v1/from/{id}", "get_from", "from_.get"),
    ],
)
def test_names_follow_from_paths_and_ids(
    method: str, path: str, operation_id: str, expected: str
) -> None:
    namespace, name = place(method, path, operation_id)
    assert ".".join([*namespace, name]) == expected


def test_a_schema_never_takes_a_name_of_the_client() -> None:
    assert model_class("Call") == "CallObject"
    assert model_class("Page_KeyView_") == "PageKeyView"
    assert model_class("KeyView") == "KeyView"


def test_what_is_answered_is_read_leniently() -> None:
    types = Types({})
    enumeration = {"enum": ["a", "b"], "type": "string"}
    assert types.of(enumeration, "parameter") == 'Literal["a", "b"]'
    assert types.of(enumeration, "answered") == "str"
    several = {"anyOf": [{"type": "string"}, {"type": "string", "format": "date-time"}]}
    assert types.of(several, "parameter") == "str | datetime"
    assert types.of(several, "answered") == "Any"


def ref(name: str) -> dict[str, str]:
    """Return a reference to a schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def operation(operation_id: str, answer: dict[str, Any] | None, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any part of an operation
    """Return an operation that answers with ``answer`` as its content."""
    good = {"description": "Good."} | ({} if answer is None else {"content": answer})
    told = {"operationId": operation_id, "summary": "Does it.", "responses": {"200": good}}
    return told | {"tags": ["things"]} | more


def body(content_type: str, schema: dict[str, Any], *, required: bool = True) -> dict[str, Any]:
    """Return a request body."""
    return {"required": required, "content": {content_type: {"schema": schema}}}


TEXT = {"type": "string"}
DOCUMENT: dict[str, Any] = {
    "components": {
        "schemas": {
            "Call": {"type": "object", "properties": {"id": TEXT}, "required": ["id"]},
            "Cat": {
                "type": "object",
                "properties": {"kind": {"const": "cat", **TEXT}, "lives": {"type": "integer"}},
                "required": ["kind", "lives"],
            },
            "Dog": {
                "type": "object",
                "properties": {"kind": {"const": "dog", **TEXT}, "class": TEXT, "x-y": TEXT},
                "required": ["kind", "class"],
            },
            "Owner": {
                "type": "object",
                "description": 'Says "hello" \\ and """more""".',
                "properties": {
                    "pets": {
                        "type": "array",
                        "items": {
                            "oneOf": [ref("Cat"), ref("Dog")],
                            "discriminator": {"propertyName": "kind"},
                        },
                    },
                    "parent": {"anyOf": [ref("Owner"), {"type": "null"}]},
                    "home": {**ref("Home"), "default": {"city": "Ulm", "tags": ["a"]}},
                    "colour": ref("Colour"),
                    "anything": {},
                },
                "required": ["pets"],
            },
            "Home": {
                "type": "object",
                "properties": {
                    "city": {**TEXT, "default": "Ulm"},
                    "tags": {"type": "array", "items": TEXT, "default": ["a"]},
                    "rooms": {"type": "array", "items": TEXT, "default": []},
                },
            },
            "Colour": {"type": "string", "enum": ["red", "blue"]},
            "Upload": {
                "type": "object",
                "properties": {
                    "file": {**TEXT, "format": "binary"},
                    "purpose": TEXT,
                    "size": {"type": "integer"},
                },
                "required": ["file", "purpose"],
            },
        }
    },
    "paths": {
        "/api/v1/calls/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": TEXT}],
            "get": operation("get_call", {JSON: {"schema": ref("Call")}}),
            "put": operation(
                "put_call",
                None,
                parameters=[{"name": "X-Reason", "in": "header", "schema": TEXT}],
                requestBody=body(
                    JSON, {"type": "object", "properties": {"id": TEXT, "timeout": TEXT}}
                ),
            ),
        },
        "/api/v1/files": {
            "post": operation(
                "create_file",
                {JSON: {"schema": ref("Call")}},
                requestBody=body("multipart/form-data", ref("Upload")),
            ),
            "get": operation(
                "list_files", {JSON: {"schema": {"type": "array", "items": ref("Call")}}}
            ),
        },
        "/api/v1/files/{id}/content": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": TEXT}],
            "get": operation("get_file_content", {"application/octet-stream": {}}),
            "put": operation(
                "put_file_content", None, requestBody=body("application/octet-stream", TEXT)
            ),
        },
        "/api/v1/owners": {
            "get": operation("list_owners", {JSON: {"schema": ref("Owner")}}),
            "post": operation(
                "create_owner",
                {JSON: {"schema": {"oneOf": [ref("Cat"), ref("Home")]}}},
                requestBody=body(JSON, {"type": "array", "items": ref("Home")}, required=False),
            ),
        },
        "/api/v1/same": {"post": operation("test_same", None)},
        "/api/v1/same/test": {"post": operation("test_sames", None)},
        "/api/v1/news": {"get": operation("follow_news", {"text/event-stream": {}})},
    },
}

PROGRAM = """
import asyncio
import httpx
from mainspring_sdk import AsyncMainspring, Mainspring
from mainspring_sdk.models import CallObject, Cat, Dog, Home, Owner

asked = []

def server(request):
    asked.append((request.method, request.url.path, request.content, request.headers))
    if request.url.path.endswith("/content"):
        return httpx.Response(200, content=b"bytes")
    if request.url.path.endswith("/news"):
        return httpx.Response(200, content=b"data: 1\\n\\n")
    if request.url.path.endswith("/owners"):
        return httpx.Response(200, json={
            "pets": [{"kind": "dog", "class": "terrier"}, {"kind": "cat", "lives": 9}],
            "parent": {"pets": []}, "colour": "green", "anything": [1], "new": 1,
        })
    if request.method == "GET" and request.url.path.endswith("/files"):
        return httpx.Response(200, json=[{"id": "1"}])
    return httpx.Response(200, json={"id": "1"})

http = httpx.Client(transport=httpx.MockTransport(server))
client = Mainspring("http://x", "t", http_client=http)
assert client.calls.get("1") == CallObject(id="1")
client.calls.put("1", id_="2", timeout_="soon", x_reason="because", timeout=3)
assert asked[-1][2] == b'{"id":"2","timeout":"soon"}'
assert asked[-1][3]["x-reason"] == "because"
assert client.files.create(file=("a.txt", b"hello"), purpose="batch", size=5).id == "1"
sent = asked[-1][2]
assert b'name="file"; filename="a.txt"' in sent and b"hello" in sent
assert b'name="purpose"' in sent and b'name="size"' in sent
assert client.files.list() == [CallObject(id="1")]
with client.files.content.get("1") as download:
    assert b"".join(download.iter_bytes()) == b"bytes"
client.files.content.put("1", content=b"raw")
assert asked[-1][2] == b"raw"
owner = client.owners.list()
assert owner.pets == [Dog(class_="terrier"), Cat(lives=9)], owner
assert owner.pets[0].kind == "dog"
assert owner.parent == Owner(pets=[])
assert owner.home == Home() and Home().tags == ["a"] and Home().rooms == []
assert owner.colour == "green" and owner.anything == [1]
assert client.owners.create(body=[Home(city="Bonn")])["pets"]
assert asked[-1][2].startswith(b'[{"city":"Bonn"')
client.same.test_same()
client.same.test_sames()
with client.news.follow() as events:
    assert [event.data for event in events] == ["1"]

async def main():
    http = httpx.AsyncClient(transport=httpx.MockTransport(server))
    client = AsyncMainspring("http://x", "t", http_client=http)
    assert await client.files.list() == [CallObject(id="1")]
    async with client.files.content.get("1") as download:
        assert [piece async for piece in download.iter_bytes()] == [b"bytes"]
    raw = await client.calls.with_raw_response.get("1")
    assert raw.parse().id == "1"

asyncio.run(main())
"""


def test_a_document_with_everything_in_it_becomes_a_client_that_works(tmp_path: Path) -> None:
    package = tmp_path / "mainspring_sdk"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    for folder in ("models", "resources"):
        shutil.rmtree(package / folder)
        (package / folder).mkdir()
    for name, text in sdk_files(DOCUMENT).items():
        (package / name).write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr


def test_an_operation_without_an_id_is_refused() -> None:
    nameless: dict[str, Any] = {"/api/v1/x": {"get": {"responses": {}}}}
    document = {**DOCUMENT, "paths": nameless}
    with pytest.raises(ValueError, match="GET /api/v1/x has no operationId"):
        sdk_files(document)
