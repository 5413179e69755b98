"""People and roles by the command line and from files, against a control plane that listens."""

from pathlib import Path

from tests.fixtures.commands import run, told
from tests.fixtures.control import PASSWORD, Served


async def test_people_are_brought_in_given_roles_explained_and_sent_away(served: Served) -> None:
    made = await told(
        served, "users", "create", "ada@example.com", "--password-stdin", stdin=f"{PASSWORD}\n"
    )
    _, out, err = await run(served, "members", "invite", "grace@example.com", "--role", "viewer")
    link = out.strip()
    assert "/invite#token=msv-" in link
    assert "msv-" not in err
    accept = ("members", "accept", link, "--name", "Grace", "--password-stdin")
    accepted = await told(served, *accept, stdin=f"{PASSWORD}\n")
    assert accepted["user"]["email"] == "grace@example.com"
    status, _, err = await run(served, *accept, stdin=f"{PASSWORD}\n")
    assert status != 0
    assert "invitation" in err
    await told(served, "members", "set", "ada@example.com", "guest")
    await told(served, "members", "set", "ada@example.com", "developer", "-p", "default")
    members = (await told(served, "members", "list"))["items"]
    assert {each["email"]: each["role"] for each in members} == {
        "ada@example.com": "guest",
        "grace@example.com": "viewer",
    }
    role = ("--permission", "key:read", "--permission", "key:revoke")
    await told(served, "roles", "create", "key-keeper", *role)
    await told(served, "groups", "create", "Keepers", "--role", "key-keeper@default")
    await told(served, "groups", "add", "Keepers", "grace@example.com")
    [group] = (await told(served, "groups", "list"))["items"]
    project = group["roles"][0]["project_id"]
    explained = await told(
        served, "roles", "explain", "grace@example.com", "key:revoke", str(project)
    )
    assert explained["allowed"] is True
    assert explained["considered"][-1]["through"] == "through the group Keepers"
    status, out, _ = await run(served, "roles", "explain", made["id"], "key:write", "platform")
    assert (status, out.splitlines()[0]) == (0, "no: key:write")
    await told(served, "members", "remove", "ada@example.com", "-p", "default")
    ended = await told(served, "users", "disable", "grace@example.com")
    assert ended["sessions"] == 1
    status, _, err = await run(served, "members", "set", "nobody@example.com", "guest")
    assert status != 0
    assert "nobody@example.com" in err


async def test_roles_members_and_groups_are_applied_from_files(
    served: Served, tmp_path: Path
) -> None:
    file = tmp_path / "people.yaml"
    file.write_text(
        """
organizations:
  - slug: default
    projects:
      - slug: new
    roles:
      - name: key-keeper
        permissions: [key:revoke, key:read]
    members:
      - {email: Ada@example.com, role: key-keeper}
    groups:
      - name: Builders
        roles: [{role: developer, project: new}]
        members: [ada@example.com]
""",
        "utf-8",
    )
    status, _, err = await run(served, "apply", "-f", str(file))
    assert status != 0
    assert "there is no account ada@example.com" in err
    assert not (await told(served, "groups", "list"))["items"]
    password = f"{PASSWORD}\n"
    await told(served, "users", "create", "ada@example.com", "--password-stdin", stdin=password)
    done = await told(served, "apply", "-f", str(file))
    actions = {step["name"]: step["action"] for step in done["steps"]}
    assert actions == {
        "default": "unchanged",
        "default/new": "create",
        "default/key-keeper": "create",
        "default/ada@example.com": "create",
        "default/Builders": "create",
        "default/Builders/ada@example.com": "create",
    }
    again = await told(served, "apply", "-f", str(file))
    assert {step["action"] for step in again["steps"]} == {"unchanged"}
    file.write_text(file.read_text("utf-8").replace("role: developer", "role: viewer"), "utf-8")
    changed = await told(served, "apply", "-f", str(file), "--dry-run")
    assert [s["fields"] for s in changed["steps"] if s["action"] == "update"] == [["roles"]]
