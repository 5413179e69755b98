"""What models are: cards and versions by API, files and commands."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from mainspring.kernel.ids import new_id
from tests.fixtures.commands import Line, run, told
from tests.interaction.releases.conftest import NEW, Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")

CARD: dict[str, Any] = {
    "display_name": "Writer",
    "vendor": "Acme",
    "parameters": 7_000_000_000,
    "precision": "bf16",
    "context_length": 32_768,
    "licence": "Apache-2.0",
    "capabilities": ["tools", "json_schema"],
    "languages": ["en", "zh"],
    "hardware": {"accelerator": "L4", "accelerators": 1, "accelerator_memory_gib": 24},
    "quality": [{"benchmark": "MMLU-Pro", "metric": "accuracy", "value": 0.51}],
    "artifacts": [{"path": "model.safetensors", "sha256": "ab" * 32, "bytes": 7}],
}


async def search(stage: Stage, **query: object) -> list[str]:
    """Return the names of what is found."""
    params: dict[str, Any] = {**query, "limit": 200}
    answer = await stage.site.admin.get("/registry/models", params=params)
    assert answer.status_code == 200, answer.text
    return [each["name"] for each in answer.json()["items"]]


async def test_models_are_found_by_what_they_are(stage: Stage) -> None:
    word = new_id("org")
    small, large = await stage.model(), await stage.model()
    admin = stage.site.admin
    put = await admin.put(
        f"/registry/models/{small['id']}/card", json={**CARD, "description": f"Writes {word}"}
    )
    assert (put.status_code, put.headers["etag"]) == (200, '"r1"')
    more = {
        **CARD,
        "description": f"Sees {word}",
        "parameters": 70_000_000_000,
        "context_length": 131_072,
        "licence": "MIT",
        "capabilities": ["vision"],
        "languages": ["en"],
        "quality": [{"benchmark": "MMLU-Pro", "metric": "accuracy", "value": 0.7}],
    }
    await admin.put(f"/registry/models/{large['id']}/card", json=more)
    both = [small["name"], large["name"]]
    assert await search(stage, text=word) == both
    assert await search(stage, text=f"{word} sees") == [large["name"]]
    assert await search(stage, text=word, capability=["tools", "json_schema"]) == [small["name"]]
    assert await search(stage, text=word, language="zh") == [small["name"]]
    assert await search(stage, text=word, licence="mit") == [large["name"]]
    assert await search(stage, text=word, min_context_length=65_536) == [large["name"]]
    assert await search(stage, text=word, max_parameters=10**10) == [small["name"]]
    assert await search(stage, text=word, task="embedding") == []
    page = await admin.get("/registry/models", params={"text": word, "limit": 1})
    assert [each["name"] for each in page.json()["items"]] == [small["name"]]
    rest = await admin.get(
        "/registry/models",
        params={"text": word, "limit": 1, "cursor": page.json()["next_cursor"]},
    )
    assert [each["name"] for each in rest.json()["items"]] == [large["name"]]
    beside = await admin.get(
        "/registry/comparison", params={"model_id": [small["id"], large["id"]]}
    )
    assert beside.status_code == 200, beside.text
    fields = {each["name"]: each for each in beside.json()["fields"]}
    assert fields["parameters"] == {
        "name": "parameters",
        "values": [7_000_000_000, 70_000_000_000],
        "differs": True,
    }
    assert not fields["vendor"]["differs"]
    [quality] = beside.json()["quality"]
    assert (quality["values"], quality["best"]) == ([0.51, 0.7], [1])
    alone = await admin.get("/registry/comparison", params={"model_id": [small["id"]]})
    assert alone.status_code == 400
    stale = await admin.put(
        f"/registry/models/{small['id']}/card", json=CARD, headers={"If-Match": '"r7"'}
    )
    assert stale.status_code == 412
    wrong = await admin.put(
        f"/registry/models/{small['id']}/card",
        json={"artifacts": [{"path": "x", "sha256": "no"}]},
    )
    assert wrong.status_code == 422


async def test_the_version_that_serves_says_more_than_the_models_card(stage: Stage) -> None:
    model, release = await stage.candidate(
        specification={"licence": "MIT", "precision": "fp8", "release_notes": "Smaller."}
    )
    admin = stage.site.admin
    await admin.put(f"/registry/models/{model['id']}/card", json=CARD)
    before = (await admin.get(f"/registry/models/{model['id']}")).json()
    assert (before["version"], before["specification"]["precision"]) == ("initial", "bf16")
    await stage.step(release, "promote")
    entry = (await admin.get(f"/registry/models/{model['id']}")).json()
    card = entry["specification"]
    assert (entry["version"], card["precision"], card["licence"]) == ("2", "fp8", "MIT")
    assert (card["parameters"], card["release_notes"]) == (7_000_000_000, "Smaller.")
    states = {each["version"]: each["state"] for each in entry["versions"]}
    assert states == {"initial": "superseded", "2": "stable"}
    own = await admin.get(f"/registry/models/{model['id']}/card")
    assert own.json()["precision"] == "bf16"


async def test_files_bring_cards_and_releases_to_where_they_are_wanted(
    stage: Stage, tmp_path: Path
) -> None:
    name = new_id("mdl")
    stage.new.models += (name,)
    served = stage.site.control
    document: dict[str, Any] = {
        "models": [
            {
                "name": name,
                "targets": [{"upstream": "old", "upstream_model": "scripted"}],
                "specification": {"licence": "Apache-2.0", "capabilities": ["tools"]},
            }
        ],
        "releases": [
            {
                "model": name,
                "version": "2",
                "targets": [{"upstream": "new", "upstream_model": name}],
                "specification": {"licence": "Apache-2.0"},
                "plan": {"steps": [{"weight": 100}], "headers": [{"name": "X-Beta"}]},
                "state": "canary",
                "reason": "CHG-1",
            }
        ],
    }

    async def apply() -> dict[str, str]:
        file = tmp_path / "platform.yaml"
        file.write_text(yaml.safe_dump(document))
        steps = (await told(served, "apply", "-f", str(file)))["steps"]
        return {each["kind"]: each["action"] for each in steps}

    assert await apply() == {"model": "create", "card": "update", "release": "create"}
    assert await apply() == {"model": "unchanged", "card": "unchanged", "release": "unchanged"}
    await stage.site.has_caught_up()
    assert await stage.words({"name": name}) == NEW
    document["releases"][0]["state"] = "stable"
    assert (await apply())["release"] == "update"
    entry = await told(served, "registry", "show", name)
    assert (entry["version"], entry["specification"]["capabilities"]) == ("2", ["tools"])
    await told(served, "releases", "rollback", name, "--reason", "no good")
    assert (await apply())["release"] == "unchanged"  # a file does not undo what was decided
    status, out, _ = await run(served, "registry", "search", name)
    assert (status, name in out) == (0, True)


async def test_the_files_of_the_weights_are_recorded_checked_and_one_for_each_revision(
    stage: Stage, tmp_path: Path
) -> None:
    weights = tmp_path / "weights"
    weights.mkdir()
    (weights / "model.safetensors").write_bytes(b"the weights")
    model, second = await stage.candidate()
    line = Line(stage.site.control, "weights")
    version = f"{model['name']}@{second['version']}"
    origin = ("--repository", "acme/writer", "--revision", "9f2c1e7")
    nowhere = await line.run("record", version, str(weights), *origin[2:])
    assert (nowhere.exit_code, "--repository" in nowhere.stderr) == (2, True)
    hashed = await line.told("hash", str(weights))
    assert await line.told("record", version, str(weights), *origin) == hashed
    assert (await line.told("check", version, str(weights)))["same"]
    (weights / "loader.py").write_text("import os")
    found = await line.run("check", version, str(weights), "--json")
    assert json.loads(found.stdout)["differences"] == [{"path": "loader.py", "what": "unknown"}]
    # The model's own card says it too, and callers see it, with who says otherwise.
    (weights / "loader.py").unlink()
    (weights / "model.safetensors").write_bytes(b"other weights")
    assert (await line.told("record", model["name"], str(weights), *origin))["bytes"] == 13
    entry = (await stage.site.admin.get(f"/registry/models/{model['id']}")).json()
    assert entry["specification"]["source_revision"] == "9f2c1e7"
    assert [each["path"] for each in entry["specification"]["artifacts"]] == ["model.safetensors"]
    # A third version with other bytes under the same revision is not fit to be deployed.
    release = await stage.register(
        model, version="3", specification={"licence": "MIT"} | await _card(stage, model)
    )
    answer = await stage.site.admin.post(f"/releases/{release['id']}/verify", json={})
    checks = {each["name"]: each for each in answer.json()["verification"]["checks"]}
    assert not checks["weights"]["passed"]
    assert "model.safetensors" in checks["weights"]["detail"]
    assert answer.json()["state"] == "registered"


async def _card(stage: Stage, model: dict[str, Any]) -> dict[str, Any]:
    """Return what the model's own card says of its files."""
    card = (await stage.site.admin.get(f"/registry/models/{model['id']}/card")).json()
    fields = ("source_repository", "source_revision", "artifacts")
    return {field: card[field] for field in fields}
