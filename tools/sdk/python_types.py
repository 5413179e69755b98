"""JSON Schema as Python's types.

What is sent may be exact; what is answered is read leniently: an enumeration that a later release
extends must not break an older client, so there it is plain text.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, cast

from tools.sdk.names import model_class

Where = Literal["parameter", "sent", "answered"]
"""A method's parameter, a model that is only sent, or one that answers hold (and bodies may)."""

Schema = Mapping[str, Any]
_REF = "#/components/schemas/"
_PLAIN = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "null": "None",
}
_TEXTS = frozenset({"str", "datetime", "date", "bytes", "FileInput"})


class Types:
    """Writes types; ``schemas`` are the document's components."""

    def __init__(self, schemas: Mapping[str, Schema]) -> None:
        self.schemas = schemas
        self.tags = dict(self._tags())

    def of(self, schema: Schema | bool, where: Where) -> str:
        """Return the annotation of ``schema``."""
        if isinstance(schema, bool) or not schema:
            return "Any"
        name = reference(schema)
        if name is not None:
            return model_class(name) if self.is_model(name) else self.of(self.schemas[name], where)
        for choice in ("anyOf", "oneOf"):
            if choice in schema:
                return self._union(schema, schema[choice], where)
        if "allOf" in schema:
            parts: list[Schema] = schema["allOf"]
            return self.of(parts[0], where) if len(parts) == 1 else "Any"
        if "const" in schema:
            return _values([schema["const"]], where)
        if "enum" in schema:
            return _values(schema["enum"], where)
        kind = schema.get("type")
        if isinstance(kind, list):
            kinds = cast("list[str]", kind)
            return self._union({}, [{**schema, "type": each} for each in kinds], where)
        return self._simple(schema, kind, where)

    def is_model(self, name: str) -> bool:
        """Tell whether a component is a class of its own."""
        schema = self.schemas[name]
        return schema.get("type") == "object" and "properties" in schema

    def references(self, schema: object) -> Iterator[str]:
        """Yield the models that ``schema`` speaks of, not those that they speak of."""
        if isinstance(schema, list):
            for each in cast("list[object]", schema):
                yield from self.references(each)
        elif isinstance(schema, dict):
            node = cast("dict[str, object]", schema)
            name = reference(node)
            if name is None:
                for key, value in node.items():
                    if key not in {"default", "examples", "example"}:
                        yield from self.references(value)
            elif self.is_model(name):
                yield name
            else:
                yield from self.references(self.schemas[name])

    def reachable(self, roots: Iterator[str]) -> set[str]:
        """Return ``roots`` and every model below them."""
        found: set[str] = set()
        waiting = list(roots)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += self.references(dict(self.schemas[name]))
        return found

    def _simple(self, schema: Schema, kind: object, where: Where) -> str:
        if kind == "string":
            if "contentMediaType" in schema or schema.get("format") == "binary":
                return "FileInput" if where == "parameter" else "bytes"
            return {"date-time": "datetime", "date": "date"}.get(schema.get("format", ""), "str")
        if kind == "array":
            items = self.of(schema.get("items", True), where)
            return f"Sequence[{items}]" if where == "parameter" else f"list[{items}]"
        if kind == "object" or "additionalProperties" in schema or "properties" in schema:
            values = "Any"
            if "properties" not in schema:
                values = self.of(schema.get("additionalProperties", True), where)
            return f"Mapping[str, {values}]" if where == "parameter" else f"dict[str, {values}]"
        return _PLAIN.get(str(kind), "Any")

    def _union(self, schema: Schema, parts: list[Schema], where: Where) -> str:
        written = list(dict.fromkeys(self.of(part, where) for part in parts))
        if "Any" in written:
            return "Any"
        others = [each for each in written if each != "None"]
        if where == "answered" and not self._readable(schema, parts, others):
            return "Any"
        is_nullable = "None" in written or any(each.endswith("| None") for each in others)
        others = [each.removesuffix(" | None") for each in others]
        return " | ".join([*others, *(["None"] if is_nullable else [])])

    def _readable(self, schema: Schema, parts: list[Schema], written: list[str]) -> bool:
        """Tell whether a reader can tell the choices apart without trying each."""
        models = [each for each in map(reference, parts) if each and self.is_model(each)]
        objects = len(models) + sum(each.startswith("dict[") for each in written)
        tagged = "discriminator" in schema and all(name in self.tags for name in models)
        texts = sum(each in _TEXTS for each in written)
        lists = sum(each.startswith("list[") for each in written)
        return texts <= 1 and lists <= 1 and (objects <= 1 or (tagged and objects == len(models)))

    def _tags(self) -> Iterator[tuple[str, tuple[str, str]]]:
        """Yield the models that a field of theirs tells apart: name, field, value."""
        for union in _discriminated(dict(self.schemas)):
            field = str(union["discriminator"]["propertyName"])
            for part in union.get("oneOf", union.get("anyOf", [])):
                name = reference(part)
                if name is None or not self.is_model(name):
                    continue
                value: object = self.schemas[name]["properties"].get(field, {}).get("const")
                if isinstance(value, str):
                    yield name, (field, value)


def reference(schema: Schema) -> str | None:
    """Return the name of the component that ``schema`` is, if it is one."""
    target = schema.get("$ref")
    return target.removeprefix(_REF) if isinstance(target, str) else None


def names_in(annotation: str) -> set[str]:
    """Return the identifiers in ``annotation``, those inside of literals left out."""
    return set(re.findall(r"[A-Za-z_][A-Za-z0-9_]*", re.sub(r'"[^"]*"', "", annotation)))


def _values(values: list[Any], where: Where) -> str:
    kinds: set[type[object]] = {type(value) for value in values if value is not None}
    none = " | None" if None in values else ""
    if kinds == {str} and where != "answered":
        inside = ", ".join(json.dumps(value) for value in values if value is not None)
        return f"Literal[{inside}]{none}"
    for kind in (str, bool, int, float):
        if kinds == {kind}:
            return f"{kind.__name__}{none}"
    return "None" if not kinds else "Any"


def _discriminated(node: object) -> Iterator[dict[str, Any]]:
    if isinstance(node, list):
        for each in cast("list[object]", node):
            yield from _discriminated(each)
    elif isinstance(node, dict):
        found = cast("dict[str, Any]", node)
        if isinstance(found.get("discriminator"), dict):
            yield found
        for value in found.values():
            yield from _discriminated(value)
