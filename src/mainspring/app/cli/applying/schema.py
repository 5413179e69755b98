"""The JSON Schema of the files, made from the very types that read them."""

from typing import Any

import msgspec

from mainspring import __version__
from mainspring.app.cli.applying.documents import SECTIONS, SINGLES

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def file_schema() -> dict[str, Any]:
    """Return the schema of one file, as editors take it."""
    shapes = [*SECTIONS.values(), *SINGLES.values()]
    references, components = msgspec.json.schema_components(
        shapes, ref_template="#/$defs/{name}", schema_hook=_unknown
    )
    return {
        "$schema": _DIALECT,
        "title": f"Files of mainspring apply, release {__version__}",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            section: {"type": "array", "items": reference} if section in SECTIONS else reference
            for section, reference in zip((*SECTIONS, *SINGLES), references, strict=True)
        },
        "$defs": dict(sorted(components.items())),
    }


def _unknown(wanted: type) -> dict[str, Any]:
    raise NotImplementedError(f"a field of a document cannot be of type {wanted}")
