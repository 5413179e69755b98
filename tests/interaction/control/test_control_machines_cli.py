"""Service accounts, token issuers and directories by the command line and by files."""

import stat
from pathlib import Path

import httpx
import pytest

from mainspring.testing.tokens import TestKey, key_set
from tests.fixtures.commands import run, told
from tests.fixtures.control import Served

pytestmark = pytest.mark.timeout(120)


async def token_status(served: Served, client_id: str, secret: str) -> int:
    async with httpx.AsyncClient(base_url=served.url, timeout=20) as client:
        answer = await client.post(
            "/oauth2/token",
            data={"grant_type": "client_credentials"},
            auth=(client_id, secret),
        )
    return answer.status_code


async def test_a_service_account_lives_and_ends_by_the_command_line(served: Served) -> None:
    words = ("--model", "smollm2-135m-instruct", "--scope", "chat:write")
    made = await told(served, "service-accounts", "create", "nightly", *words)
    assert await token_status(served, made["id"], made["secret"]) == 200
    listed = await told(served, "service-accounts", "list")
    assert [(each["name"], each["scopes"]) for each in listed["items"]] == [
        ("nightly", ["chat:write"])
    ]
    status, out, err = await run(served, "service-accounts", "secrets", "nightly")
    assert (status, made["secret"] in out + err) == (0, False)
    status, second, _ = await run(
        served, "service-accounts", "add-secret", "nightly", "--end-others-in-hours", "0"
    )
    assert (status, second.strip().startswith("msc-")) == (0, True)
    assert await token_status(served, made["id"], made["secret"]) == 401
    assert await token_status(served, made["id"], second.strip()) == 200
    await told(served, "service-accounts", "suspend", "nightly")
    assert await token_status(served, made["id"], second.strip()) == 401
    resumed = await told(served, "service-accounts", "resume", "nightly")
    assert resumed["suspended"] is False
    changed = await told(
        served, "service-accounts", "update", "nightly", "--all-models", "--expires", "2099-01-01"
    )
    assert (changed["models"], changed["expires_at"][:10]) == (None, "2099-01-01")
    kept = (await told(served, "service-accounts", "secrets", "nightly"))["items"]
    live = next(each for each in kept if each["expires_at"] is None)
    await told(served, "service-accounts", "revoke-secret", "nightly", live["id"])
    assert await token_status(served, made["id"], second.strip()) == 401
    await told(served, "service-accounts", "delete", "nightly")
    status, _, err = await run(served, "service-accounts", "suspend", "nightly")
    assert (status, "nightly" in err) == (6, True)


async def test_issuers_and_directories_come_and_go(served: Served, tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    keys.write_bytes(key_set(TestKey("RS256", "k1")))
    words = ("--issuer", "https://issuer.example", "--audience", "mainspring")
    more = ("--keys-file", str(keys), "--grant", "staff=default", "--grant", "default")
    made = await told(served, "issuers", "create", "corporate", *words, *more)
    assert [each["group"] for each in made["grants"]] == ["staff", None]
    assert made["key_ids"] == ["k1"]
    assert (await told(served, "issuers", "show", "corporate"))["id"] == made["id"]
    await told(served, "issuers", "delete", "corporate")
    assert (await told(served, "issuers", "list"))["items"] == []

    token = await told(served, "directories", "create", "Entra")
    async with httpx.AsyncClient(base_url=served.url, timeout=20) as client:
        headers = {"Authorization": f"Bearer {token['secret']}"}
        assert (await client.get("/scim/v2/Users", headers=headers)).status_code == 200
        status, out, err = await run(served, "directories", "list")
        assert (status, token["secret"] in out + err) == (0, False)
        await told(served, "directories", "revoke", "Entra")
        assert (await client.get("/scim/v2/Users", headers=headers)).status_code == 401


async def test_a_directory_token_of_a_file_is_written_once_and_pruned(
    served: Served, tmp_path: Path
) -> None:
    file, record = tmp_path / "platform.yaml", tmp_path / "applied.json"
    file.write_text(
        "organizations:\n  - slug: default\n    directory_tokens:\n"
        "      - {name: Entra, secret_file: entra.scim}\n"
        "    access_rules:\n      - {name: nobody, denies: not now}\n"
    )
    words = ("apply", "-f", str(file), "--record", str(record))
    done = await told(served, *words)
    assert {step["action"] for step in done["steps"] if step["kind"] != "organization"} == {
        "create"
    }
    secret = tmp_path / "entra.scim"
    assert secret.read_text().strip().startswith("msd-")
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert secret.read_text().strip() not in str(done)
    again = await told(served, *words)
    assert {step["action"] for step in again["steps"]} == {"unchanged"}
    file.write_text("organizations:\n  - {slug: default}\n")
    pruned = await told(served, *words, "--prune")
    removed = {step["kind"] for step in pruned["steps"] if step["action"] == "remove"}
    assert removed == {"directory token", "access rule"}
    assert (await told(served, "directories", "list"))["items"] == []
