"""The SDK is generated from the present document, and has a method for every operation of it.

Requirements: U3
"""

import inspect
import os
import subprocess
import sys
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import httpx
import msgspec
import pytest

from mainspring_sdk import (
    AsyncDownload,
    AsyncEventStream,
    AsyncMainspring,
    AsyncPages,
    Download,
    EventStream,
    Mainspring,
    Model,
    Page,
)
from tests.unit.sdk.document import Described, described, document, events_of, value_for
from tools.sdk.generate import PACKAGE, stale_files

OPERATIONS = described()
OWN = {"openai", "close", "with_options", "with_raw_response"}


class Server:
    """Answers every operation as the document says, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[Described, httpx.Request]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path.partition(b"?")[0].decode()
        fitting = [
            each
            for each in OPERATIONS
            if each.method == request.method and each.pattern.fullmatch(path)
        ]
        # `/sessions/current` beside `/sessions/{id}`: what is spelt out wins.
        [operation, *_] = sorted(fitting, key=lambda each: each.path.count("{"))
        self.asked.append((operation, request))
        content = operation.answer()
        if not content:
            return httpx.Response(operation.status())
        accepted = request.headers["Accept"]
        if "text/event-stream" in content and accepted == "text/event-stream":
            lines = [
                f"event: {name}\ndata: {msgspec.json.encode(data).decode()}\n\n"
                for name, data in events_of(content)
            ]
            return httpx.Response(200, text="".join(lines), headers={"Content-Type": accepted})
        [(kind, body), *_] = sorted(content.items(), key=lambda told: "json" not in told[0])
        if "json" not in kind:
            return httpx.Response(operation.status(), headers={"Content-Type": kind}, text="a,b")
        example = value_for(body["schema"])
        if isinstance(example, dict) and "next_cursor" in example:
            example["next_cursor"] = None
        return httpx.Response(
            operation.status(), headers={"Content-Type": kind}, content=msgspec.json.encode(example)
        )


def methods(place: object) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield every method below ``place`` that is a call of the API, with its full name."""
    for name, _ in inspect.getmembers(type(place), inspect.isfunction):
        if not name.startswith("_") and name not in OWN:
            yield name, getattr(place, name)
    for name, below in vars(place).items():
        if not name.startswith("_"):
            for inner, method in methods(below):
                yield f"{name}.{inner}", method


def arguments(method: Callable[..., Any], *, everything: bool) -> tuple[list[Any], dict[str, Any]]:
    """Return arguments for ``method``: those that it needs, or all that it takes."""
    hints = get_type_hints(method)
    positional: list[Any] = []
    named: dict[str, Any] = {}
    for name, parameter in inspect.signature(method).parameters.items():
        value = sample(hints[name])
        if parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD:
            positional.append(value)
        elif everything or parameter.default is inspect.Parameter.empty:
            named[name] = '"r1"' if name == "if_match" else value
    return positional, named


def sample(hint: Any) -> Any:  # noqa: ANN401 - any annotation
    """Return a value of the annotated type."""
    origin, inside = get_origin(hint), get_args(hint)
    if origin in {Union, types.UnionType}:
        return sample(inside[0])
    if origin is Literal:
        return inside[0]
    if origin in {list, Sequence}:
        return [sample(inside[0])]
    if origin in {dict, Mapping}:
        return {"name": sample(inside[1])}
    if hint is datetime:
        return datetime(2026, 1, 2, tzinfo=UTC)
    if isinstance(hint, type) and issubclass(hint, Model):
        hints = get_type_hints(hint)
        return hint(
            **{each.name: sample(hints[each.name]) for each in msgspec.structs.fields(hint)}
        )
    plain: dict[Any, Any] = {str: "text/1", int: 3, float: 2.5, bool: True, bytes: b"x"}
    return plain.get(hint, "any")


def sync_client(server: Server) -> Mainspring:
    """Return a client of ``server``."""
    http = httpx.Client(transport=httpx.MockTransport(server))
    return Mainspring("http://control.test", "mst-1", http_client=http)


def async_client(server: Server) -> AsyncMainspring:
    """Return a client of ``server``."""
    http = httpx.AsyncClient(transport=httpx.MockTransport(server))
    return AsyncMainspring("http://control.test", "mst-1", http_client=http)


