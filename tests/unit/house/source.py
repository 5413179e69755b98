"""Reading our own source, for the house rules."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = ROOT / "src" / "mainspring"


def modules(*roots: Path) -> list[Path]:
    """Return every Python file under ``roots`` (by default: the package)."""
    return [path for root in roots or (PACKAGE,) for path in sorted(root.rglob("*.py"))]


def our_files() -> list[Path]:
    """Return every Python file that we wrote: the package, the SDK, tests, tools, benchmarks."""
    return modules(PACKAGE, *(ROOT / name for name in ("sdk", "tests", "tools", "benchmarks")))


def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of ``path``."""
    return ast.parse(path.read_text("utf-8"), filename=str(path))


def dotted(node: ast.expr) -> str:
    """Return ``a.b.c`` for such an expression, and an empty text for any other."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join(reversed([*parts, node.id]))


def references(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield every dotted name that ``tree`` reads or imports, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield dotted(node), node.lineno
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node.lineno
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno


def place(path: Path, line: int | None = None) -> str:
    """Return how a finding is named: ``path`` below the root, and the line."""
    name = path.relative_to(ROOT).as_posix()
    return name if line is None else f"{name}:{line}"
