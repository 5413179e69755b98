"""O9: the bundle for whoever helps has what they need, and no secret that was ever planted."""

import base64
import gzip
import json
import os
import secrets
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

from mainspring.app.cli.support.scrubbing import Scrubber
from mainspring.app.effective import is_secret_name, shown
from mainspring.app.exit_codes import ExitCode
from mainspring.app.variables import documented_variables


def made(home: Path, file: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run ``mainspring support-bundle`` on ``home``."""
    ours = ("MAINSPRING_", "LC_", "LANG", "DATABASE_URL")
    kept = {name: text for name, text in os.environ.items() if not name.startswith(ours)}
    return subprocess.run(
        [sys.executable, "-m", "mainspring.app.cli.main", "support-bundle", str(file)],
        env={**kept, "MAINSPRING_HOME": str(home), **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def contents(file: Path) -> dict[str, Any]:
    with tarfile.open(file) as archive:
        found: dict[str, Any] = {}
        for entry in archive.getmembers():
            assert (entry.isfile(), entry.mode, entry.uid, entry.uname) == (True, 0o600, 0, "")
            body = archive.extractfile(entry)
            assert body is not None
            found[entry.name.removeprefix("mainspring-support/")] = json.load(body)
    return found


def test_planted_secrets_are_nowhere_in_the_bundle(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "secrets").mkdir(parents=True, mode=0o700)
    (home / "logs").mkdir(mode=0o700)
    in_files = {
        "first-key": f"msk-{secrets.token_urlsafe(24)}",
        "admin-token": secrets.token_urlsafe(32),
        "secrets/master.key": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "secrets/internal.token": secrets.token_hex(24),
        "setup-link": f"http://127.0.0.1:8090/setup#{secrets.token_urlsafe(24)}",
        "vault.token": f"hvs.{secrets.token_urlsafe(20)}",
    }
    for name, value in in_files.items():
        place = home / name
        place.write_text(value + "\n", "utf-8")
        place.chmod(0o600)
    password, access, api, header, master = (secrets.token_hex(9) for _ in range(5))
    quoted = f"{password}%40x"
    environ = {
        "DATABASE_URL": f"postgresql://platform:{quoted}@127.0.0.1:1/db?sslmode=disable",
        "MAINSPRING_BLOB_ACCESS_KEY": access,
        "MAINSPRING_MASTER_KEYS": f"{master},{secrets.token_hex(16)}",
        "MAINSPRING_VAULT_TOKEN_FILE": str(home / "vault.token"),
        "OTEL_EXPORTER_OTLP_HEADERS": f"authorization=Bearer%20{header}",
        "SOME_VENDOR_API_KEY": api,
    }
    said = {
        "bearer": f"Authorization: Bearer {secrets.token_hex(12)}",
        "url": f"redis://user:{secrets.token_hex(8)}@cache:6379/0",
        "assigned": f'{{"password": "{secrets.token_hex(6)}"}}',
        "vendor": f"sk-{secrets.token_hex(16)}",
        "pem": f"-----BEGIN PRIVATE KEY-----\n{secrets.token_hex(40)}\n-----END PRIVATE KEY-----",
        "email": "wang.fang@example.com",
    }
    unsaid = secrets.token_hex(16)
    lines: list[dict[str, str]] = [
        {"at": "2026-05-01T00:00:00.000+00:00", "level": "error", "source": "gateway"}
        | {"message": f"it broke: {value}", "exception": f"Traceback: {value}"}
        for value in (*in_files.values(), f"{password}@x", quoted, access, api, master)
    ]
    lines += [{"level": "warning", "message": value, "prompt": unsaid} for value in said.values()]
    lines.append({"level": "info", "message": f"fine: {unsaid}"})
    log = home / "logs" / "mainspring.log"
    log.write_text("".join(json.dumps(line) + "\n" for line in lines) + f"ERROR raw {api}\n")

    file = tmp_path / "bundle.tar.gz"
    done = made(home, file, **environ)
    assert done.returncode == ExitCode.OK, done.stderr
    assert file.stat().st_mode & 0o777 == 0o600
    everything = gzip.decompress(file.read_bytes()) + (done.stdout + done.stderr).encode()
    planted = {
        **in_files,
        **{name: value.split()[-1].strip('"}') for name, value in said.items() if name != "pem"},
        "pem": said["pem"].splitlines()[1],
        "url": said["url"].split(":")[2].partition("@")[0],
        "setup": in_files["setup-link"].partition("#")[2],
        "password": password,
        "access": access,
        "api": api,
        "header": header,
        "master": master,
        "unsaid": unsaid,
    }
    leaked = [name for name, value in planted.items() if value.encode() in everything]
    assert leaked == []

    found = contents(file)
    assert len(found["errors.json"]) == len(lines)
    assert found["errors.json"][0]["message"] == "it broke: [secret]"
    assert found["settings.json"]["DATABASE_URL"]["value"] == "postgresql://127.0.0.1:1/db"
    assert found["settings.json"]["MAINSPRING_BLOB_ACCESS_KEY"]["value"] == "[set]"


def test_a_bundle_tells_what_there_is_and_replaces_nothing(tmp_path: Path) -> None:
    file = tmp_path / "bundle.tar.gz"
    assert made(tmp_path / "none", file, MAINSPRING_GATEWAY_PORT="0").returncode == 0
    found = contents(file)
    assert set(found) == {"manifest.json", *found["manifest.json"]["files"]}
    assert found["versions.json"]["packages"]["httptools"]
    assert set(found["settings.json"]) == {each.variable.name for each in documented_variables()}
    assert found["settings.json"]["MAINSPRING_GATEWAY_PORT"]["value"] == "0"
    assert {each["check"] for each in found["doctor.json"]} >= {"python", "settings", "parts"}
    assert (found["parts.json"], found["errors.json"]) == (None, [])

    before = file.read_bytes()
    again = made(tmp_path / "none", file)
    assert again.returncode == ExitCode.ERROR
    assert "exists already" in again.stderr
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "value", "seen"),
    [
        ("MAINSPRING_TOKEN", "abc", "[set]"),
        ("MAINSPRING_MASTER_KEYS", "abc", "[set]"),
        ("MAINSPRING_MASTER_KEY_FILE", "/keys/master", "/keys/master"),
        ("MAINSPRING_MASTER_KEY_SOURCE", "vault-kv", "vault-kv"),
        ("MAINSPRING_EMBED_MAX_TOKENS", "9", "9"),
        ("MAINSPRING_REDIS_URL", "redis://a:b@host:6379/0?x=y", "redis://host:6379/0"),
        ("DATABASE_URL", "host=h password=p", "[set]"),
        ("MAINSPRING_GATEWAY_TLS_CLIENT_AUTH", "required", "required"),
    ],
)
def test_settings_are_shown_unless_they_can_be_secrets(name: str, value: str, seen: str) -> None:
    assert shown(name, value) == seen


def test_every_documented_variable_that_is_no_place_of_a_secret_is_known_as_one() -> None:
    hidden = {
        each.variable.name for each in documented_variables() if is_secret_name(each.variable.name)
    }
    assert hidden == {
        "MAINSPRING_API_KEY",
        "MAINSPRING_BLOB_ACCESS_KEY",
        "MAINSPRING_MASTER_KEYS",
        "MAINSPRING_TOKEN",
        "OTEL_EXPORTER_OTLP_HEADERS",
    }


def test_long_texts_are_cut_without_leaving_half_a_secret() -> None:
    secret = "s3cr3t-" + "x" * 40
    scrubbed = Scrubber([secret]).text("a" * (16 * 1024 - 20) + secret + "b" * 5000)
    assert "s3cr3t" not in scrubbed
    assert scrubbed.endswith("[cut]")
