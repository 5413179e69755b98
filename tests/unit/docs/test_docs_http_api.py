"""The HTTP pages name routes that exist, and leave out no group of them."""

import re
from pathlib import Path

import pytest

from mainspring.app.control.application import fastapi_application
from mainspring.app.control.wiring import Control
from mainspring.app.home import Home
from mainspring.app.settings import ControlSettings
from mainspring.gateway.fronting.routes import FRONTED
from mainspring.gateway.protocols import OPERATIONS
from tests.unit.docs.pages import DOCS, LANGUAGES

PREFIX = "/api/v1"
EVERY_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)


def page(language: str) -> str:
    """Return the page of one language."""
    return (DOCS / language / "reference" / "http-api.md").read_text("utf-8")


def control_paths(directory: Path) -> set[str]:
    """Return the paths of the OpenAPI document; building it needs no database."""
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
    document = fastapi_application(control).openapi()
    return {path.removeprefix(PREFIX) for path in document["paths"] if path.startswith(PREFIX)}


@EVERY_LANGUAGE
async def test_documented_control_routes_exist_and_no_group_is_left_out(
    language: str, tmp_path: Path
) -> None:
    real = control_paths(tmp_path)
    section = page(language).split("## ")[2]
    named = set(re.findall(r"`(/[a-z_{}/-]+)`", section)) - {f"{PREFIX}/openapi.json", PREFIX}
    assert named <= real
    assert {path.split("/")[1] for path in named} == {path.split("/")[1] for path in real}


@EVERY_LANGUAGE
def test_every_model_call_of_the_gateway_is_documented(language: str) -> None:
    named = set(re.findall(r"^\| `POST (/v[12]/[a-z/_]+)` \|", page(language), re.MULTILINE))
    fronted = {path for path, methods in FRONTED.items() if "POST" in methods and path[-1] != "/"}
    assert named == {operation.path for operation in OPERATIONS} | fronted
