"""What the tests of the SDK read from the OpenAPI document, without the generator's help."""

import functools
import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from mainspring.app.control.application import control_document

METHODS = ("get", "put", "post", "patch", "delete")


class Described(msgspec.Struct, frozen=True):
    """One operation of the document."""

    method: str
    path: str
    told: dict[str, Any]

    @property
    def name(self) -> str:
        """Return how the document calls it."""
        return str(self.told["operationId"])

    @property
    def pattern(self) -> re.Pattern[str]:
        """Return what fits the operation's real paths."""
        return re.compile(re.sub(r"\{[^}]+\}", "[^/]+", self.path))

    def parameters(self, place: str) -> set[str]:
        """Return the parameters in ``place``: ``path``, ``query`` or ``header``."""
        return {
            str(each["name"]).lower() if place == "header" else str(each["name"])
            for each in self.told.get("parameters", [])
            if each["in"] == place
        }

    def answer(self) -> Mapping[str, Any]:
        """Return the kinds of content of the good answer."""
        good = [body for status, body in self.told["responses"].items() if status[0] == "2"]
        return good[0].get("content", {})

    def status(self) -> int:
        """Return the status of the good answer."""
        return next(int(status) for status in self.told["responses"] if status[0] == "2")

    def body_fields(self) -> set[str]:
        """Return the fields of the JSON body."""
        content = self.told.get("requestBody", {}).get("content", {})
        schema = content.get("application/json", {}).get("schema", {})
        return set(resolved(schema).get("properties", {}))


@functools.cache
def document() -> dict[str, Any]:
    """Return the document as control serves it."""
    return control_document()


def described() -> list[Described]:
    """Return every operation."""
    return [
        Described(method.upper(), path, item[method])
        for path, item in document()["paths"].items()
        for method in METHODS
        if method in item
    ]


def resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return ``schema``, or what it refers to."""
    if "$ref" not in schema:
        return schema
    return document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]


def value_for(schema: Mapping[str, Any], within: tuple[str, ...] = ()) -> Any:  # noqa: ANN401 - any JSON
    """Return a value that fits ``schema``, with every field that it knows.

    ``within`` are the schemas that it is part of: a list of one of those stays empty.
    """
    within += (schema.get("$ref", ""),)
    schema = resolved(schema)
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return value_for(schema[choice][0], within)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    kinds: dict[str, Any] = {
        "string": "2026-01-02T03:04:05Z" if schema.get("format") == "date-time" else "text",
        "integer": 1,
        "number": 1.5,
        "boolean": True,
        "null": None,
    }
    match schema.get("type"):
        case "array":
            items = schema["items"]
            return [] if items.get("$ref") in within else [value_for(items, within)]
        case "object" if "properties" in schema:
            return {name: value_for(each, within) for name, each in schema["properties"].items()}
        case "object":
            inside = schema.get("additionalProperties")
            return {"name": value_for(inside, within)} if isinstance(inside, dict) else {"name": 1}  # pyright: ignore[reportUnknownArgumentType] - decoded JSON
        case kind:
            return kinds.get(str(kind), "anything")


def events_of(content: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield an example of each kind of event of a stream."""
    kinds = content["text/event-stream"].get("x-events") or {"message": {"type": "string"}}
    for name, schema in kinds.items():
        yield name, value_for(schema)
