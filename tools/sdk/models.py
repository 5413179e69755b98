"""The module ``models``: one class for each object that answers hold or bodies contain."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from tools.sdk.names import model_class, pascal, snake
from tools.sdk.operations import Operation
from tools.sdk.python_types import Schema, Types, Where, names_in
from tools.sdk.text import HEAD, docstring, imports, literal, standard_imports

SHARED = "shared"
"""Where models lie that several tags use."""

PACKAGE = "mainspring_sdk.models"


class Models:
    """Which models there are, and in which module each lies."""

    def __init__(self, operations: list[Operation], types: Types) -> None:
        self._types = types
        by_tag: dict[str, set[str]] = defaultdict(set)
        self._answered: set[str] = set()
        self._events: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._event_schemas: dict[str, Schema] = {}
        for operation in operations:
            answered = types.reachable(types.references(_answers(operation)))
            self._answered |= answered
            by_tag[operation.tag] |= answered | types.reachable(types.references(_sent(operation)))
            if operation.events and operation.answer_kind == "events":
                for event, schema in operation.events:
                    name = event_class(operation, event)
                    self._events[operation.tag].append((name, event))
                    self._event_schemas[name] = schema
        tags = defaultdict[str, list[str]](list)
        for tag, names in by_tag.items():
            for name in names:
                tags[name].append(tag)
        self._home = {name: found[0] if len(found) == 1 else SHARED for name, found in tags.items()}
        self.module_of = {model_class(name): module for name, module in self._home.items()}
        self.module_of |= {name: tag for tag, events in self._events.items() for name, _ in events}

    def files(self) -> dict[str, str]:
        """Return the sources by their file's name."""
        modules = sorted({*self._home.values(), *self._events})
        files = {f"{module}.py": self._module(module) for module in modules}
        return {**files, "__init__.py": self._face()}

    def _face(self) -> str:
        by_module: dict[str, list[str]] = defaultdict(list)
        for name, module in self.module_of.items():
            by_module[f"{PACKAGE}.{module}"].append(name)
        names = [f'    "{name}",' for name in sorted(self.module_of)]
        head = '"""The objects of the API, under the names that the OpenAPI document has.'
        lines = [head, "", HEAD, '"""', "", *imports(by_module), "", "__all__ = [", *names, "]"]
        return "\n".join(lines) + "\n"

    def _module(self, module: str) -> str:
        names = sorted(name for name, home in self._home.items() if home == module)
        bodies = [self._model(name) for name in self._ordered(names)]
        bodies += [self._event(name) for name, _ in self._events.get(module, [])]
        lines = [line for body in bodies for line in [*body, "", ""]]
        code = [line for line in lines if not line.strip().startswith(('"""', "#"))]
        used = {name for line in code for name in names_in(line)}
        own = {model_class(name) for name in names} | {
            name for name, _ in self._events.get(module, [])
        }
        others: dict[str, set[str]] = defaultdict(set)
        for name in (used & self.module_of.keys()) - own:
            others[f"{PACKAGE}.{self.module_of[name]}"].add(name)
        others["mainspring_sdk._models"] |= {"Model"} if names else set()
        others["mainspring_sdk._events"] |= {"Event"} & used
        unset = sorted(
            used & {"UNSET", "UnsetType", "field"},
            key=lambda each: (each == "field", each != "UNSET"),
        )
        third = [f"from msgspec import {', '.join(unset)}"] if unset else []
        what = (
            "Objects that several parts of the API share."
            if module == SHARED
            else f"Objects of the API's part `{module}`."
        )
        head = [f'"""{what}', "", HEAD, '"""', ""]
        blocks = [
            "from __future__ import annotations",
            *_block(standard_imports(used)),
            *_block(third),
            *_block(imports(others)),
        ]
        return "\n".join([*head, *blocks, "", "", *lines]).rstrip() + "\n"

    def _ordered(self, names: list[str]) -> list[str]:
        """Return ``names`` so that a default comes after the class that it is made of."""
        done: list[str] = []

        def visit(name: str, above: frozenset[str]) -> None:
            if name in done or name in above or name not in names:
                return
            for below in sorted(self._types.references(dict(self._types.schemas[name]))):
                visit(below, above | {name})
            done.append(name)

        for name in names:
            visit(name, frozenset())
        return done

    def _model(self, name: str) -> list[str]:
        schema = self._types.schemas[name]
        where: Where = "answered" if name in self._answered else "sent"
        keywords = "frozen=True, kw_only=True"
        tag_field, tag = self._types.tags.get(name, ("", ""))
        if tag_field:
            keywords += f', tag_field="{tag_field}", tag="{tag}"'
        lines = [f"class {model_class(name)}(Model, {keywords}):"]
        lines += docstring([schema.get("description") or f"The object `{name}`."], indent=4)
        fields: Mapping[str, Schema] = schema["properties"]
        secret = sorted(snake(each) for each, told in fields.items() if _is_secret(told))
        if secret:
            inside = ", ".join(f'"{each}"' for each in secret)
            lines += ["", f"    secret_fields_: ClassVar[frozenset[str]] = frozenset({{{inside}}})"]
        if tag_field:
            lines += ["", f'    {snake(tag_field)}: ClassVar[Literal["{tag}"]] = "{tag}"']
        lines.append("")
        for wire, told in fields.items():
            if wire != tag_field:
                lines += self._field(schema, wire, told, where)
        return lines

    def _field(self, model: Schema, wire: str, told: Schema, where: Where) -> list[str]:
        name = snake(wire)
        annotation = self._types.of(told, where)
        renamed = "" if name == wire else f'name="{wire}"'
        default = "" if wire in model.get("required", ()) else self._default(told, where)
        if not default and wire not in model.get("required", ()):
            if where == "sent":
                annotation, default = or_unset(annotation), "UNSET"
            else:
                annotation, default = _optional(annotation), "None"
        if renamed:
            given = (
                default.removeprefix("field(").removesuffix(")")
                if default.startswith("field(")
                else f"default={default}"
            )
            default = (
                f"field({', '.join(each for each in (renamed, given if default else '') if each)})"
            )
        lines = [f"    {name}: {annotation}{f' = {default}' if default else ''}"]
        description = _described(told, annotation)
        return [*lines, *docstring([description], indent=4)] if description else lines

    def _default(self, told: Schema, where: Where) -> str:
        """Return the expression of the default that the document tells, if it tells one."""
        if where == "sent" or "default" not in told:
            return ""
        value: object = told["default"]
        if isinstance(value, list):
            kind = self._types.of(told, where).removesuffix(" | None")
            made = f"lambda: {self._list(told)}" if value else kind
            return f"field(default_factory={made})"
        if isinstance(value, dict):
            inner = next(iter(self._types.references(dict(told))), None)
            made = self._made(inner, told["default"]) if inner else ""
            if made.endswith("()"):
                return f"field(default_factory={made.removesuffix('()')})"
            return f"field(default_factory=lambda: {made or literal(told['default'])})"
        return literal(value)

    def _list(self, told: Schema) -> str:
        """Return the expression of a list that is a default; of models, where it holds those."""
        inner = next(iter(self._types.references(dict(told.get("items", {})))), None)
        if inner is None:
            return literal(told["default"])
        return f"[{', '.join(self._made(inner, each) for each in told['default'])}]"

    def _made(self, name: str, value: Mapping[str, Any]) -> str:
        """Return the call that makes the model ``name``; its own defaults are left out."""
        fields: Mapping[str, Schema] = self._types.schemas[name]["properties"]
        parts: list[str] = []
        for wire, each in value.items():
            if "default" in fields.get(wire, {}) and fields[wire]["default"] == each:
                continue
            parts.append(f"{snake(wire)}={literal(each)}")
        return f"{model_class(name)}({', '.join(parts)})"

    def _event(self, name: str) -> list[str]:
        annotation = self._types.of(self._event_schemas[name], "answered")
        kind = next(
            event for found in self._events.values() for each, event in found if each == name
        )
        lines = [f"class {name}(Event, frozen=True, kw_only=True):"]
        lines += docstring([f"An event `{kind}`."], indent=4)
        return [*lines, "", f"    data: {annotation}"]


