"""The module ``resources``: one file for each namespace, with its blocking and its async class."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from tools.sdk.models import PACKAGE as MODELS, Models, event_class, or_unset
from tools.sdk.names import pascal
from tools.sdk.operations import Operation, Parameter
from tools.sdk.python_types import Types, names_in
from tools.sdk.text import HEAD, docstring, imports, literal, standard_imports

PACKAGE = "mainspring_sdk.resources"
_RAW = ("nothing", "json", "page")
"""Answers that exist as a whole, and so have a raw form."""

_KIND = {"": "blocking", "Async": "for asyncio"}
_OF_CORE = {
    "ANYTHING": "_answers",
    "AsyncDownload": "_answers",
    "Download": "_answers",
    "AsyncEventStream": "_events",
    "EventStream": "_events",
    "ServerSentEvent": "_events",
    "as_it_is": "_events",
    "typed": "_events",
    "AsyncPages": "_paging",
    "Items": "_paging",
    "Page": "_paging",
    "AsyncTransport": "_async_transport",
    "Transport": "_transport",
    "Call": "_calls",
    "FileInput": "_calls",
    "headers_of": "_calls",
    "path_of": "_calls",
    "sent": "_calls",
    "Model": "_models",
    "async_raw": "_raw",
    "raw": "_raw",
}


@dataclass(frozen=True, slots=True)
class Namespace:
    """A place in the client: its own methods, and the places below."""

    path: tuple[str, ...]
    operations: list[Operation]
    below: list["Namespace"]

    @property
    def module(self) -> str:
        """Return the name of its module."""
        return "_".join(each.rstrip("_") for each in self.path)

    @property
    def class_name(self) -> str:
        """Return the name of its blocking class."""
        return f"{''.join(pascal(each) for each in self.path)}Resource"

    @property
    def has_raw(self) -> bool:
        """Tell whether any of its own methods has a raw form."""
        return any(each.answer_kind in _RAW for each in self.operations)


class Resources:
    """Writes the namespaces."""

    def __init__(self, operations: list[Operation], types: Types, models: Models) -> None:
        self._types = types
        self._models = models
        self._root = _tree((), operations)

    def files(self) -> dict[str, str]:
        """Return the sources by their file's name."""
        files = {f"{each.module}.py": self._file(each) for each in _below(self._root)}
        return {**files, "__init__.py": self._face()}

    def _face(self) -> str:
        by_module = {
            f"{PACKAGE}.{each.module}": [each.class_name, f"Async{each.class_name}"]
            for each in self._root.below
        }
        by_module["mainspring_sdk._transport"] = ["Transport"]
        by_module["mainspring_sdk._async_transport"] = ["AsyncTransport"]
        head = ['"""The parts of the API as attributes of a client.', "", HEAD, '"""', ""]
        lines = [*head, *imports(by_module), "", "", '__all__ = ["AsyncResources", "Resources"]']
        for prefix in ("", "Async"):
            words = f'    """Every part of the API, {_KIND[prefix]}."""'
            lines += ["", "", f"class {prefix}Resources:", words, ""]
            lines += self._constructor(self._root, prefix)
        return "\n".join(lines) + "\n"

    def _file(self, namespace: Namespace) -> str:
        lines: list[str] = []
        for operation in namespace.operations:
            if operation.answer_kind == "events" and operation.events:
                lines += self._event_types(operation)
        for prefix in ("", "Async"):
            lines += self._class(namespace, prefix)
        if namespace.has_raw:
            for prefix in ("", "Async"):
                lines += self._raw_class(namespace, prefix)
        used = {name for line in _code(lines) for name in names_in(line)}
        by_module: dict[str, set[str]] = defaultdict(set)
        for name in used & _OF_CORE.keys():
            by_module[f"mainspring_sdk.{_OF_CORE[name]}"].add(name)
        for name in used & self._models.module_of.keys():
            by_module[f"{MODELS}.{self._models.module_of[name]}"].add(name)
        for each in namespace.below:
            by_module[f"{PACKAGE}.{each.module}"] |= {each.class_name, f"Async{each.class_name}"}
        unset = sorted(used & {"UNSET", "UnsetType"})
        head = [f'"""The namespace ``{".".join(namespace.path)}``.', "", HEAD, '"""', ""]
        if "builtins" in used:
            head.append("import builtins")
        head += standard_imports(used)
        if unset:
            head += ["", f"from msgspec import {', '.join(unset)}"]
        return "\n".join([*head, "", *imports(by_module), "", "", *lines]).rstrip() + "\n"

    def _event_types(self, operation: Operation) -> list[str]:
        classes = {event: event_class(operation, event) for event, _ in operation.events}
        alias = _event_type(operation)
        kinds = ", ".join(f'"{event}": {name}' for event, name in classes.items())
        return [
            f"{alias} = {' | '.join(classes.values())}",
            f"_KINDS: dict[str, type[{alias}]] = {{{kinds}}}",
            "",
            "",
        ]

    def _class(self, namespace: Namespace, prefix: str) -> list[str]:
        name = f"{prefix}{namespace.class_name}"
        lines = [f"class {name}:"]
        lines += docstring(
            [f"What is under ``{'.'.join(namespace.path)}``, {_KIND[prefix]}."], indent=4
        )
        lines += ["", *self._constructor(namespace, prefix)]
        if namespace.has_raw:
            lines += [
                "",
                "    @property",
                f'    def with_raw_response(self) -> "{name}Raw":',
                '        """Return the same methods, with the whole answer."""',
                f"        return {name}Raw(self._transport.raw())",
            ]
        for operation in namespace.operations:
            lines += ["", *self._method(operation, prefix)]
        return [*lines, "", ""]

    def _constructor(self, namespace: Namespace, prefix: str) -> list[str]:
        lines = [
            f"    def __init__(self, transport: {prefix}Transport) -> None:",
            "        self._transport = transport",
        ]
        return lines + [
            f"        self.{each.path[-1]} = {prefix}{each.class_name}(transport)"
            for each in namespace.below
        ]

    def _raw_class(self, namespace: Namespace, prefix: str) -> list[str]:
        name = f"{prefix}{namespace.class_name}"
        wrap = "async_raw" if prefix else "raw"
        lines = [f"class {name}Raw:"]
        lines += docstring([f"The methods of :class:`{name}` with the whole answer."], indent=4)
        lines += ["", f"    def __init__(self, transport: {prefix}Transport) -> None:"]
        lines.append(f"        plain = {name}(transport)")
        lines += [
            f"        self.{each.name} = {wrap}(plain.{each.name})"
            for each in namespace.operations
            if each.answer_kind in _RAW
        ]
        return [*lines, "", ""]

    def _method(self, operation: Operation, prefix: str) -> list[str]:
        is_awaited = bool(prefix) and operation.answer_kind in ("nothing", "json")
        lines = [f"    {'async ' if is_awaited else ''}def {operation.name}(", "        self,"]
        lines += [f"        {each.name}: str," for each in operation.in_path]
        lines.append("        *,")
        lines += [f"        {each}," for each in self._keywords(operation)]
        lines.append(f"    ) -> {self._result(operation, prefix)}:")
        lines += self._documentation(operation)
        send = self._send(operation)
        returned = "" if operation.answer_kind == "nothing" else "return "
        lines.append(f"        {returned}{'await ' if is_awaited else ''}self._transport.{send}")
        return lines

    def _keywords(self, operation: Operation) -> Iterator[str]:
        """Yield the keyword parameters: what must be given first."""
        optional: list[str] = []
        for each in operation.body:
            annotation = self._types.of(each.schema, "parameter")
            if each.required:
                yield f"{each.name}: {annotation}"
            elif annotation == "Any":
                optional.append(f"{each.name}: Any = UNSET")
            else:
                optional.append(f"{each.name}: {or_unset(annotation)} = UNSET")
        if operation.body_kind == "json":
            yield f"body: {self._whole_body(operation)}"
        if operation.body_kind == "content":
            yield "content: bytes"
        for each in [*operation.in_query, *operation.in_header]:
            annotation = self._types.of(each.schema, "parameter").removesuffix(" | None")
            if each.required:
                yield f"{each.name}: {annotation}"
            else:
                optional.append(f"{each.name}: {annotation} | None = None")
        yield from optional
        if operation.takes_etag:
            yield "if_match: Model | str | None = None"
        if operation.takes_idempotency_key:
            yield "idempotency_key: str | None = None"
        yield "timeout: float | None = None"

    def _whole_body(self, operation: Operation) -> str:
        annotation = self._types.of(operation.body_schema or {}, "parameter")
        return annotation if operation.body_required else f"{annotation} | None = None"

    def _answer(self, operation: Operation) -> str:
        """Return the type of an answer; in a class with a method ``list``, that is no type."""
        written = self._types.of(operation.answer, "answered")
        return re.sub(r"\b(list|set)\[", r"builtins.\1[", written)

    def _result(self, operation: Operation, prefix: str) -> str:
        match operation.answer_kind:
            case "nothing":
                return "None"
            case "json":
                return self._answer(operation)
            case "page":
                return f"{'AsyncPages' if prefix else 'Page'}[{self._answer(operation)}]"
            case "events":
                return f"{prefix}EventStream[{_event_type(operation)}]"
            case "download":
                return f"{prefix}Download"

    def _send(self, operation: Operation) -> str:
        """Return the call of the transport's method that fits the answer."""
        call, answer = self._call(operation), self._answer(operation)
        match operation.answer_kind:
            case "nothing":
                return f"run({call})"
            case "json":
                return f"call({call}, {'ANYTHING' if answer == 'Any' or '|' in answer else answer})"
            case "page":
                return f"page({call}, Items[{answer}])"
            case "events":
                return f"events({call}, {'typed(_KINDS)' if operation.events else 'as_it_is'})"
            case "download":
                return f"download({call})"

    def _call(self, operation: Operation) -> str:
        parts = [f'method="{operation.method.upper()}"', f"path={_path(operation)}"]
        if operation.in_query:
            parts.append(f"query={_dict(operation.in_query)}")
        headers = [f"{_header(each)}={each.name}" for each in operation.in_header]
        if operation.takes_etag:
            headers.append("if_match=if_match")
        if operation.takes_idempotency_key:
            headers.append("idempotency_key=idempotency_key")
        if headers:
            parts.append(f"headers=headers_of({', '.join(headers)})")
        match operation.body_kind:
            case "fields":
                parts.append(f"body=sent({_dict(operation.body)})")
            case "form":
                parts.append(f"form=sent({_dict(operation.body)})")
            case "json":
                body = "body"
                if operation.takes_a_stream_flag:
                    body = '{**body, "stream": True}'
                absent = "" if operation.body_required else "UNSET if body is None else "
                parts.append(f"body={absent}{body}")
            case "content":
                parts.append("content=content")
            case "none":
                pass
        if operation.answer_kind == "download":
            parts.append('accept="*/*"')
        parts.append("timeout=timeout")
        return f"Call({', '.join(parts)})"

    def _documentation(self, operation: Operation) -> list[str]:
        where = f"``{operation.method.upper()} {operation.path}``"
        needs = {"": "", "public": "; open to everybody", "signed-in": "; for whoever is signed in"}
        permission = needs.get(operation.permission, f"; needs ``{operation.permission}``")
        paragraphs = [*operation.description.split("\n\n"), f"{where}{permission}."]
        if operation.takes_a_stream_flag:
            paragraphs.insert(1, 'Answers as events: the body says ``"stream": true``.')
        parameters = [*operation.in_path, *operation.body, *operation.in_query]
        told = [
            f"    {each.name}: {' '.join(each.description.split())}"
            for each in [*parameters, *operation.in_header]
            if each.description
        ]
        if operation.takes_etag:
            told.append("    if_match: The object as you read it, or its ETag.")
        if told:
            paragraphs.append("\n".join(["Args:", *told]))
        return docstring(paragraphs, indent=8)


