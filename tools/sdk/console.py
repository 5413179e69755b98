"""What the console has to know of the Python client: the names of its methods."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tools.sdk.operations import operations
from tools.sdk.python_types import Types

ROOT = Path(__file__).resolve().parents[2]
METHODS = ROOT / "console" / "src" / "pages" / "explorer" / "sdk-methods.json"
"""By ``METHOD /path`` what the method gives, and its name: ``page calls.list``."""

_GIVES = {"page": "page", "download": "download", "json": "value", "nothing": "value"}


def methods_of_the_console(document: Mapping[str, Any]) -> str:
    """Return the text of :data:`METHODS`: of each method that takes its arguments by name.

    Files and streams of events are left out: they take more than one line to use.
    """
    names = {
        f"{each.method.upper()} {each.path.removeprefix('/api/v1')}": (
            f"{_GIVES[each.answer_kind]} {each.full_name}"
        )
        for each in operations(document, Types(document["components"]["schemas"]))
        if each.body_kind in {"none", "fields"} and each.answer_kind in _GIVES
    }
    return json.dumps(names, indent=2, sort_keys=True) + "\n"
