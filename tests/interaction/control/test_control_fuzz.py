"""Schemathesis reads the OpenAPI document and tries every operation on a real control plane.

The ordinary run is short and always the same; the nightly one goes deep. Cases that fit the schema
carry ids of things that exist as often as invented ones, so that they reach behind the first 404.

Requirements: U3
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any, Final, cast

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings, strategies as st
from schemathesis import GenerationMode, Response, checks as general
from schemathesis.specs.openapi import checks as by_document

from mainspring.kernel.clock import SystemClock
from tests.fixtures.control import Served

schemathesis.serializer.alias("application/jsonl", "application/octet-stream")
pytestmark = pytest.mark.xdist_group("fuzz")

_WITHOUT_END = frozenset(
    {"follow_live", "playground_chat", "playground_embeddings", "playground_rerank"}
)
"""Streams, and what another process answers; both have tests of their own."""

_ENDS_THE_CALLER = frozenset({"sign_out"})

_ONLY: Final[dict[str, dict[str, object]]] = {"put_four_eyes": {"enabled": False}}
"""What bodies say whatever else is made up: with two persons for all, nothing more would happen."""

_GENERAL: Any = general
_BY_DOCUMENT: Any = by_document
_CHECKS: list[Any] = [
    _GENERAL.not_a_server_error,
    _BY_DOCUMENT.status_code_conformance,
    _BY_DOCUMENT.content_type_conformance,
    _BY_DOCUMENT.response_headers_conformance,
    _BY_DOCUMENT.response_schema_conformance,
]
"""Not that whatever fits the schema is accepted: rules that a schema cannot say refuse by 422."""

_ORDER: Final = {"POST": 0, "GET": 1, "PATCH": 2, "PUT": 3, "DELETE": 4}
"""What is made first is there to be read and changed; deletions come last."""

# Both are generic by what no test cares about.
Operation = Any
Case = Any

_NOWHERE = "http://127.0.0.1:1"
_TIMEOUT_S = 20.0


class World:
    """One of everything, by the parameter that names it, and whatever the run itself makes."""

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        self.url = url
        self.session = requests.Session()
        self.session.headers.update(headers)
        self.known: dict[str, str] = {}
        self._made: dict[str, list[str]] = {}

    def make(self) -> None:
        """Make the things that paths and bodies can name."""
        known = self.known
        known["org_id"] = self._post("/organizations", name="Fuzzed")["id"]
        org = f"/organizations/{known['org_id']}"
        known["project_id"] = self._post(f"{org}/projects", name="P")["id"]
        known["user_id"] = self._post(
            "/users", email="fuzzed@example.com", name="F", password="correct horse battery"
        )["id"]
        known["group_id"] = self._post(f"{org}/groups", name="G")["id"]
        self._post(f"{org}/roles", name="own", permissions=[])
        known["name"] = "own"
        known["key_id"] = self._post(f"/projects/{known['project_id']}/keys", name="K")["id"]
        known["upstream_id"] = self._post("/upstreams", name="fuzzed", base_url=_NOWHERE)["id"]
        target = {"upstream_id": known["upstream_id"], "upstream_model": "m"}
        known["model_id"] = self._post("/models", name="fuzzed", targets=[target])["id"]
        known["release_id"] = self._post(
            f"/models/{known['model_id']}/releases", version="2", targets=[target]
        )["id"]
        known["account_id"] = self._post(
            f"{org}/service-accounts", name="a", project_ids=[known["project_id"]]
        )["id"]
        known["policy_id"] = self._post(
            "/policies", name="fuzzed", org_id=known["org_id"], cache={"mode": "off"}
        )["id"]
        known["slo_id"] = self._post("/slos", name="fuzzed", indicator="availability", target=0.9)[
            "id"
        ]
        channel = {"kind": "webhook", "url": "https://127.0.0.1:1/", "secret": "s"}
        known["channel_id"] = self._post("/notification-channels", name="fuzzed", **channel)["id"]
        known["silence_id"] = self._post(
            "/silences",
            matchers=[{"label": "model", "value": "m"}],
            until=(SystemClock().now() + timedelta(days=1)).isoformat(),
            reason="fuzzed",
        )["id"]
        known["rule_id"] = self._post("/access-rules", name="R", org_id=known["org_id"])["id"]

    def close(self) -> None:
        self.session.close()

    def remember(self, answer: Response) -> None:
        """Keep the id of what a case made: later ones may name it, and may delete it."""
        if answer.status_code != 201:
            return
        made = cast("object", answer.json())
        if isinstance(made, dict):
            found = cast("dict[str, object]", made).get("id")
            if isinstance(found, str):
                self._made.setdefault(found.partition("_")[0], []).append(found)

    def named(self, parameter: str, method: str) -> str | None:
        """Return a thing for ``parameter``; a deletion gets none that other cases need."""
        known = self.known.get(parameter)
        made = self._made.get(known.partition("_")[0]) if known is not None else None
        if method == "DELETE":
            return made.pop() if made else None
        return known

    def _post(self, path: str, **body: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
        answer = self.session.post(f"{self.url}/api/v1{path}", json=body, timeout=_TIMEOUT_S)
        assert answer.status_code == 201, (path, answer.text)
        return cast("dict[str, Any]", answer.json())


def _told(answer: Response, case: Case) -> None:
    """Check what holds for every answer, and that the document knows the refusal."""
    assert answer.headers.get("x-request-id"), "an answer without the id of its request"
    if answer.status_code < 400:
        assert str(answer.status_code) in _responses(case), "a success that is not documented"
        return
    problem = cast("dict[str, Any]", answer.json())
    assert problem["request_id"] == answer.headers["x-request-id"][0]
    assert problem["status"] == answer.status_code
    assert problem["next_step"]
    assert problem["code"] in _codes(case, answer.status_code), (
        f"{problem['code']} is not documented for {answer.status_code}"
    )


def _responses(case: Case) -> dict[str, Any]:
    return cast("dict[str, Any]", case.operation.definition.raw["responses"])


def _codes(case: Case, status: int) -> set[str]:
    """Return the codes of refusals that the document names for a status of an operation."""
    codes: set[str] = set()
    for each in (str(status), "default"):
        content = _responses(case).get(each, {}).get("content", {})
        codes |= set(content.get("application/problem+json", {}).get("examples", {}))
    return codes


def _filled(value: object, known: Mapping[str, str]) -> object:
    """Return a body whose ids are those of things that exist."""
    if isinstance(value, list):
        return [_filled(each, known) for each in cast("list[object]", value)]
    if not isinstance(value, dict):
        return value
    return {
        name: known[name]
        if name in known and name.endswith("_id") and isinstance(each, str)
        else _filled(each, known)
        for name, each in cast("dict[str, object]", value).items()
    }


def _operations(world: World) -> list[Operation]:
    """Return the operations to try; the caller's credential is the world's, never invented."""
    answer = world.session.get(f"{world.url}/api/v1/openapi.json", timeout=_TIMEOUT_S)
    document = cast("dict[str, Any]", answer.json())
    del document["components"]["securitySchemes"]
    for operations in document["paths"].values():
        for operation in operations.values():
            del operation["security"]
    schema: Any = schemathesis.openapi.from_dict(document)
    found: list[Operation] = [each.ok() for each in schema.get_all_operations()]
    left_out = _WITHOUT_END | _ENDS_THE_CALLER
    chosen = [each for each in found if each.definition.raw["operationId"] not in left_out]
    assert len(chosen) > 100
    return sorted(chosen, key=lambda each: _ORDER[each.method.upper()])


def _fuzz(served: Served, modes: Mapping[GenerationMode, int]) -> Iterator[str]:
    """Try every operation with so many cases of each mode; return what was found."""
    world = World(served.url, served.admin())
    world.make()
    try:
        for operation in _operations(world):
            for mode, examples in modes.items():
                if mode.is_negative and not _can_be_wrong(operation):
                    continue
                try:
                    _trial(world, operation, mode, examples)()
                except BaseExceptionGroup as group:
                    yield f"{operation.label}: {group.exceptions}"
                except Exception as error:  # noqa: BLE001 - every finding is told, not the first
                    yield f"{operation.label}: {type(error).__name__}: {error}"
    finally:
        world.close()


def _can_be_wrong(operation: Operation) -> bool:
    """Tell whether there is input that a schema confines; any text is good as a part of a path."""
    return bool(operation.body or operation.query)


def _trial(
    world: World, operation: Operation, mode: GenerationMode, examples: int
) -> Callable[[], None]:
    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],  # to shrink a finding would ask the server hundreds of times
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    @given(
        case=operation.as_strategy(mode),
        known=st.just(value=True) if examples == 1 else st.booleans(),
    )
    def run(case: Case, *, known: bool) -> None:
        if known and mode.is_positive:
            for name in case.path_parameters:
                thing = world.named(name, case.method)
                if thing is not None:
                    case.path_parameters[name] = thing
            case.headers.pop("Idempotency-Key", None)  # one that was used would end the case early
            case.body = _filled(case.body, world.known)
        said = _ONLY.get(operation.definition.raw["operationId"])
        if mode.is_positive and said is not None:
            case.body = {**cast("dict[str, object]", case.body), **said}
        answer = case.call(world.url, session=world.session, timeout=_TIMEOUT_S)
        world.remember(answer)
        wrong = [_BY_DOCUMENT.negative_data_rejection] if mode.is_negative else []
        checks: list[Any] = [*_CHECKS, *wrong]
        case.validate_response(answer, checks=checks)
        _told(answer, case)

    return run


@pytest.mark.timeout(300)
async def test_no_operation_fails_or_breaks_its_own_description(served: Served) -> None:
    modes = {GenerationMode.POSITIVE: 1, GenerationMode.NEGATIVE: 1}
    found = await asyncio.to_thread(lambda: list(_fuzz(served, modes)))
    assert not found, "\n".join(found)


@pytest.mark.nightly
@pytest.mark.timeout(3600)
async def test_no_operation_fails_however_long_it_is_tried(served: Served) -> None:
    modes = {GenerationMode.POSITIVE: 60, GenerationMode.NEGATIVE: 30}
    found = await asyncio.to_thread(lambda: list(_fuzz(served, modes)))
    assert not found, "\n".join(found)
