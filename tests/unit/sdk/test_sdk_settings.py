"""Where the SDK finds the platform and a token, and where it never sends one."""

import sys
from pathlib import Path

import msgspec
import pytest

from mainspring_sdk import AsyncMainspring, ConfigurationError, Mainspring
from mainspring_sdk._settings import find_connection
from tests.unit.sdk.scripted import Answer, Scripted


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the data directory of a platform that runs here, and nothing else is set."""
    for name in ("URL", "TOKEN", "API_URL", "API_KEY"):
        monkeypatch.delenv(f"MAINSPRING_{name}", raising=False)
    monkeypatch.setenv("MAINSPRING_HOME", str(tmp_path))
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "state.json").write_bytes(
        msgspec.json.encode(
            {"control_url": "http://127.0.0.1:8090", "gateway_url": "http://127.0.0.1:8080"}
        )
    )
    (tmp_path / "admin-token").write_text("mst-admin\n")
    (tmp_path / "first-key").write_text("msk-first\n")
    return tmp_path


def test_a_platform_on_this_machine_is_found_by_its_data_directory(home: Path) -> None:
    found = find_connection(None, None)
    assert (found.url, found.token, found.home) == ("http://127.0.0.1:8090", "mst-admin", home)


def test_variables_win_over_the_directory_and_arguments_over_variables(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAINSPRING_URL", "https://control.example.com/")
    monkeypatch.setenv("MAINSPRING_TOKEN", "mst-mine")
    found = find_connection(None, None)
    assert (found.url, found.token) == ("https://control.example.com", "mst-mine")
    found = find_connection("http://other:1", "mst-other")
    assert (found.url, found.token) == ("http://other:1", "mst-other")


def test_the_local_administrators_token_stays_on_this_machine(home: Path) -> None:
    assert find_connection("http://localhost:8090", None).token == "mst-admin"
    with pytest.raises(ConfigurationError, match="MAINSPRING_TOKEN"):
        find_connection("https://control.example.com", None)


def test_what_is_missing_is_named(home: Path) -> None:
    (home / "admin-token").unlink()
    with pytest.raises(ConfigurationError, match="MAINSPRING_TOKEN"):
        Mainspring()
    (home / "run" / "state.json").unlink()
    with pytest.raises(ConfigurationError, match="MAINSPRING_URL"):
        AsyncMainspring()


@pytest.mark.parametrize("url", ["control.example.com", "ftp://x", "http://"])
def test_what_is_no_address_is_refused(home: Path, url: str) -> None:
    with pytest.raises(ConfigurationError, match="no address"):
        Mainspring(url, "mst-1")


@pytest.mark.parametrize("url", ["https://me:hidden@x", "https://x/?a=1", "https://x/#a"])
def test_an_address_holds_nothing_but_an_address(home: Path, url: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Mainspring(url, "mst-1")
    assert "hidden" not in str(caught.value)


def test_the_token_is_not_printed() -> None:
    assert "mst-1" not in repr(find_connection("http://x", "mst-1"))


async def test_the_gateway_is_the_one_of_the_platform(home: Path) -> None:
    with Mainspring() as client, client.openai() as gateway:
        assert str(gateway.base_url) == "http://127.0.0.1:8080/v1/"
        assert gateway.api_key == "msk-first"
    async with AsyncMainspring() as client, await client.openai(api_key="msk-2") as gateway:
        assert str(gateway.base_url) == "http://127.0.0.1:8080/v1/"
        assert gateway.api_key == "msk-2"


def test_a_gateway_elsewhere_is_asked_for_and_gets_no_key_of_this_machine(
    home: Path, script: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    script.then(
        Answer(
            body={
                "version": "1",
                "edition": "community",
                "gateway_url": "https://models.example.com",
                "home": None,
            }
        )
    )
    with Mainspring(script.url, "mst-1") as client:
        with pytest.raises(ConfigurationError, match="MAINSPRING_API_KEY"):
            client.openai()
        monkeypatch.setenv("MAINSPRING_API_KEY", "msk-mine")
        with client.openai() as gateway:
            assert str(gateway.base_url) == "https://models.example.com/v1/"
            assert gateway.api_key == "msk-mine"


def test_without_the_package_openai_the_way_to_it_is_told(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openai", None)
    with Mainspring() as client, pytest.raises(ConfigurationError, match=r"mainspring-sdk\[openai"):
        client.openai()