def call(method: Callable[..., Any], *, everything: bool) -> None:
    """Call a blocking method and read its whole answer."""
    positional, named = arguments(method, everything=everything)
    answer = method(*positional, **named)
    if isinstance(answer, Download):
        with answer:
            pass
    elif isinstance(answer, EventStream):
        with answer:
            assert list(answer)  # pyright: ignore[reportUnknownArgumentType] - of any kind
    elif isinstance(answer, Page):
        assert list(answer)  # pyright: ignore[reportUnknownArgumentType] - likewise


async def acall(method: Callable[..., Any], *, everything: bool) -> None:
    """Call a method for asyncio and read its whole answer."""
    positional, named = arguments(method, everything=everything)
    answer = method(*positional, **named)
    if isinstance(answer, AsyncPages):
        assert [item async for item in answer]  # pyright: ignore[reportUnknownVariableType] - of any kind
        return
    if isinstance(answer, AsyncDownload):
        async with answer:
            pass
        return
    if isinstance(answer, AsyncEventStream):
        async with answer:
            assert [event async for event in answer]  # pyright: ignore[reportUnknownVariableType] - likewise
        return
    await answer


def test_the_generated_half_belongs_to_the_present_document() -> None:
    assert sorted(map(str, stale_files(document()))) == [], (
        "the API changed: run .venv/bin/python -m tools.sdk.generate"
    )


def test_every_operation_has_a_blocking_method() -> None:
    server = Server()
    for _, method in methods(sync_client(server)):
        call(method, everything=False)
    assert {each.name for each, _ in server.asked} == {each.name for each in OPERATIONS}


async def test_every_operation_has_a_method_for_asyncio() -> None:
    server = Server()
    for _, method in methods(async_client(server)):
        await acall(method, everything=False)
    assert {each.name for each, _ in server.asked} == {each.name for each in OPERATIONS}


def test_both_clients_have_the_same_methods_with_the_same_parameters() -> None:
    def signatures(client: object) -> dict[str, list[tuple[str, str]]]:
        return {
            name: [
                (parameter.name, str(parameter.annotation))
                for parameter in inspect.signature(method).parameters.values()
            ]
            for name, method in methods(client)
        }

    assert signatures(sync_client(Server())) == signatures(async_client(Server()))


def check(operation: Described, request: httpx.Request) -> None:
    """Fail unless ``request`` holds everything that the document lets ``operation`` take."""
    assert set(request.url.params) == operation.parameters("query"), operation.name
    assert operation.parameters("header") <= set(request.headers), operation.name
    fields = operation.body_fields()
    if fields:
        assert set(msgspec.json.decode(request.content)) == fields, operation.name


def test_whatever_the_document_lets_an_operation_take_reaches_the_wire() -> None:
    server = Server()
    for _, method in methods(sync_client(server)):
        call(method, everything=True)
    for operation, request in server.asked:
        check(operation, request)
        assert request.headers["Authorization"] == "Bearer mst-1"


async def test_whatever_the_document_lets_an_operation_take_reaches_the_wire_from_asyncio() -> None:
    server = Server()
    for _, method in methods(async_client(server)):
        await acall(method, everything=True)
    for operation, request in server.asked:
        check(operation, request)


def test_ids_cannot_lead_a_call_elsewhere() -> None:
    server = Server()
    client = sync_client(server)
    for strange in ("", ".", ".."):
        with pytest.raises(ValueError, match="no id or name"):
            client.keys.get(strange)
    client.keys.get("key_1/../../users?x=1#y")
    [(operation, request)] = server.asked
    assert operation.name == "get_key"
    assert request.url.raw_path == b"/api/v1/keys/key_1%2F..%2F..%2Fusers%3Fx%3D1%23y"


@pytest.mark.parametrize("name", ["mainspring", "fastapi", "pydantic", "openai"])
def test_importing_the_sdk_loads_only_its_own_dependencies(name: str) -> None:
    program = f"import mainspring_sdk, sys; sys.exit({name!r} in sys.modules)"
    environ = {**os.environ, "PYTHONPATH": str(PACKAGE.parent)}
    done = subprocess.run([sys.executable, "-c", program], env=environ, check=False, timeout=60)
    assert done.returncode == 0