def _event_type(operation: Operation) -> str:
    """Return the type of what a stream yields."""
    if not operation.events:
        return "ServerSentEvent"
    return f"{pascal('_'.join(operation.namespace))}Event"


def _tree(path: tuple[str, ...], operations: list[Operation]) -> Namespace:
    depth = len(path)
    inside = [each for each in operations if each.namespace[:depth] == path]
    own = [each for each in inside if len(each.namespace) == depth]
    names = sorted({each.namespace[depth] for each in inside if len(each.namespace) > depth})
    return Namespace(path, own, [_tree((*path, name), inside) for name in names])


def _below(namespace: Namespace) -> Iterator[Namespace]:
    for each in namespace.below:
        yield each
        yield from _below(each)


def _path(operation: Operation) -> str:
    if not operation.in_path:
        return f'"{operation.path}"'
    template = re.sub(r"\{[^}]*\}", "{}", operation.path)
    return f'path_of("{template}", {", ".join(each.name for each in operation.in_path)})'


def _dict(parameters: tuple[Parameter, ...]) -> str:
    return "{" + ", ".join(f"{literal(each.wire)}: {each.name}" for each in parameters) + "}"


def _header(parameter: Parameter) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "_", parameter.wire)


def _code(lines: list[str]) -> Iterator[str]:
    """Yield ``lines`` without docstrings."""
    is_text = False
    for line in lines:
        marks = line.count('"""')
        if not is_text and marks == 0:
            yield line
        if marks == 1:
            is_text = not is_text
