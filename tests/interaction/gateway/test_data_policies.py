"""G6, G8, S4: calls go only where their data may; groups of callers have targets of their own."""

import httpx
import msgspec
import pytest

from mainspring.snapshot.data_policy import DataPolicy
from mainspring.snapshot.passthrough import Passthrough, PassthroughRoute
from mainspring.snapshot.policy_rules import CacheRule
from mainspring.snapshot.resources import Group, Model, ModelTarget, Organization, Project, Upstream
from mainspring.snapshot.route_policy import Release
from mainspring.testing.upstream import Reply, ScriptedUpstream
from tests.fixtures.gateway import Stand

HELLO = [{"role": "user", "content": "hello"}]
EU = DataPolicy(regions=("eu-*",))
OWN = DataPolicy(hosting=("self_hosted",))


class Place:
    """A gateway with servers in two places and a caller whose policies can be set."""

    def __init__(self, stand: Stand, url: str) -> None:
        self.stand = stand
        builder = stand.builder
        self.organization = builder.add_organization("careful")
        self.project = builder.add_project(self.organization)
        self.key = builder.add_key(self.project, scopes=("model:call", "passthrough:call"))
        self.here = builder.add_upstream(url, "here", region="eu-1", hosting="self_hosted")
        self.cloud = builder.add_upstream(url, "cloud", region="us-1", hosting="public_cloud")
        self.nowhere = builder.add_upstream(url, "nowhere")

    def model(self, name: str, *targets: ModelTarget, **fields: object) -> Model:
        """Add or replace a model."""
        made = Model(id=f"mdl_{name}", name=name, targets=targets, **fields)  # pyright: ignore[reportArgumentType] - by name
        self.stand.builder.put(made)
        return made

    def state(self, organization: DataPolicy | None, project: DataPolicy | None = None) -> None:
        """Set both policies."""
        replace = msgspec.structs.replace
        first: Organization = replace(self.organization, data_policy=organization)
        second: Project = replace(self.project, data_policy=project)
        self.stand.builder.put(first, second)
        self.stand.update()

    async def call(self, model: str, key: str | None = None) -> httpx.Response:
        """Make a call."""
        headers = {"authorization": f"Bearer {key or self.key}"}
        body = {"model": model, "messages": HELLO}
        return await self.stand.http().post("/v1/chat/completions", json=body, headers=headers)


@pytest.fixture
def place(stand: Stand, upstream: ScriptedUpstream) -> Place:
    """Return the gateway with its places."""
    return Place(stand, upstream.url)


def target(upstream: Upstream, **fields: object) -> ModelTarget:
    """Return a target of ``upstream``."""
    return msgspec.convert(
        {"upstream_id": upstream.id, "upstream_model": "m", **fields}, ModelTarget
    )


async def test_only_allowed_places_serve_and_the_decision_says_why(place: Place) -> None:
    place.model("both", target(place.cloud), target(place.here, priority=1), target(place.nowhere))
    place.model("sole", target(place.cloud))
    place.state(EU)
    for _ in range(3):
        answer = await place.call("both")
        assert answer.headers["x-mainspring-target"] == "here"
    refused = await place.call("sole")
    error = refused.json()["error"]
    assert (refused.status_code, error["code"]) == (403, "data_policy")
    assert "the data policy of the organisation allows the regions eu-*" in error["message"]
    records = await place.stand.recorded(4)
    decision = records[0].decision
    assert decision is not None
    assert [each.excluded for each in decision.attempts[0].candidates] == [
        "data_region",
        None,
        "data_region",
    ]
    last = records[-1]
    assert (last.status, last.outcome) == (403, "data_policy")
    assert last.decision is not None
    assert [each.excluded for each in last.decision.attempts[0].candidates] == ["data_region"]


async def test_a_project_narrows_what_its_organisation_leaves_and_never_widens(
    place: Place,
) -> None:
    place.model("here", target(place.here))
    place.model("cloud", target(place.cloud, region="eu-9"))
    place.state(EU, OWN)
    assert (await place.call("here")).status_code == 200
    refused = await place.call("cloud")
    assert "of the project allows servers of the kinds self_hosted" in refused.text
    place.state(OWN, DataPolicy(regions=("us-*",), hosting=("public_cloud",)))
    found = [(await place.call(name)).status_code for name in ("here", "cloud")]
    assert found == [403, 403]
    place.state(None)
    assert (await place.call("cloud")).status_code == 200


async def test_neither_fallback_nor_shadow_nor_what_passes_through_is_a_way_out(
    place: Place, upstream: ScriptedUpstream
) -> None:
    stand = place.stand
    place.model("abroad", target(place.cloud))
    place.model(
        "home", target(place.here), target(place.cloud, track="shadow"), fallbacks=("abroad",)
    )
    opened = msgspec.structs.replace(
        place.cloud, passthrough=Passthrough((PassthroughRoute("/v1/jobs", ("GET",)),))
    )
    stand.builder.put(opened)
    place.state(OWN)
    assert (await place.call("home")).status_code == 200
    upstream.then(Reply.failure(500))
    assert (await place.call("home")).status_code == 500
    headers = {"authorization": f"Bearer {place.key}"}
    passed = await stand.http().get("/v1/passthrough/cloud/v1/jobs", headers=headers)
    assert (passed.status_code, passed.json()["error"]["code"]) == (403, "data_policy")
    assert len(upstream.requests) == 2


async def test_the_caches_own_question_stays_where_the_call_may_go(
    place: Place, upstream: ScriptedUpstream
) -> None:
    place.model("here", target(place.here))
    place.model("embed", target(place.cloud), tasks=("embedding",))
    rule = CacheRule(mode="semantic", embedding_model="embed")
    place.stand.builder.add_policy(cache=rule, project=place.project)
    place.state(OWN)
    assert (await place.call("here")).status_code == 200
    assert [each.path for each in upstream.requests] == ["/v1/chat/completions"]


async def test_groups_of_people_choose_track_and_target(place: Place) -> None:
    stand = place.stand
    key = stand.gateway.table
    place.model(
        "gray",
        target(place.here),
        target(place.cloud, track="canary"),
        release=Release(canary_subjects=("grp_beta",)),
    )
    place.model("members", target(place.cloud, subjects=["grp_beta"]))
    place.state(None)
    known = key.find_key(place.key)
    assert known is not None
    names = [(await place.call("gray")).headers["x-mainspring-target"] for _ in range(2)]
    assert names == ["here", "here"]
    closed = await place.call("members")
    assert (closed.status_code, closed.json()["error"]["code"]) == (403, "permission_denied")
    group = Group(id="grp_beta", org_id=place.organization.id, members=(known.actor_id, "usr_2"))
    stranger = Group(id="grp_beta2", org_id="org_other", members=(known.actor_id,))
    stand.builder.put(group, stranger)
    stand.update()
    assert (await place.call("gray")).headers["x-mainspring-target"] == "cloud"
    assert (await place.call("members")).status_code == 200
    decision = (await stand.recorded(4))[3].decision
    assert decision is not None
    assert (decision.attempts[0].track, decision.attempts[0].track_reason) == ("canary", "subject")
    stand.builder.put(msgspec.structs.replace(group, members=("usr_2",)))
    stand.update()
    assert (await place.call("gray")).headers["x-mainspring-target"] == "here"
