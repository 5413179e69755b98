"""Models that are open by grant alone: who has none neither sees nor calls them."""

import time
from typing import Any

import httpx
import openai
import pytest
from openai.types.chat import ChatCompletionMessageParam

from mainspring.snapshot.resources import Model, Project
from mainspring.testing.upstream import ScriptedUpstream
from tests.fixtures.gateway import Stand, until

HELLO: list[ChatCompletionMessageParam] = [{"role": "user", "content": "three words here"}]
SECRET = "secret-model"


class Place:
    """A restricted model, and a project with a key that has no grant of it."""

    def __init__(self, stand: Stand, upstream: ScriptedUpstream) -> None:
        self.stand = stand
        builder = stand.builder
        self.server = builder.add_upstream(upstream.url, "other")
        self.model: Model = builder.add_model(SECRET, self.server, access="restricted")
        self.project: Project = builder.add_project()
        self.key = builder.add_key(self.project)
        stand.update()

    async def listed(self, key: str | None = None) -> list[str]:
        return [each.id async for each in self.stand.openai(key or self.key).models.list()]

    async def call(self, model: str = SECRET, key: str | None = None) -> str | None:
        """Return the model that answered."""
        client = self.stand.openai(key or self.key)
        return (await client.chat.completions.create(model=model, messages=HELLO)).model

    async def refusal(self, model: str = SECRET, key: str | None = None) -> dict[str, Any]:
        """Return what is told instead of an answer, without what is of the one request."""
        with pytest.raises(openai.NotFoundError) as caught:
            await self.call(model, key)
        body: dict[str, Any] = caught.value.response.json()["error"]
        body.pop("request_id", None)
        return body


@pytest.fixture
def place(stand: Stand, upstream: ScriptedUpstream) -> Place:
    return Place(stand, upstream)


async def test_without_a_grant_a_model_is_as_if_it_were_not_there(
    place: Place, upstream: ScriptedUpstream
) -> None:
    assert await place.listed() == ["scripted"]
    told = await place.refusal()
    unknown = await place.refusal("no-such-model")
    assert told["code"] == unknown["code"] == "model_not_found"
    # Word for word what is said of a name that nobody ever gave to anything.
    assert str(told).replace(SECRET, "no-such-model") == str(unknown)
    with pytest.raises(openai.NotFoundError):
        await place.stand.openai(place.key).models.retrieve(SECRET)
    assert upstream.requests == []


async def test_a_grant_opens_it_to_its_project_and_no_other(place: Place) -> None:
    builder = place.stand.builder
    neighbour = builder.add_key(builder.add_project())
    builder.add_grant(place.model, place.project)
    place.stand.update()
    assert await place.call() == SECRET
    assert await place.listed() == ["scripted", SECRET]
    assert (await place.stand.openai(place.key).models.retrieve(SECRET)).id == SECRET
    await place.refusal(key=neighbour)


async def test_a_grant_of_an_organisation_opens_it_to_all_of_its_projects(place: Place) -> None:
    builder = place.stand.builder
    organization = builder.add_organization()
    keys = [builder.add_key(builder.add_project(organization)) for _ in range(2)]
    builder.add_grant(place.model, organization)
    place.stand.update()
    for key in keys:
        assert await place.call(key=key) == SECRET
    await place.refusal()


async def test_a_grant_does_not_widen_a_list_of_models(place: Place) -> None:
    builder = place.stand.builder
    narrow = builder.add_key(place.project, models=["scripted"])
    builder.add_grant(place.model, place.project)
    place.stand.update()
    assert await place.listed(narrow) == ["scripted"]
    await place.refusal(key=narrow)


async def test_a_key_that_was_granted_the_model_leaves_its_project_without(place: Place) -> None:
    granted = place.stand.builder.add_key(place.project, models=[SECRET], granted=[place.model.id])
    place.stand.update()
    assert await place.call(key=granted) == SECRET
    assert await place.listed(granted) == [SECRET]
    await place.refusal()


async def test_what_is_taken_back_is_refused_from_the_next_call_on(place: Place) -> None:
    grant = place.stand.builder.add_grant(place.model, place.project)
    place.stand.update()
    assert await place.call() == SECRET
    place.stand.builder.delete(grant)
    place.stand.update()
    await place.refusal()
    assert await place.listed() == ["scripted"]


async def test_a_grant_ends_by_itself_though_nothing_tells_the_gateway(place: Place) -> None:
    ends = int(time.time()) + 2
    place.stand.builder.add_grant(place.model, place.project, expires_at=ends)
    place.stand.update()
    assert await place.call() == SECRET  # the caller and what the name stands for are known now
    await until(lambda: time.time() >= ends)
    await place.refusal()
    assert await place.listed() == ["scripted"]


async def test_a_model_that_becomes_restricted_is_closed_to_those_who_called_it(
    place: Place,
) -> None:
    builder = place.stand.builder
    model = builder.add_model("was-open", place.server)
    place.stand.update()
    assert await place.call("was-open") == "was-open"
    builder.put(Model(id=model.id, name=model.name, targets=model.targets, access="restricted"))
    place.stand.update()
    await place.refusal("was-open")


async def test_an_access_from_a_later_release_is_no_open_one(place: Place) -> None:
    place.stand.builder.add_model("later", place.server, access="by-moonlight")
    place.stand.update()
    assert await place.listed() == ["scripted"]
    await place.refusal("later")


async def test_neither_aliases_nor_fallbacks_lead_to_it(
    place: Place, upstream: ScriptedUpstream
) -> None:
    builder = place.stand.builder
    dead = builder.add_upstream("http://127.0.0.1:9", "dead")
    targets = builder.add_model("fragile", dead).targets
    builder.put(
        Model(
            id=place.model.id,
            name=SECRET,
            targets=place.model.targets,
            access="restricted",
            aliases=("nickname",),
        ),
        Model(id="mdl_f", name="fragile", targets=targets, fallbacks=(SECRET,)),
    )
    place.stand.update()
    await place.refusal("nickname")
    with pytest.raises(openai.APIStatusError) as caught:
        await place.call("fragile")
    assert caught.value.status_code in {502, 503}
    assert upstream.requests == []
    builder.add_grant(place.model, place.project)
    place.stand.update()
    assert await place.call("nickname") is not None
    assert await place.call("fragile") is not None


async def test_other_protocols_are_told_the_same(place: Place) -> None:
    headers = {"x-api-key": place.key, "anthropic-version": "2023-06-01"}
    async with httpx.AsyncClient(base_url=place.stand.url, headers=headers) as client:
        said = await client.post(
            "/v1/messages", json={"model": SECRET, "max_tokens": 5, "messages": HELLO}
        )
        listed = await client.get("/v1/models")
        embedded = await client.post("/v1/embeddings", json={"model": SECRET, "input": "x"})
    assert said.status_code == embedded.status_code == 404
    assert SECRET not in listed.text
