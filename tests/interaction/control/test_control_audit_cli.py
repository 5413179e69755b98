"""The audit trail by the command line."""

import json

from tests.fixtures.commands import run, told
from tests.fixtures.control import Served


async def test_the_trail_is_searched_verified_and_exported(served: Served) -> None:
    key = await told(served, "keys", "create", "audited")
    [event] = (await told(served, "audit", "list", "--object", key["id"]))["items"]
    assert (event["action"], event["after"]["name"]) == ("key.create", "audited")
    status, out, _ = await run(served, "audit", "list", "-o", "default", "--limit", "3")
    assert status == 0
    assert "key.create" in out
    assert len(out.splitlines()) == 4
    found = await told(served, "audit", "verify")
    assert found["intact"] is True
    status, out, err = await run(served, "audit", "verify", "-o", "platform")
    assert (status, out.startswith("Intact:")) == (0, True)
    assert "org_platform:" in err
    wrong = f"org_platform:1:{'0' * 64}"
    status, out, err = await run(served, "audit", "verify", "-o", "platform", "--anchor", wrong)
    assert status != 0
    assert out == "org_platform 1: replaced: it is another event than was anchored\n"
    status, out, _ = await run(served, "audit", "export", "-o", "default")
    lines = [json.loads(line) for line in out.splitlines()]
    assert status == 0
    assert [each["action"] for each in lines][:2] == ["audit.export", "key.create"]
    narrowed = ("--action", "key.create", "--object", key["id"])
    status, out, _ = await run(served, "audit", "export", *narrowed)
    assert (status, json.loads(out)) == (0, event)
    status, _, err = await run(served, "audit", "export", "--since", "yesterday")
    assert status != 0
    assert "since" in err
