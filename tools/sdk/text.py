"""Pieces of Python source: docstrings, imports, literals."""

import json
import textwrap
from collections.abc import Iterable, Mapping
from typing import cast

WIDTH = 100
HEAD = "Written by tools/sdk from the OpenAPI document; do not edit."

_STANDARD = {
    "Any": "typing",
    "ClassVar": "typing",
    "Final": "typing",
    "Literal": "typing",
    "Mapping": "collections.abc",
    "Sequence": "collections.abc",
    "date": "datetime",
    "datetime": "datetime",
}


def docstring(paragraphs: Iterable[str], *, indent: int) -> list[str]:
    """Return the lines of a docstring; a paragraph that has lines of its own keeps them."""
    space = " " * indent
    width = WIDTH - indent
    parts = [_safe(each.strip()) for each in paragraphs if each.strip()]
    if len(parts) == 1 and "\n" not in parts[0] and len(parts[0]) + 6 <= width:
        return [f'{space}"""{_ended(parts[0])}"""']
    lines: list[str] = []
    for part in parts:
        if lines:
            lines.append("")
        for line in part.splitlines():
            hanging = len(line) - len(line.lstrip())
            lines += textwrap.wrap(
                line.strip(),
                width - hanging - 3,
                initial_indent=" " * hanging,
                subsequent_indent=" " * (hanging + 4 if hanging else 0),
                break_long_words=False,
                break_on_hyphens=False,
            )
    body = [f"{space}{line}".rstrip() for line in lines[1:]]
    return [f'{space}"""{lines[0]}', *body, f'{space}"""']


def standard_imports(names: set[str]) -> list[str]:
    """Return the import lines of what ``names`` take from the standard library."""
    by_module: dict[str, list[str]] = {}
    for name in sorted(names & _STANDARD.keys()):
        by_module.setdefault(_STANDARD[name], []).append(name)
    return [f"from {module} import {', '.join(by_module[module])}" for module in sorted(by_module)]


def imports(by_module: Mapping[str, Iterable[str]]) -> list[str]:
    """Return import lines, sorted."""
    found = {module: sorted(set(names), key=_import_order) for module, names in by_module.items()}
    lines = {module: f"from {module} import {', '.join(names)}" for module, names in found.items()}
    return [lines[module] for module in sorted(found) if found[module]]


def literal(value: object) -> str:
    """Return ``value``, which is JSON, as Python writes it."""
    if isinstance(value, list):
        return f"[{', '.join(literal(each) for each in cast('list[object]', value))}]"
    if isinstance(value, dict):
        items = cast("dict[str, object]", value).items()
        return f"{{{', '.join(f'{literal(key)}: {literal(each)}' for key, each in items)}}}"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def _import_order(name: str) -> tuple[int, str]:
    """Order names as the linter does: constants, classes, the rest."""
    return (0 if name.isupper() else 1 if name[:1].isupper() else 2, name)


def _safe(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"""', "'''")


def _ended(text: str) -> str:
    return f"{text} " if text.endswith('"') else text
