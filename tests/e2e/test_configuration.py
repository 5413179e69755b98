"""Keys, models and declared configuration by the command line, against the running platform."""

import stat
from pathlib import Path

import openai
import pytest

from tests.fixtures.platform import CHAT_MODEL, EMBEDDING_MODEL, Platform, eventually

pytestmark = [pytest.mark.xdist_group("platform"), pytest.mark.timeout(400)]

DECLARED = """
organizations:
  - slug: declared
    name: Declared
    projects:
      - slug: search
        name: Search
        limits: {requests_per_minute: 1000}
        keys:
          - name: ci
            models: [tiny]
            secret_file: ci.key
upstreams:
  - name: second-door
    base_url: URL
    timeouts: {first_byte_s: 30}
models:
  - name: tiny
    organization: declared
    tasks: [chat, completion]
    targets:
      - {upstream: second-door, upstream_model: smollm2-135m-instruct}
"""


def test_a_key_works_until_it_is_revoked(platform: Platform) -> None:
    key = platform.json("keys", "create", "short-lived")
    client = openai.OpenAI(
        base_url=f"{platform.state().gateway_url}/v1", api_key=key["secret"], max_retries=0
    )
    with client:
        eventually(lambda: _is_accepted(client), within_s=10, what="the gateway knows the key")
        assert platform.json("keys", "revoke", "short-lived")["id"] == key["id"]
        eventually(lambda: not _is_accepted(client), within_s=10, what="the key is refused")
    listed = {each["id"]: each for each in platform.json("keys", "list")["items"]}
    assert listed[key["id"]]["revoked_at"] is not None
    assert "secret" not in listed[key["id"]]
    again = platform.run("keys", "revoke", "short-lived")
    assert again.returncode == 6
    assert "mainspring keys list" in again.stderr


def test_models_are_listed_and_shown(platform: Platform) -> None:
    names = {model["name"] for model in platform.json("models", "list")["items"]}
    assert names >= {CHAT_MODEL, EMBEDDING_MODEL}
    assert platform.json("models", "show", EMBEDDING_MODEL)["tasks"] == ["embedding"]
    assert platform.run("models", "show", "nothing").returncode == 6
    assert "embedded-llm/smollm2-135m-instruct" in platform.run("models", "list").stdout


def test_declared_configuration_is_carried_out_once(platform: Platform, tmp_path: Path) -> None:
    url = platform.state().parts["llm"].url
    file = tmp_path / "platform.yaml"
    file.write_text(DECLARED.replace("URL", str(url)))

    planned = platform.json("apply", "-f", str(file), "--dry-run")
    assert {step["action"] for step in planned["steps"]} == {"create"}
    assert "tiny" not in {model["name"] for model in platform.json("models", "list")["items"]}

    done = platform.json("apply", "-f", str(file))
    assert [(step["kind"], step["name"], step["action"]) for step in done["steps"]] == [
        ("organization", "declared", "create"),
        ("project", "declared/search", "create"),
        ("key", "declared/search/ci", "create"),
        ("upstream", "second-door", "create"),
        ("model", "tiny", "create"),
    ]
    secret = tmp_path / "ci.key"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert all(step["secret"] is None for step in done["steps"])

    again = platform.json("apply", "-f", str(tmp_path))
    assert {step["action"] for step in again["steps"]} == {"unchanged"}

    file.write_text(file.read_text().replace("first_byte_s: 30", "first_byte_s: 31"))
    changed = platform.json("apply", "-f", str(file))
    assert [
        (step["name"], step["fields"]) for step in changed["steps"] if step["action"] == "update"
    ] == [("second-door", ["timeouts"])]

    client = openai.OpenAI(
        base_url=f"{platform.state().gateway_url}/v1",
        api_key=secret.read_text().strip(),
        max_retries=0,
    )
    with client:
        eventually(lambda: _is_accepted(client), within_s=10, what="the gateway knows the key")
        answer = client.chat.completions.create(
            model="tiny", messages=[{"role": "user", "content": "Hi"}], max_tokens=2
        )
        assert answer.choices
        with pytest.raises(openai.APIStatusError) as refused:
            client.embeddings.create(model=EMBEDDING_MODEL, input="not for this key")
        assert refused.value.status_code in (403, 404)


def test_a_wrong_file_changes_nothing_and_names_every_field(
    platform: Platform, tmp_path: Path
) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(
        "upstreams:\n"
        "  - name: a\n"
        "    base_url: http://127.0.0.1:1\n"
        "    max_conections: 3\n"
        "models:\n"
        "  - name: b\n"
        "    targets: [{upstream: a}]\n"
    )
    done = platform.run("apply", "-f", str(file))
    assert done.returncode == 6
    assert f"{file}: upstreams[0]: " in done.stderr
    assert "max_conections" in done.stderr
    assert f"{file}: models[0].targets[0]: " in done.stderr
    assert "upstream_model" in done.stderr

    file.write_text("models:\n  - name: b\n    targets: [{upstream: gone, upstream_model: x}]\n")
    done = platform.run("apply", "-f", str(file))
    assert done.returncode == 6
    assert f"{file}: models[0].targets[0].upstream: there is no upstream gone" in done.stderr
    assert "b" not in {model["name"] for model in platform.json("models", "list")["items"]}


def _is_accepted(client: openai.OpenAI) -> bool:
    try:
        client.models.list()
    except openai.AuthenticationError:
        return False
    return True
