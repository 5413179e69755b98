"""Examples of every body in the OpenAPI document, put together from those of its fields.

A field says its own where its type does not suggest one; a test holds every example against its
schema, so a field whose pattern or bounds need words of its own is noticed.
"""

from collections.abc import Mapping
from typing import Any, Final, cast

_DEPTH: Final = 8
_DIGITS: Final = "0193f2c4a7be5d0f6c1a9e3b7d42c8f1"
_BY_FORMAT: Final[Mapping[str, str]] = {
    "date-time": "2026-11-22T09:30:00Z",
    "date": "2026-11-22",
    "email": "ada@example.com",
    "uri": "https://example.com",
    "binary": "",
}
_PREFIXES: Final[Mapping[str, str]] = {
    "access_id": "acc",
    "account_id": "svc",
    "actor_id": "usr",
    "directory_token_id": "dtk",
    "group_id": "grp",
    "invitation_id": "inv",
    "issuer_id": "iss",
    "key_id": "key",
    "model_id": "mdl",
    "org_id": "org",
    "policy_id": "pol",
    "project_id": "prj",
    "provider_id": "idp",
    "release_id": "rel",
    "request_id": "req",
    "rule_id": "arl",
    "secret_id": "sec",
    "session_id": "ses",
    "silence_id": "sil",
    "slo_id": "slo",
    "token_id": "tok",
    "upstream_id": "ups",
    "user_id": "usr",
}
_WORD: Final = "example"

Schema = Mapping[str, Any]


class Examples:
    """Makes examples for schemas of one document."""

    def __init__(self, schemas: Mapping[str, Schema]) -> None:
        self._schemas = schemas
        self._words = _words(schemas)

    def add_to(self, operation: dict[str, Any]) -> None:
        """Give the operation's request and its good answers an example each, where they lack one.

        Of a request the example holds what must be there, and whatever has an example of its own.
        """
        body = operation.get("requestBody", {}).get("content", {})
        answers = (
            answer.get("content", {})
            for status, answer in operation["responses"].items()
            if status.startswith("2")
        )
        for contents, is_request in ((body, True), *((each, False) for each in answers)):
            content = contents.get("application/json")
            if content and content.get("schema") and not content.keys() & {"example", "examples"}:
                content["example"] = self._of(content["schema"], "", (), is_request=is_request)

    def _of(self, schema: Schema, name: str, within: tuple[str, ...], *, is_request: bool) -> Any:  # noqa: ANN401 - any JSON
        if (found := _said(schema)) is not None:
            return found[0]
        if "$ref" in schema:
            target = str(schema["$ref"]).rpartition("/")[2]
            if target in within or len(within) >= _DEPTH:
                return None
            return self._of(self._schemas[target], name, (*within, target), is_request=is_request)
        for choice in ("anyOf", "oneOf"):
            if choice in schema:
                return self._chosen(schema[choice], name, within, is_request=is_request)
        kind = schema.get("type")
        if kind == "object":
            return self._object(schema, within, is_request=is_request)
        if kind == "array":
            item = self._of(schema.get("items", {}), name, within, is_request=is_request)
            return [] if item is None or schema.get("maxItems") == 0 else [item]
        return self._text(schema, name) if kind == "string" else _scalar(kind, schema)

    def _chosen(
        self,
        choices: list[Schema],
        name: str,
        within: tuple[str, ...],
        *,
        is_request: bool,
    ) -> Any:  # noqa: ANN401 - any JSON
        """Return an example of the first choice that says something, and ``null`` otherwise."""
        for choice in choices:
            if choice.get("type") != "null":
                found = self._of(choice, name, within, is_request=is_request)
                if found is not None:
                    return found
        return None

    def _object(
        self, schema: Schema, within: tuple[str, ...], *, is_request: bool
    ) -> dict[str, Any]:
        needed = set(schema.get("required", ()))
        return {
            name: self._of(each, name, within, is_request=is_request)
            for name, each in cast("Mapping[str, Schema]", schema.get("properties", {})).items()
            if not is_request or name in needed or self._is_told(each)
        }

    def _is_told(self, schema: Schema) -> bool:
        """Tell whether a field that may be left out has an example of its own."""
        return bool(schema.get("examples")) or any(
            each.get("examples") for each in schema.get("anyOf", ())
        )

    def _text(self, schema: Schema, name: str) -> str | None:
        if (formatted := _BY_FORMAT.get(schema.get("format", ""))) is not None:
            return formatted
        if name == "next_cursor":
            return None  # the last page
        singular = name.removesuffix("s")
        if singular in _PREFIXES:
            return f"{_PREFIXES[singular]}_{_DIGITS}"
        word = self._words.get(name, _WORD)
        return word.ljust(schema.get("minLength", 0), "-")[: schema.get("maxLength", 10_000)]


def _said(schema: Schema) -> tuple[Any] | None:
    """Return what the schema itself gives as an example, in a tuple, for it may be ``null``."""
    if schema.get("examples"):
        return (schema["examples"][0],)
    if "const" in schema:
        return (schema["const"],)
    if schema.get("default") is not None:
        return (schema["default"],)
    if schema.get("enum"):
        return (schema["enum"][0],)
    return None


def _scalar(kind: str | None, schema: Schema) -> float | bool | None:
    if kind in {"integer", "number"}:
        least = schema.get("minimum", schema.get("exclusiveMinimum", 0))
        return max(1, int(least) + ("exclusiveMinimum" in schema))
    return False if kind == "boolean" else None


def _words(schemas: Mapping[str, Schema]) -> dict[str, str]:
    """Return the first example of text that any field of a name has, by that name."""
    words: dict[str, str] = {}
    for schema in schemas.values():
        for name, field in cast("Mapping[str, Schema]", schema.get("properties", {})).items():
            for each in (field, *field.get("anyOf", ())):
                told = (each.get("examples") or [None])[0]
                if isinstance(told, str):
                    words.setdefault(name, told)
    return words
