"""The console's types belong to the API as it is."""

from pathlib import Path

from tools.openapi.document import openapi_document, seal, seal_of_types


def test_the_types_of_the_console_are_generated_from_the_present_document(tmp_path: Path) -> None:
    assert seal_of_types() == seal(openapi_document(tmp_path)), (
        "the API changed: run .venv/bin/python -m tools.openapi.generate"
    )
