"""Preparing a checkout: what makes a step be done again, and what mirrors are passed on."""

from pathlib import Path

import pytest

from tools import prepare

LOCKS = Path(__file__).resolve().parents[3] / "requirements"


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep every test away from the real environment."""
    monkeypatch.setattr(prepare, "ROOT", tmp_path)
    monkeypatch.setattr(prepare, "STAMPS", tmp_path / "stamps")


def test_a_step_is_done_again_only_when_its_sources_change(tmp_path: Path) -> None:
    source = tmp_path / "lock"
    source.write_text("one")
    assert not prepare.is_stamped("step", [source])
    prepare.stamp("step", [source])
    assert prepare.is_stamped("step", [source])
    assert not prepare.is_stamped("step", [source], present=False)
    source.write_text("two")
    assert not prepare.is_stamped("step", [source])


def test_what_pip_knows_of_mirrors_reaches_uv(monkeypatch: pytest.MonkeyPatch) -> None:
    told = (
        "global.index-url='https://mirror.invalid/packages'\n"
        "global.extra-index-url='file:///a file:///b'\n"
        "global.cert='/etc/cert.pem'\n"
        ":env:.find-links='/wheels /more'\n"
        "global.timeout='60'\n"
    )
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX", "UV_FIND_LINKS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", "/set/already.pem")
    assert prepare.mirror_of(told) == {
        "UV_DEFAULT_INDEX": "https://mirror.invalid/packages",
        "UV_INDEX": "file:///a file:///b",
        "UV_FIND_LINKS": "/wheels,/more",
    }


@pytest.mark.parametrize("lock", sorted(LOCKS.glob("*.lock")), ids=lambda path: path.name)
def test_locks_pin_by_hash_and_name_no_host(lock: Path) -> None:
    text = lock.read_text()
    assert "://" not in text
    pins = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert pins
    assert all("==" in pin for pin in pins)
    assert text.count("--hash=sha256:") >= len(pins)
