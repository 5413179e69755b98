"""G5, G7: a call that falls back holds to the limits, lists and budgets of the model it goes to."""

import httpx
import msgspec
import pytest

from mainspring.snapshot.price import Price
from mainspring.snapshot.resources import Limits, Model, ModelTarget
from mainspring.testing.upstream import ReceivedRequest, Reply, ScriptedUpstream
from tests.fixtures.gateway import Stand

FREE = Price(input=0, output=0)
DEAR = Price(input=1_000_000, output=1_000_000)
"""One nano a token."""


@pytest.fixture
def models(stand: Stand, upstream: ScriptedUpstream) -> dict[str, Model]:
    """Return models that fail and what they fall back to, not yet known to the gateway."""
    broken = stand.builder.add_upstream(upstream.url, "broken")
    sound = stand.builder.add_upstream(upstream.url, "sound")

    def model(name: str, server: str, *fallbacks: str) -> Model:
        return Model(
            id=f"mdl_{name}", name=name, targets=(ModelTarget(server, name),), fallbacks=fallbacks
        )

    def script(request: ReceivedRequest) -> Reply | None:
        return Reply.failure(500) if request.json()["model"] == "bad" else None

    upstream.script_function = script
    return {
        "bad": model("bad", broken.id, "first", "second"),
        "first": model("first", sound.id),
        "second": model("second", sound.id),
    }


def put(stand: Stand, models: dict[str, Model], **fields: dict[str, object]) -> None:
    """Have the gateway know the models, with ``fields`` changed."""
    stand.builder.put(
        *(msgspec.structs.replace(each, **fields.get(name, {})) for name, each in models.items())
    )
    stand.update()


async def ask(stand: Stand, key: str | None = None, model: str = "bad") -> httpx.Response:
    """Make a call of 16 tokens at the most, and its prompt."""
    return await stand.http().post(
        "/v1/chat/completions",
        json={"model": model, "messages": [{"role": "user", "content": "a b"}], "max_tokens": 16},
        headers={"authorization": f"Bearer {key or stand.key}"},
    )


async def test_a_fallback_whose_limit_is_used_up_is_passed_over(
    stand: Stand, models: dict[str, Model]
) -> None:
    put(stand, models, first={"limits": Limits(requests_per_minute=1)})
    assert [(await ask(stand)).json()["model"] for _ in range(2)] == ["first", "second"]
    records = await stand.recorded(2)
    decision = records[1].decision
    assert decision is not None
    assert [(each.model, each.result) for each in decision.attempts] == [
        ("bad", "500"),
        ("first", "limited"),
        ("second", "ok"),
    ]


async def test_when_no_fallback_has_room_the_caller_is_told_to_come_back(
    stand: Stand, models: dict[str, Model]
) -> None:
    narrow: dict[str, object] = {"key_limits": Limits(requests_per_minute=1)}
    put(stand, models, first=narrow, second=narrow)
    assert [(await ask(stand)).status_code for _ in range(3)] == [200, 200, 429]
    refused = await ask(stand)
    assert refused.json()["error"]["code"] == "rate_limit_exceeded"
    assert int(refused.headers["retry-after"]) >= 1
    other = stand.builder.add_key()
    stand.update()
    assert (await ask(stand, other)).status_code == 200


async def test_a_call_counts_where_it_was_served_and_leaves_no_place_taken(
    stand: Stand, models: dict[str, Model], upstream: ScriptedUpstream
) -> None:
    put(
        stand,
        models,
        # One call's reservation fits, but not beside the twenty tokens that another has used.
        bad={"limits": Limits(tokens_per_minute=50, max_concurrency=1)},
        first={"limits": Limits(tokens_per_day=70, max_concurrency=1)},
        second={"limits": Limits(requests_per_day=1)},
    )
    upstream.default = Reply(content="a b c d e f g h i j", prompt_tokens=10)
    found = [(await ask(stand)) for _ in range(4)]
    assert [each.status_code for each in found] == [200, 200, 200, 429]
    assert [each.json()["model"] for each in found[:3]] == ["first", "first", "second"]


async def test_a_budget_holds_at_the_price_of_the_fallback(
    stand: Stand, models: dict[str, Model], upstream: ScriptedUpstream
) -> None:
    put(
        stand,
        models,
        bad={"price": FREE},
        first={"price": DEAR},
        second={"price": FREE},
    )
    upstream.default = Reply(content="a b c d e f g h i j", prompt_tokens=10)
    key = stand.builder.add_key(limits=Limits(budget_per_day=55))
    stand.update()
    served = [(await ask(stand, key)).json()["model"] for _ in range(3)]
    # A call may cost 16 and its prompt's estimate, some 37 nanos in all; each turns out to cost 20.
    assert served == ["first", "second", "second"]
    records = await stand.recorded(3)
    assert [record.cost_nanos for record in records] == [20, 0, 0]


async def test_a_list_of_models_holds_for_fallbacks(stand: Stand, models: dict[str, Model]) -> None:
    put(stand, models)
    key = stand.builder.add_key(models=["bad", "second"])
    stand.update()
    assert (await ask(stand, key)).json()["model"] == "second"
