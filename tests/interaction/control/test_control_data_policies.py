"""S4, G6, O10: data policies, places and groups by the API and by files, as gateways get them."""

from pathlib import Path

import httpx

from mainspring.app.control.wiring import Control
from mainspring.capabilities.identity.api import Role
from mainspring.infra.feed import read_frame
from mainspring.kernel.scope import Scope
from mainspring.snapshot.data_policy import DataPolicy
from mainspring.snapshot.table import SnapshotTable
from tests.fixtures.commands import told
from tests.fixtures.control import Api, Served

PLATFORM = Scope.platform("test")


async def gateway_view(control: Control) -> SnapshotTable:
    """Return what a gateway would know now."""
    table = SnapshotTable()
    frame = await read_frame(control.database)
    assert frame is not None
    table.apply(frame)
    return table


async def test_each_policy_is_for_its_own_people_to_write(
    control: Control, api: Api, admin: httpx.AsyncClient
) -> None:
    org_id, project_id = await api.tenant("Careful")
    administrator = (await api.member(org_id)).client
    developer = await api.member(org_id, Role.DEVELOPER)
    organization, project = f"/api/v1/organizations/{org_id}", f"/api/v1/projects/{project_id}"
    regions = {"data_policy": {"regions": ["eu-*"], "hosting": None}}
    own = {"data_policy": {"regions": None, "hosting": ["self_hosted"]}}
    assert (await administrator.patch(organization, json=regions)).json() | regions == (
        await administrator.get(organization)
    ).json()
    assert (await administrator.patch(project, json=own)).status_code == 200
    for path in (organization, project):
        refused = await developer.client.patch(path, json={"data_policy": None})
        assert refused.status_code == 403
    table = await gateway_view(control)
    assert table.organizations[org_id].data_policy == DataPolicy(regions=("eu-*",))
    assert table.projects[project_id].data_policy == DataPolicy(hosting=("self_hosted",))
    for wrong in ({"regions": ["e*u"]}, {"regions": ["e u"]}, {"hosting": ["cloud"]}):
        answer = await administrator.patch(organization, json={"data_policy": wrong})
        assert answer.status_code == 422
    assert (await administrator.patch(organization, json={"data_policy": None})).status_code == 200
    assert (await gateway_view(control)).organizations[org_id].data_policy is None
    upstream = await admin.post(
        "/api/v1/upstreams",
        json={"name": "rack", "base_url": "https://rack.example", "region": "eu-1"},
    )
    changed = await admin.patch(
        f"/api/v1/upstreams/{upstream.json()['id']}", json={"hosting": "self_hosted"}
    )
    assert (changed.json()["region"], changed.json()["hosting"]) == ("eu-1", "self_hosted")


async def test_gateways_know_who_is_in_a_group(control: Control, api: Api) -> None:
    org_id, _ = await api.tenant("Grouped")
    people = [(await api.member(org_id)).session["user"]["id"] for _ in range(2)]
    group = await control.groups.create(PLATFORM, org_id, name="beta")

    async def members() -> list[tuple[str, ...]]:
        table = await gateway_view(control)
        return [table.groups_of(org_id, each) for each in people]

    assert await members() == [(), ()]
    for each in people:
        await control.groups.put_member(PLATFORM, group.id, each)
    assert await members() == [(group.id,), (group.id,)]
    await control.members.remove(PLATFORM, org_id, people[0])
    assert await members() == [(), (group.id,)]
    await control.groups.remove(PLATFORM, group.id)
    assert await members() == [(), ()]
    last = await control.groups.create(PLATFORM, org_id, name="gamma")
    await control.groups.put_member(PLATFORM, last.id, people[1])
    assert await members() == [(), (last.id,)]
    await control.tenancy.remove_organization(PLATFORM, org_id)
    assert await members() == [(), ()]


FILE = """
organizations:
  - slug: default
    data_policy: {regions: [eu-1]}
    projects:
      - slug: patients
        data_policy: {hosting: [self_hosted]}
upstreams:
  - {name: rack, base_url: "https://rack.example", region: eu-1, hosting: self_hosted}
models:
  - name: careful
    targets:
      - {upstream: rack, upstream_model: m, subjects: [grp_x]}
"""


async def test_a_file_states_policies_and_places(served: Served, tmp_path: Path) -> None:
    file = tmp_path / "careful.yaml"
    file.write_text(FILE)
    await told(served, "apply", "-f", str(file))
    again = await told(served, "apply", "-f", str(file))
    assert {step["action"] for step in again["steps"]} == {"unchanged"}
    file.write_text(FILE.replace("regions: [eu-1]", "regions: [eu-2]"))
    third = await told(served, "apply", "-f", str(file))
    [step] = [each for each in third["steps"] if each["action"] != "unchanged"]
    assert (step["kind"], step["fields"]) == ("organization", ["data_policy"])
