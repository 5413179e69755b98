"""The console's types belong to the API as it is."""

from pathlib import Path

from mainspring.app.control.application import control_document
from tools.openapi.document import openapi_document, seal, seal_of_types
from tools.sdk.console import METHODS, methods_of_the_console


def test_the_types_of_the_console_are_generated_from_the_present_document(tmp_path: Path) -> None:
    assert seal_of_types() == seal(openapi_document(tmp_path)), (
        "the API changed: run .venv/bin/python -m tools.openapi.generate"
    )


def test_the_console_names_the_present_methods_of_the_client() -> None:
    assert METHODS.read_text("utf-8") == methods_of_the_console(control_document()), (
        "the API changed: run .venv/bin/python -m tools.openapi.generate"
    )