def event_class(operation: Operation, event: str) -> str:
    """Return the name of the class of one kind of event."""
    return f"{pascal('_'.join([*operation.namespace, event]))}Event"


def or_unset(annotation: str) -> str:
    """Return the type of what may be left out."""
    bare = annotation.removesuffix(" | None")
    return f"{bare} | UnsetType" + (" | None" if bare != annotation else "")


def _answers(operation: Operation) -> object:
    return [operation.answer, [schema for _, schema in operation.events]]


def _sent(operation: Operation) -> object:
    parameters = [*operation.in_query, *operation.in_header, *operation.body]
    whole = operation.body_schema if operation.body_kind == "json" else None
    return [whole, [each.schema for each in parameters]]


def _is_secret(told: Schema) -> bool:
    return told.get("format") == "password" or any(
        each.get("format") == "password" for each in told.get("anyOf", ())
    )


def _described(told: Schema, annotation: str) -> str:
    description = str(told.get("description", ""))
    values = told.get("enum") or next(
        (each["enum"] for each in told.get("anyOf", ()) if "enum" in each), None
    )
    if values and "Literal" not in annotation:
        listed = ", ".join(f"`{value}`" for value in values if value is not None)
        description = f"{description} One of {listed}.".strip()
    return description


def _optional(annotation: str) -> str:
    return (
        annotation
        if annotation in {"Any", "None"} or annotation.endswith("| None")
        else f"{annotation} | None"
    )


def _block(lines: list[str]) -> list[str]:
    return ["", *lines] if lines else []
