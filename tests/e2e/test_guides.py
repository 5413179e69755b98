"""The guides do what they say: their programs and files are run as they stand on the page."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fixtures.platform import CHAT_MODEL, Platform
from tests.unit.docs.pages import DOCS, ROOT, Fence, fences, shell_lines

pytestmark = [pytest.mark.xdist_group("platform"), pytest.mark.timeout(400)]

GUIDES = DOCS / "en" / "guides"
"""The Chinese guides show the same code; a test of the pages compares them."""


def programs(guide: str) -> list[Fence]:
    """Return the Python programs of a guide."""
    return [fence for fence in fences(GUIDES / guide) if fence.language == "python"]


@pytest.mark.parametrize("number", range(2))
def test_the_programs_of_the_first_request_run(
    platform: Platform, tmp_path: Path, number: int
) -> None:
    found = programs("first-request.md")
    assert len(found) == 2
    assert found[number].body.count("http://127.0.0.1:8080") == 1
    (tmp_path / ".mainspring").symlink_to(platform.home)
    program = found[number].body.replace("http://127.0.0.1:8080", platform.state().gateway_url)
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_the_file_of_the_configuration_guide_applies_once(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    guide = GUIDES / "config-as-code.md"
    [content] = [fence.body for fence in fences(guide) if fence.language == "yaml"]
    file = tmp_path / "platform.yaml"
    file.write_text(content, "utf-8")
    monkeypatch.setenv("MY_VENDOR_KEY", "sk-example")
    # Those with a record of what was applied have a test of their own.
    commands = [
        line
        for line in shell_lines(guide)
        if line.startswith("mainspring apply") and "--record" not in line
    ]
    try:
        planned, done, again = (
            platform.json(*shlex.split(command.replace(file.name, str(file)))[1:])["steps"]
            for command in commands
        )
    finally:
        _remove_writer(platform)
    assert [step["action"] for step in planned] == [step["action"] for step in done]
    assert {step["name"] for step in done if step["action"] == "create"} == {
        "default/reports",
        "default/reports/nightly",
        "my-vendor",
        "writer",
    }
    # The last command sends the credential once more; nothing else changes.
    assert [step["name"] for step in again if step["action"] != "unchanged"] == ["my-vendor"]
    secret = tmp_path / "nightly.key"
    assert secret.read_text().startswith("msk-")
    assert secret.stat().st_mode & 0o077 == 0


def test_the_file_of_the_sign_in_guide_applies_once(platform: Platform, tmp_path: Path) -> None:
    guide = GUIDES / "sign-in.md"
    [content] = [fence.body for fence in fences(guide) if fence.language == "yaml"]
    file = tmp_path / "platform.yaml"
    file.write_text(content, "utf-8")
    [command] = [line for line in shell_lines(guide) if line.startswith("mainspring apply")]
    words = shlex.split(command.replace(file.name, str(file)))[1:]
    done, again = (platform.json(*words)["steps"] for _ in range(2))
    with platform.control() as control:
        [organization] = [
            each
            for each in control.get("/organizations").json()["items"]
            if each["slug"] == "default"
        ]
        found = control.get(f"/organizations/{organization['id']}/token-issuers").json()["items"]
        for issuer in found:
            control.delete(f"/token-issuers/{issuer['id']}").raise_for_status()
    assert ("token issuer", "default/corporate", "create") in {
        (step["kind"], step["name"], step["action"]) for step in done
    }
    assert {step["action"] for step in again} == {"unchanged"}
    [issuer] = found
    assert [grant["group"] for grant in issuer["grants"]] == ["engineering", None]


def test_the_commands_of_the_key_guide_make_rotate_and_revoke_a_key(platform: Platform) -> None:
    lines = [line for line in shell_lines(GUIDES / "keys.md") if line.startswith("mainspring")]
    created, narrowed, widened, rotated, listed, revoked = (
        platform.json(*shlex.split(line)[1:]) for line in lines
    )
    assert narrowed["id"] == widened["id"] == created["id"]
    assert created["secret"].startswith("msk-")
    assert rotated["secret"].startswith("msk-")
    assert created["secret"] != rotated["secret"]
    assert {created["id"], rotated["id"]} <= {key["id"] for key in listed["items"]}
    assert revoked == {"id": rotated["id"], "name": "reports", "revoked": True}
    platform.json("keys", "revoke", "reports")  # what the overlap leaves


def test_the_program_of_the_sdk_guide_runs_from_top_to_bottom(
    platform: Platform, tmp_path: Path
) -> None:
    program = "\n".join(fence.body for fence in programs("python-sdk.md"))
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=platform.environment(PYTHONPATH=str(ROOT / "sdk" / "python" / "src")),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    with platform.control() as control:
        for item in control.get("/organizations").raise_for_status().json()["items"]:
            if item["name"] == "Research":
                control.delete(f"/organizations/{item['id']}").raise_for_status()
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[1].startswith("msk-")
    assert "nightly None" in lines
    assert any(line.startswith("not_found ") for line in lines)
    assert CHAT_MODEL in lines[-2]  # what the gateway offers to the new key


def _remove_writer(platform: Platform) -> None:
    """Leave the platform's models as they were: it is everybody's."""
    with platform.control() as control:
        for kind, name in (("models", "writer"), ("upstreams", "my-vendor")):
            for item in control.get(f"/{kind}").raise_for_status().json()["items"]:
                if item["name"] == name:
                    control.delete(f"/{kind}/{item['id']}").raise_for_status()
