"""Write the reference pages that follow from the code: errors, metrics, alerts, settings,
permissions, commands.

The code is the source; the pages are committed so that they are read in reviews, and a test
compares them. Each page exists in English and Chinese.

    python -m tools.generate_docs           write the pages
    python -m tools.generate_docs --check   write nothing, fail if a page would change
"""

import argparse
import functools
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from mainspring.app.control.permissions import ALL_PERMISSIONS
from mainspring.app.variables import documented_variables
from mainspring.capabilities.identity.api import BUILT_IN_ROLES
from mainspring.capabilities.identity.domain import Level
from mainspring.kernel.access import EVERYTHING
from mainspring.kernel.errors import error_catalogue
from mainspring.wire.telemetry import METRICS
from mainspring.wire.texts import (
    LANGUAGES,
    Language,
    error_texts,
    metric_texts,
    translated_access,
)
from tools import reference_texts as texts
from tools.reference_cli import cli_sections
from tools.watching.rules import ALERTS

ROOT = Path(__file__).resolve().parent.parent


def errors_page(language: Language) -> str:
    """Return the error catalogue: one heading per code, so that each can be linked to."""
    page = texts.ERRORS[language]
    status, title, next_step = page.heads
    colon = ": " if language == "en" else "："
    catalogue = error_texts(language)
    parts: list[str] = []
    for code, error in error_catalogue().items():
        text = catalogue[code]
        parts.append(f"## {code} {{ #{code} }}")
        parts.append(
            f"- **{status}**{colon}{error.status}\n"
            f"- **{title}**{colon}{_in_prose(text.title)}\n"
            f"- **{next_step}**{colon}{_in_prose(text.next_step)}"
        )
    return _page(language, page, parts)


def metrics_page(language: Language) -> str:
    """Return the table of every registered metric."""
    page = texts.METRICS[language]
    help_texts = metric_texts(language)
    rows = [
        (
            f"`{metric.name}`",
            texts.METRIC_TYPES[language][metric.type],
            ", ".join(f"`{label}`" for label in metric.labels) or "–",
            help_texts[metric.name],
        )
        for metric in sorted(METRICS, key=lambda metric: metric.name)
    ]
    return _page(language, page, [_table(page.heads, rows)])


def alerts_page(language: Language) -> str:
    """Return the runbook of every shipped alert: one heading each, to which the alert links."""
    page = texts.ALERTS[language]
    severity, condition, lasting, what_to_do = page.heads
    colon, comma = (": ", ", ") if language == "en" else ("：", "，")
    parts: list[str] = []
    for alert in ALERTS:
        parts.append(f"## {alert.name} {{ #{alert.name.lower()} }}")
        parts.append(
            f"- **{severity}**{colon}`{alert.severity}`\n"
            f"- **{condition}**{colon}`{alert.condition}`{comma}{lasting} `{alert.lasting}`\n"
            f"- **{what_to_do}**{colon}{alert.runbook[language]}"
        )
    return _page(language, page, parts)


def settings_page(language: Language) -> str:
    """Return the table of every environment variable that the platform reads."""
    page = texts.SETTINGS[language]
    names = texts.PARTS[language]
    rows = [
        (
            f"`{entry.variable.name}`",
            texts.UNSET[language]
            if entry.variable.default is None
            else f"`{entry.variable.default}`",
            entry.variable.meaning if language == "en" else entry.variable.meaning_zh,
            (", " if language == "en" else "、").join(names[part] for part in entry.parts),
        )
        for entry in documented_variables()
    ]
    return _page(language, page, [_table(page.heads, rows)])


def cli_page(language: Language) -> str:
    """Return every command with its arguments and options."""
    return _page(language, texts.CLI[language], cli_sections(language))


def permissions_page(language: Language) -> str:
    """Return every permission, every built-in role, and what each of these permits."""
    page = texts.PERMISSIONS[language]
    words = texts.ROLES[language]
    translated = None if language == "en" else translated_access(language)
    rows = [
        (
            f"`{permission.name}`",
            translated.permissions[permission.name] if translated else permission.description,
            words.platform_only if permission.of_platform else words.anywhere,
        )
        for permission in ALL_PERMISSIONS
    ]
    roles = [
        (
            f"`{role.role}`",
            translated.roles[role.role] if translated else role.description,
            words.between.join(words.levels[level] for level in Level if level in role.levels),
            words.everything
            if EVERYTHING in role.permissions
            else ", ".join(f"`{name}`" for name in sorted(role.permissions)),
        )
        for role in BUILT_IN_ROLES.values()
    ]
    parts = [
        f"## {words.roles_title}",
        words.roles_intro,
        _table(words.roles_heads, roles),
        f"## {words.permissions_title}",
        _table(page.heads, rows),
    ]
    return _page(language, page, parts)


PAGES: dict[str, Callable[[Language], str]] = {
    "reference/alerts.md": alerts_page,
    "reference/cli.md": cli_page,
    "reference/errors.md": errors_page,
    "reference/metrics.md": metrics_page,
    "reference/permissions.md": permissions_page,
    "reference/settings.md": settings_page,
}


def generated_pages() -> dict[Path, Callable[[], str]]:
    """Return every generated page: its path under ``docs/``, and what renders its text."""
    return {
        Path(language) / name: functools.partial(render, language)
        for language in LANGUAGES
        for name, render in PAGES.items()
    }


def _page(language: Language, page: texts.PageTexts, parts: Sequence[str]) -> str:
    head = [f"# {page.title}", texts.GENERATED[language], page.intro]
    return "\n\n".join([*head, *parts]) + "\n"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [list(heads), ["---"] * len(heads), *[list(row) for row in rows]]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |"
        for line in lines
    )


def _in_prose(text: str) -> str:
    """Keep ``<key>`` and the like from being read as HTML."""
    return text.replace("<", "&lt;").replace(">", "&gt;")


def main() -> int:
    """Read the command line; write or compare."""
    parser = argparse.ArgumentParser(description="Generate the reference pages from the code.")
    parser.add_argument("--check", action="store_true", help="compare only")
    check: bool = parser.parse_args().check
    stale: list[Path] = []
    for place, render in generated_pages().items():
        text = render()
        path = ROOT / "docs" / place
        if path.is_file() and path.read_text("utf-8") == text:
            continue
        stale.append(place)
        if not check:
            path.write_text(text, "utf-8")
    for place in stale:
        print(f"{'differs' if check else 'wrote'}: docs/{place}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
