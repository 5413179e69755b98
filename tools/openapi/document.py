"""The shapes of control's OpenAPI document, built without starting anything."""

import hashlib
import json
from pathlib import Path
from typing import Any, cast

from mainspring.app.control.application import fastapi_application
from mainspring.app.control.wiring import Control
from mainspring.app.home import Home
from mainspring.app.settings import ControlSettings

ROOT = Path(__file__).resolve().parents[2]
TYPES = ROOT / "console" / "src" / "api" / "schema.d.ts"
"""The console's types, generated from the document."""

_WORDS = frozenset({"description", "summary", "title", "example", "examples", "info"})
"""Keywords that change no type; types would be out of date at every better wording."""

_NAMING = frozenset({"properties", "schemas", "responses", "paths", "parameters", "headers"})
"""Keywords below which the keys are names of the API's own."""

_SEAL = "// openapi sha256 "


def openapi_document(directory: Path) -> dict[str, Any]:
    """Return the document without its words; ``directory`` stands for a data directory."""
    home = Home(directory)
    control = Control(
        ControlSettings(
            home=home.root,
            host="127.0.0.1",
            port=0,
            database_url="postgresql://nobody@127.0.0.1:1/none",
            internal_token_file=home.internal_token,
            master_key_file=home.master_key,
            session_key_file=home.session_key,
            setup_link_file=home.setup_link,
            admin_token_file=home.admin_token,
            first_key_file=home.first_key,
            gateway_url="http://127.0.0.1:8080",
        )
    )
    shapes = cast("dict[str, Any]", _shapes(fastapi_application(control).openapi()))
    return {**shapes, "info": {"title": "Mainspring", "version": "0"}}


def _shapes(node: object, *, names: bool = False) -> object:
    """Return ``node`` without its words; ``names`` says that its keys are names, not keywords."""
    if isinstance(node, list):
        return [_shapes(each) for each in cast("list[object]", node)]
    if not isinstance(node, dict):
        return node
    return {
        key: _shapes(value, names=not names and key in _NAMING)
        for key, value in cast("dict[str, object]", node).items()
        if names or key not in _WORDS
    }


def seal(document: dict[str, Any]) -> str:
    """Return the line that ties generated types to ``document``."""
    canonical = json.dumps(document, sort_keys=True, ensure_ascii=False).encode()
    return _SEAL + hashlib.sha256(canonical).hexdigest()


def seal_of_types() -> str:
    """Return the seal that the committed types carry."""
    lines = TYPES.read_text("utf-8").splitlines()
    return next((line for line in lines if line.startswith(_SEAL)), "")
