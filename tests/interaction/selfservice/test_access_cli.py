"""Rules from files, and requests by the command line, against a control plane that listens."""

from pathlib import Path

import httpx

from tests.fixtures.commands import run, told
from tests.fixtures.control import PASSWORD, Served, served

__all__ = ["served"]

RULES = """
access_rules:
  - name: house
    models: ["nothing-*"]
    denies: not here
organizations:
  - slug: default
    groups:
      - {name: Guardians, members: [grace@example.com]}
    members:
      - {email: ada@example.com, role: developer}
      - {email: grace@example.com, role: viewer}
    access_rules:
      - name: guarded
        projects: [default]
        min_cost: "1.00"
        steps:
          - {name: security, approvers: ["group:Guardians"]}
"""


async def sign_in(client: httpx.AsyncClient, email: str) -> None:
    session = await client.post("/sessions", json={"email": email, "password": PASSWORD})
    client.headers["X-CSRF-Token"] = session.json()["csrf_token"]


async def token_of(client: httpx.AsyncClient) -> str:
    made = await client.post("/tokens", json={"name": "cli"})
    assert made.status_code == 201, made.text
    return str(made.json()["secret"])


class Person(Served):
    """Somebody at a command line of their own."""

    def __init__(self, served: Served, token: str) -> None:
        super().__init__(served.settings)
        self._token = token

    def admin(self) -> dict[str, str]:
        """Return the header of this person: what the command line is given."""
        return {"Authorization": f"Bearer {self._token}"}


async def test_a_developer_asks_a_guardian_agrees_and_the_key_is_printed(
    served: Served, tmp_path: Path
) -> None:
    for email in ("ada@example.com", "grace@example.com"):
        await told(served, "users", "create", email, "--password-stdin", stdin=f"{PASSWORD}\n")
    file = tmp_path / "rules.yaml"
    file.write_text(RULES, "utf-8")
    done = await told(served, "apply", "-f", str(file))
    rules = {s["name"]: s["action"] for s in done["steps"] if s["kind"] == "access rule"}
    assert rules == {"default/guarded": "create", "platform/house": "create"}
    again = await told(served, "apply", "-f", str(file))
    assert {step["action"] for step in again["steps"]} == {"unchanged"}
    listed = (await told(served, "access", "rules"))["items"]
    assert {each["name"] for each in listed} == {"guarded", "house"}

    people: list[Person] = []
    for email in ("ada@example.com", "grace@example.com"):
        async with httpx.AsyncClient(base_url=f"{served.url}/api/v1", timeout=20) as client:
            await sign_in(client, email)
            people.append(Person(served, await token_of(client)))
    ada, grace = people
    wish = ("--purpose", "Trial", "--days", "7", "--requests-per-minute", "5")
    asked = await told(ada, "access", "request", "smollm2-135m-instruct", *wish)
    assert [step["name"] for step in asked["steps"]] == ["security"]
    waiting = (await told(grace, "access", "list", "--view", "to_decide"))["items"]
    assert [each["id"] for each in waiting] == [asked["id"]]
    await told(grace, "access", "comment", asked["id"], "Only a week?")
    assert (await told(grace, "access", "approve", asked["id"]))["state"] == "active"
    taken = await told(ada, "access", "take", asked["id"])
    assert taken["secret"].startswith("msk-")
    status, out, err = await run(served, "access", "show", asked["id"])
    assert (status, taken["secret"] in out + err) == (0, False)
    assert "Only a week?" in out
    gone = await told(served, "access", "revoke", asked["id"], "--reason", "over")
    assert gone["state"] == "revoked"

    model = "smollm2-135m-instruct"
    assert (await told(served, "models", "restrict", model))["access"] == "restricted"
    words = ("access", "grant", model, "-p", "default", "--days", "2", "--reason", "Pilot")
    given = await told(served, *words)
    assert (given["reason"], given["expires_at"] is None) == ("Pilot", False)
    listed = (await told(served, "access", "grants", "--model", model))["items"]
    assert [each["id"] for each in listed] == [given["id"]]
    status, _, err = await run(served, "access", "grant", model)
    assert (status, "-p" in err) == (2, True)
    assert (await run(served, "access", "ungrant", given["id"]))[0] == 0
    assert (await told(served, "access", "grants"))["items"] == []
    assert (await told(served, "models", "unrestrict", model))["access"] == "open"
