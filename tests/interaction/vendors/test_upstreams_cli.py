"""Presets and tests by the command line and by files, against a control plane that listens."""

import json
from pathlib import Path

from mainspring.testing.upstream import ScriptedUpstream, ScriptedVendor
from tests.fixtures.commands import run, told
from tests.fixtures.control import Served, served

__all__ = ["served"]

KEY = "sk-secret-of-the-vendor-4711"


async def test_an_upstream_is_chosen_tested_kept_and_applied(
    served: Served, tmp_path: Path
) -> None:
    vendor = ScriptedVendor("ollama", key=KEY, models=("llama3",))
    async with ScriptedUpstream(script=vendor) as upstream:
        address = upstream.url.removeprefix("http://")
        choice = ("--preset", "ollama", "--value", f"address={address}")
        status, out, _ = await run(served, "upstreams", "presets", "ollama")
        assert (status, "http://{address}" in out) == (0, True)

        status, out, err = await run(served, "upstreams", "test", *choice, "--json")
        assert (status, json.loads(out)["ok"]) == (5, False)
        dry = (*choice, "--credential-stdin", "--call", "llama3")
        status, out, err = await run(served, "upstreams", "test", *dry, stdin=f"{KEY}\n")
        assert status == 0, err
        assert KEY not in out + err
        assert "+ call  answered, with usage" in out

        made = ("upstreams", "create", "local", *choice, "--credential-stdin")
        status, _, err = await run(served, *made, stdin=f"{KEY}\n")
        assert status == 0, err
        kept = await told(served, "upstreams", "test", "local")
        assert kept["models"] == ["llama3"]

        (tmp_path / "key").write_text(KEY, "utf-8")
        file = tmp_path / "platform.yaml"
        file.write_text(
            f"""
upstreams:
  - name: from-file
    preset: ollama
    values: {{address: "{address}"}}
    credential_file: key
    max_connections: 7
models:
  - name: small
    targets: [{{upstream: from-file, upstream_model: llama3}}]
""",
            "utf-8",
        )
        done = await told(served, "apply", "-f", str(file))
        assert [(each["name"], each["action"]) for each in done["steps"]] == [
            ("from-file", "create"),
            ("small", "create"),
        ]
        again = await told(served, "apply", "-f", str(file))
        assert {each["action"] for each in again["steps"]} == {"unchanged"}
        listed = (await told(served, "upstreams", "list"))["items"]
        [applied] = [each for each in listed if each["name"] == "from-file"]
        assert (applied["protocol"], applied["max_connections"]) == ("ollama", 7)
        assert applied["enforces_tool_choice"] is False
        assert applied["timeouts"]["first_byte_s"] == 300
        tested = await told(served, "upstreams", "test", "from-file", "--call", "llama3")
        assert tested["ok"] is True

        file.write_text("upstreams: [{name: x, preset: nobody}, {name: y}]", "utf-8")
        status, _, err = await run(served, "apply", "-f", str(file))
        assert (status, "an upstream has a base_url or a preset" in err) == (6, True)
        await told(served, "upstreams", "delete", "local")
