"""Preparing a checkout: what makes a step be done again, and what mirrors are passed on."""

import hashlib
import subprocess
import sys
import zipfile
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


def test_a_version_that_only_the_second_index_has_is_found(tmp_path: Path) -> None:
    """A company's mirror often stands before another index and holds older versions alone."""
    hashes = [_index(tmp_path / name, version) for name, version in (("a", "1.0"), ("b", "2.0"))]
    lock = tmp_path / "lock"
    lock.write_text(f"mirrored==2.0 --hash=sha256:{hashes[1]}\n")
    indexes = ["--no-config", "--offline", "--index", (tmp_path / "a").as_uri()]
    indexes += [
        "--default-index",
        (tmp_path / "b").as_uri(),
        "--cache-dir",
        str(tmp_path / "cache"),
    ]
    done = subprocess.run(
        [
            *prepare.installer(Path(sys.prefix)),
            *indexes,
            *("--target", str(tmp_path / "out"), "--require-hashes", "-r", str(lock)),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "mirrored.py").read_text() == "VERSION = '2.0'\n"


def _index(folder: Path, version: str) -> str:
    """Make an index of one wheel; return the wheel's SHA-256."""
    page = folder / "mirrored"
    page.mkdir(parents=True)
    wheel = page / f"mirrored-{version}-py3-none-any.whl"
    about = f"mirrored-{version}.dist-info"
    with zipfile.ZipFile(wheel, "w") as file:
        file.writestr("mirrored.py", f"VERSION = '{version}'\n")
        file.writestr(
            f"{about}/METADATA", f"Metadata-Version: 2.1\nName: mirrored\nVersion: {version}\n"
        )
        file.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        file.writestr(f"{about}/RECORD", "")
    (page / "index.html").write_text(f'<a href="{wheel.name}">{wheel.name}</a>')
    return hashlib.sha256(wheel.read_bytes()).hexdigest()


@pytest.mark.parametrize("lock", sorted(LOCKS.glob("*.lock")), ids=lambda path: path.name)
def test_locks_pin_by_hash_and_name_no_host(lock: Path) -> None:
    text = lock.read_text()
    assert "://" not in text
    pins = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert pins
    assert all("==" in pin for pin in pins)
    assert text.count("--hash=sha256:") >= len(pins)
