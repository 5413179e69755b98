"""The document's operations, as the client needs them."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from tools.sdk.names import clashing, place, snake
from tools.sdk.python_types import Schema, Types, reference

Document = Mapping[str, Any]
_METHODS = ("get", "put", "post", "delete", "patch")
_OWN = frozenset({"self", "timeout", "if_match", "idempotency_key"})
"""Parameters that methods have beside those of the document."""

BodyKind = Literal["none", "fields", "json", "form", "content"]
AnswerKind = Literal["nothing", "json", "page", "events", "download"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of a method: what the API calls it, and what Python does."""

    wire: str
    name: str
    schema: Schema
    required: bool
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of the client.

    ``body`` holds the fields of a body that is taken apart; otherwise ``body_schema`` says what
    it is as a whole. ``answer`` is the schema of what a good answer holds, of a page its items.
    """

    operation_id: str
    tag: str
    method: str
    path: str
    namespace: tuple[str, ...]
    name: str
    description: str
    permission: str
    in_path: tuple[Parameter, ...]
    in_query: tuple[Parameter, ...]
    in_header: tuple[Parameter, ...]
    takes_etag: bool
    takes_idempotency_key: bool
    body_kind: BodyKind
    body: tuple[Parameter, ...] = ()
    body_schema: Schema | None = None
    body_required: bool = False
    content_type: str = ""
    answer_kind: AnswerKind = "nothing"
    answer: Schema | bool = True
    events: tuple[tuple[str, Schema], ...] = ()
    streams_on_request: bool = False

    @property
    def full_name(self) -> str:
        """Return how a caller spells the method, below the client."""
        return ".".join([*self.namespace, self.name])

    @property
    def takes_a_stream_flag(self) -> bool:
        """Tell whether the method is the one of two that asks for events."""
        return self.streams_on_request and self.answer_kind == "events"


def operations(document: Document, types: Types) -> list[Operation]:
    """Return every operation of ``document`` with a name that is its own.

    Raises:
        ValueError: if one has no id.
    """
    found = list(_read(document, types))
    namespaces = {
        each.namespace[:length] for each in found for length in range(1, len(each.namespace) + 1)
    }
    taken = clashing(each.full_name for each in found)
    taken |= {".".join(namespace) for namespace in namespaces}
    named = [
        replace(each, name=snake(each.operation_id)) if each.full_name in taken else each
        for each in found
    ]
    twins = [[each, _streaming(each)] if each.streams_on_request else [each] for each in named]
    return [each for both in twins for each in both]


def _read(document: Document, types: Types) -> Iterator[Operation]:
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method not in item:
                continue
            told = item[method]
            if "operationId" not in told:
                raise ValueError(f"{method.upper()} {path} has no operationId")
            parameters = [*item.get("parameters", []), *told.get("parameters", [])]
            yield _operation(method, path, {**told, "parameters": parameters}, types)


def _operation(method: str, path: str, told: Mapping[str, Any], types: Types) -> Operation:
    namespace, name = place(method, path, told["operationId"])
    parameters: list[Mapping[str, Any]] = told["parameters"]
    headers = {each["name"].lower() for each in parameters if each["in"] == "header"}
    in_path = [_parameter(each) for each in parameters if each["in"] == "path"]
    operation = Operation(
        operation_id=told["operationId"],
        tag=snake((told.get("tags") or ["other"])[0]),
        method=method,
        path=path,
        namespace=namespace,
        name=name,
        description=told.get("description") or told.get("summary", ""),
        permission=told.get("x-permission", ""),
        in_path=tuple(sorted(in_path, key=lambda each: path.index("{" + each.wire + "}"))),
        in_query=tuple(_parameter(each) for each in parameters if each["in"] == "query"),
        in_header=tuple(
            _parameter(each)
            for each in parameters
            if each["in"] == "header"
            and each["name"].lower() not in {"if-match", "idempotency-key"}
        ),
        takes_etag="if-match" in headers,
        takes_idempotency_key="idempotency-key" in headers,
        body_kind="none",
    )
    operation = _with_body(operation, told.get("requestBody"), types)
    return _apart(_with_answer(operation, told["responses"], types))


def _parameter(told: Mapping[str, Any]) -> Parameter:
    schema = told.get("schema", {})
    return Parameter(
        wire=told["name"],
        name=snake(told["name"]),
        schema=schema,
        required=told.get("required", False),
        description=told.get("description") or schema.get("description", ""),
    )


def _with_body(operation: Operation, told: Mapping[str, Any] | None, types: Types) -> Operation:
    if told is None:
        return operation
    content: Mapping[str, Any] = told["content"]
    content_type = next((each for each in content if _is_json(each)), next(iter(content)))
    schema: Schema = content[content_type].get("schema", {})
    required = told.get("required", False)
    operation = replace(
        operation, body_schema=schema, body_required=required, content_type=content_type
    )
    name = reference(schema)
    whole = types.schemas[name] if name is not None else schema
    fields = tuple(_field(each, whole) for each in whole.get("properties", {}).items())
    if content_type == "multipart/form-data" and fields:
        return replace(operation, body_kind="form", body=fields)
    if not _is_json(content_type):
        return replace(operation, body_kind="content")
    if fields and required and "discriminator" not in whole:
        return replace(operation, body_kind="fields", body=fields)
    return replace(operation, body_kind="json")


def _field(entry: tuple[str, Schema], whole: Schema) -> Parameter:
    wire, schema = entry
    return Parameter(
        wire=wire,
        name=snake(wire),
        schema=schema,
        required=wire in whole.get("required", ()),
        description=schema.get("description", ""),
    )


def _with_answer(operation: Operation, told: Mapping[str, Any], types: Types) -> Operation:
    good = [told[status] for status in sorted(told) if status.startswith("2")]
    bodies = [each["content"] for each in good if each.get("content")]
    content: dict[str, dict[str, Any]] = bodies[0] if bodies else {}
    events = content.get("text/event-stream")
    told_kinds: dict[str, Schema] = events.get("x-events", {}) if events is not None else {}
    kinds = tuple(told_kinds.items())
    as_json = next((body for name, body in content.items() if _is_json(name)), None)
    if as_json is not None:
        schema: Schema = as_json.get("schema", {})
        item = _item(operation, schema, types)
        return replace(
            operation,
            answer_kind="json" if item is None else "page",
            answer=schema if item is None else item,
            events=kinds,
            streams_on_request=events is not None,
        )
    if events is not None:
        return replace(operation, answer_kind="events", events=kinds)
    if content:
        return replace(operation, answer_kind="download")
    return operation


def _item(operation: Operation, schema: Schema, types: Types) -> Schema | None:
    """Return the schema of a list's items: an object of ``items`` and nothing but a cursor."""
    name = reference(schema)
    whole: Schema = {} if name is None else types.schemas[name]
    fields: dict[str, Schema] = whole.get("properties", {})
    if operation.method != "get" or "items" not in fields or set(fields) - {"items", "next_cursor"}:
        return None
    items = fields["items"]
    inside: Schema = items.get("items", {})
    return inside if items.get("type") == "array" else None


def _streaming(operation: Operation) -> Operation:
    """Return the twin that asks for events: ``"stream": true`` in its body says so."""
    return replace(operation, name=f"{operation.name}_stream", answer_kind="events", answer=True)


def _apart(operation: Operation) -> Operation:
    """Give parameters names that no other of the method has; those of the path keep theirs."""
    taken = Counter([*_OWN, *(each.name for each in operation.in_path)])

    def freed(parameters: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
        result: list[Parameter] = []
        for each in parameters:
            name = each.name
            while taken[name]:
                name = f"{name}_"
            taken[name] += 1
            result.append(replace(each, name=name))
        return tuple(result)

    return replace(
        operation,
        body=freed(operation.body),
        in_query=freed(operation.in_query),
        in_header=freed(operation.in_header),
    )


def _is_json(content_type: str) -> bool:
    essence = content_type.partition(";")[0].strip()
    return essence == "application/json" or (
        essence.endswith("+json") and essence != "application/problem+json"
    )
