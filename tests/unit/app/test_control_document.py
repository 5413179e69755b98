"""What holds for every operation of the control API, by its OpenAPI document."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

import jsonschema_rs
import pytest
import pytest_asyncio

from mainspring.app.control.application import control_document

METHODS = {"get", "post", "put", "patch", "delete"}

REPORTS = {"summarize_usage", "summarize_costs", "list_idle_resources"}
"""Reports made whole for one question and bounded, which are no lists to walk through."""

SENT_WHOLE = {"put_member", "put_project_member", "put_group_member"}
"""One value, or none, sent whole and again without harm: there is no half to be overwritten."""

OPENS_A_SESSION = {"complete_setup", "sign_in", "accept_invitation"}
"""What opens a session is never given a second time out of a register."""


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def document() -> dict[str, Any]:
    return control_document()


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in document["paths"].values():
        for method, operation in path.items():
            if method in METHODS:
                yield method, operation


def parameters(operation: Mapping[str, Any]) -> set[str]:
    return {str(each["name"]).lower() for each in operation.get("parameters", ())}


def good_bodies(operation: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for status, answer in operation["responses"].items():
        if status.startswith("2") and "application/json" in answer.get("content", {}):
            yield answer["content"]["application/json"]


def fields(document: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return cast("dict[str, Any]", schema.get("properties", {}))


async def test_every_list_is_read_by_cursor(document: dict[str, Any]) -> None:
    lists = 0
    for method, operation in operations(document):
        found = [fields(document, each["schema"]) for each in good_bodies(operation)]
        if method != "get" or operation["operationId"] in REPORTS:
            continue
        if any("items" in each for each in found):
            lists += 1
            assert parameters(operation) >= {"limit", "cursor"}, operation["operationId"]
            assert all("next_cursor" in each for each in found), operation["operationId"]
    assert lists > 30


async def test_every_update_can_say_which_revision_it_means(document: dict[str, Any]) -> None:
    updates = [each for method, each in operations(document) if method in {"patch", "put"}]
    for operation in updates:
        if operation["operationId"] in SENT_WHOLE:
            continue
        assert "if-match" in parameters(operation), operation["operationId"]
        assert "412" in operation["responses"], operation["operationId"]
    assert len(updates) > 15


async def test_every_creation_takes_an_idempotency_key(document: dict[str, Any]) -> None:
    creations = [
        operation
        for method, operation in operations(document)
        if method == "post" and "201" in operation["responses"]
    ]
    without = {
        operation["operationId"]
        for operation in creations
        if "idempotency-key" not in parameters(operation)
    }
    assert without == OPENS_A_SESSION
    assert len(creations) > 25


async def test_every_refusal_is_a_problem_with_examples_by_code(document: dict[str, Any]) -> None:
    for _, operation in operations(document):
        refusals = {
            status: answer
            for status, answer in operation["responses"].items()
            if status[0] not in "123"
        }
        assert refusals.keys() >= {"503", "default"}, operation["operationId"]
        assert "401" in refusals or not operation["security"], operation["operationId"]
        for status, answer in refusals.items():
            case = (operation["operationId"], status)
            assert list(answer["content"]) == ["application/problem+json"], case
            content = answer["content"]["application/problem+json"]
            assert content["schema"] == {"$ref": "#/components/schemas/Problem"}, case
            assert content["examples"], case


async def test_every_body_has_an_example_that_fits_it(document: dict[str, Any]) -> None:
    examples = 0
    unfit: list[str] = []
    for _, operation in operations(document):
        bodies = list(good_bodies(operation))
        request = operation.get("requestBody", {}).get("content", {}).get("application/json")
        for body in [*bodies, request] if request else bodies:
            told = body.get("examples", {}).values()
            values = [body["example"]] if "example" in body else [each["value"] for each in told]
            assert values, operation["operationId"]
            schema = {**body["schema"], "components": document["components"]}
            validator = jsonschema_rs.Draft202012Validator(schema)
            unfit += [
                f"{operation['operationId']} {error.instance_path}: {error.message[:200]}"
                for value in values
                for error in validator.iter_errors(value)
            ]
            examples += len(values)
    assert unfit == []
    assert examples > 150
