"""The module ``errors``: a class for each code that the document shows an example of."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from tools.sdk.names import pascal
from tools.sdk.text import HEAD, docstring, imports

PACKAGE = "mainspring_sdk.errors"
_MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A code with its HTTP status and what it means."""

    code: str
    status: int
    title: str

    @property
    def class_name(self) -> str:
        """Return the name of its class."""
        return f"{pascal(self.code.removesuffix('_error'))}Error"


def error_files(document: Mapping[str, Any], tree: Path) -> dict[str, str]:
    """Return the sources by their file's name; ``tree`` is the module written by hand."""
    found = sorted(set(_refusals(document)), key=lambda each: each.code)
    by_hand, of_status = _classes(tree)
    own = [each for each in found if each.class_name not in by_hand]
    bases = {each: of_status.get(each.status, _wider(each.status)) for each in own}
    lines = ['"""A class for each code of a refusal.', "", HEAD, '"""', ""]
    used = {"ApiError", *bases.values(), *({each.class_name for each in found} & by_hand)}
    lines += imports({f"{PACKAGE}.tree": used})
    for each in own:
        lines += ["", "", f"class {each.class_name}({bases[each]}):"]
        lines += docstring([f"``{each.code}``, {each.status}: {each.title}."], indent=4)
    lines += ["", "", "BY_CODE: dict[str, type[ApiError]] = {"]
    lines += [f'    "{each.code}": {each.class_name},' for each in found]
    lines += ["}", '"""The class of each code; any other code has the class of its status."""', ""]
    return {"codes.py": "\n".join(lines), "__init__.py": _face(own, by_hand)}


def _face(own: list[Refusal], by_hand: set[str]) -> str:
    written = {each.class_name for each in own}
    lines = ['"""Every error of this package.', "", HEAD, '"""', ""]
    lines += imports({f"{PACKAGE}.codes": written, f"{PACKAGE}.tree": by_hand})
    lines += ["", "__all__ = [", *[f'    "{name}",' for name in sorted(written | by_hand)], "]", ""]
    return "\n".join(lines)


def _refusals(document: Mapping[str, Any]) -> Iterator[Refusal]:
    shared: Mapping[str, Any] = document["components"].get("examples", {})
    for content in _problems(document):
        for code, example in content.get("examples", {}).items():
            told = shared[example["$ref"].rpartition("/")[2]] if "$ref" in example else example
            yield Refusal(code, told["value"]["status"], told["summary"])


def _problems(node: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(node, dict):
        for key, value in cast("dict[str, Any]", node).items():
            if key == _MEDIA_TYPE:
                yield value
            else:
                yield from _problems(value)


def _classes(tree: Path) -> tuple[set[str], dict[int, str]]:
    """Return the classes written by hand, and which of them stand for a status."""
    names: set[str] = set()
    of_status: dict[int, str] = {}
    for node in ast.parse(tree.read_text("utf-8")).body:
        if isinstance(node, ast.ClassDef):
            names.add(node.name)
            told = re.match(r"(\d{3}): ", ast.get_docstring(node) or "")
            if told:
                of_status[int(told[1])] = node.name
    return names, of_status


def _wider(status: int) -> str:
    return "ServerError" if status >= 500 else "ApiError"
