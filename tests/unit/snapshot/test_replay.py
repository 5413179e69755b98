"""G9, G5, S4: recorded calls against proposed settings, decided without asking anybody."""

from typing import Any

import msgspec

from mainspring.gateway.protocols import OPERATIONS, REALTIME
from mainspring.snapshot.data_policy import DataPolicy
from mainspring.snapshot.frame import Entry, Frame, encode_resource
from mainspring.snapshot.policy_rules import ParameterRule
from mainspring.snapshot.replay import (
    OPERATIONS as SHAPES,
    Judged,
    ParameterChange,
    Recorded,
    Settings,
    judge_call,
)
from mainspring.snapshot.replay_limits import judge_limits
from mainspring.snapshot.resources import (
    Limits,
    Model,
    ModelTarget,
    Organization,
    Policy,
    Project,
    Resource,
    Upstream,
)
from mainspring.snapshot.table import SnapshotTable

ORG = Organization(id="org_a", name="A")
PROJECT = Project(id="prj_a", org_id="org_a", name="P")
NEAR = Upstream(id="ups_near", name="near", base_url="http://near", region="eu-1")
FAR = Upstream(id="ups_far", name="far", base_url="http://far", region="us-1")
MODEL = Model(
    id="mdl_w",
    name="writer",
    targets=(ModelTarget("ups_near", "w-near"), ModelTarget("ups_far", "w-far")),
)


def table(*more: Resource) -> SnapshotTable:
    made = SnapshotTable()
    held = (ORG, PROJECT, NEAR, FAR, MODEL, *more)
    entries = [Entry(each.kind, each.key, 1, encode_resource(each)) for each in held]
    made.apply(Frame(version=1, entries=entries, epoch="e"))
    return made


def call(body: dict[str, Any] | None = None, **changes: Any) -> Recorded:  # noqa: ANN401 - fields
    made = Recorded(
        request_id="req_1",
        at=1_000_000.0,
        org_id="org_a",
        project_id="prj_a",
        key_id=None,
        actor_id="usr_a",
        operation="chat",
        model="writer",
        served="writer",
        upstream_id="ups_far",
        upstream_model="w-far",
        body=None if body is None else msgspec.json.encode(body),
        tokens=10,
    )
    return msgspec.structs.replace(made, **changes)


def policy(*rules: ParameterRule, **changes: Any) -> Policy:  # noqa: ANN401 - fields
    return Policy(id="pol_1", name="p", parameters=rules, **changes)


def judged(recorded: Recorded, *puts: Resource, present: tuple[Resource, ...] = ()) -> Judged:
    known = table(*present)
    return judge_call(recorded, Settings(known), Settings(known, puts))


def test_every_operation_of_gateways_is_known_with_its_task_and_dialect() -> None:
    for operation in (*OPERATIONS, REALTIME):
        if operation.counts_tokens:
            continue
        shape = SHAPES[operation.name]
        dialects = {operation.dialect, "openai" if operation.name == "chat" else None}
        assert shape.task == operation.task
        assert shape.dialect in dialects
        assert shape.judged == (not operation.uploads and operation is not REALTIME)
        if shape.judged:
            assert shape.generates == operation.generates, operation.name


def test_a_parameter_that_would_be_another_is_told_with_both_values() -> None:
    asked = call({"model": "writer", "temperature": 1.5, "messages": []})
    [found] = judged(asked, policy(ParameterRule(name="temperature", max=1))).findings
    assert (found.kind, found.reason) == ("parameters", "")
    assert found.changes == (ParameterChange(name="temperature", before=1.5, after=1),)


def test_long_and_nested_values_are_told_by_their_size_alone() -> None:
    asked = call({"model": "writer", "stop": ["s" * 100], "messages": []})
    [found] = judged(asked, policy(ParameterRule(name="stop", deny="drop"))).findings
    assert found.changes == (ParameterChange(name="stop", before="(104 bytes)", absent_after=True),)


def test_what_would_be_refused_and_what_would_not_any_more() -> None:
    asked = call({"model": "writer", "logit_bias": {"1": 2}, "messages": []})
    strict = policy(ParameterRule(name="logit_bias", deny="refuse"))
    [found] = judged(asked, strict).findings
    assert (found.kind, found.reason) == ("refused", "parameter_denied")
    gone = Settings(table(strict), gone=[(Policy.kind, strict.id)])
    [found] = judge_call(asked, Settings(table(strict)), gone).findings
    assert (found.kind, found.reason) == ("allowed", "parameter_denied")


def test_a_policy_of_somebody_else_changes_nothing() -> None:
    asked = call({"model": "writer", "temperature": 1.5, "messages": []})
    rule = ParameterRule(name="temperature", max=1)
    for other in ({"org_id": "org_b"}, {"key_id": "key_b"}, {"models": ("reader",)}):
        assert judged(asked, policy(rule, **other)) == Judged()


def test_messages_of_another_protocol_are_read_as_what_they_are() -> None:
    asked = call({"model": "writer", "system": "s", "output_config": {"effort": "high"}})
    rule = ParameterRule(name="reasoning_effort", values=("low",), beyond="refuse")
    [found] = judged(asked, policy(rule)).findings
    assert found.kind == "refused"


def test_what_a_record_does_not_tell_is_said_not_to_be_judged() -> None:
    rule = policy(ParameterRule(name="n", max=1))
    assert judged(call(), rule).open == ("contents_not_kept",)
    assert judged(call(unread="contents_cut"), rule).open == ("contents_cut",)
    assert judged(call({}, operation="transcription"), rule).open == ("not_json",)
    assert judged(call({}, operation="new"), rule).open == ("not_json",)
    assert judged(call({}, model="gone"), rule).open == ("model_gone",)
    assert judged(call({}, upstream_model="gone"), rule).open == ("target_gone",)


def test_a_data_policy_moves_a_call_or_leaves_it_nowhere_to_go() -> None:
    eu = msgspec.structs.replace(PROJECT, data_policy=DataPolicy(regions=("eu-*",)))
    [found] = judged(call({}), eu).findings
    assert (found.kind, found.detail) == ("target", "w-far is barred; left: w-near")
    nowhere = msgspec.structs.replace(ORG, data_policy=DataPolicy(hosting=("self_hosted",)))
    [found] = judged(call({}), nowhere).findings
    assert (found.kind, found.reason) == ("refused", "data_policy")
    assert judged(call({}, upstream_id="ups_near", upstream_model="w-near"), eu) == Judged()


def limited(before: Limits | None, after: Limits | None, *calls: Recorded) -> list[tuple[str, str]]:
    known = table(msgspec.structs.replace(PROJECT, limits=before))
    proposed = Settings(known, [msgspec.structs.replace(PROJECT, limits=after)])
    found = judge_limits(calls, Settings(known), proposed, refused=frozenset())
    return [(each.request_id, each.kind) for each in found]


def test_calls_beyond_a_proposed_limit_would_be_refused_and_use_nothing() -> None:
    calls = [call(request_id=f"req_{n}", at=1_000_000.0 + n, tokens=40) for n in range(4)]
    assert limited(None, Limits(requests_per_day=3), *calls) == [("req_3", "refused")]
    assert limited(None, Limits(tokens_per_day=100), *calls) == [
        ("req_2", "refused"),
        ("req_3", "refused"),
    ]
    wide = [*calls[:2], msgspec.structs.replace(calls[2], tokens=90), calls[3]]
    # The one that does not fit is refused whole; a smaller one after it still fits.
    assert limited(None, Limits(tokens_per_day=120), *wide) == [("req_2", "refused")]
    assert limited(Limits(requests_per_day=3), None, *calls) == [("req_3", "allowed")]
    assert limited(Limits(requests_per_day=3), Limits(requests_per_day=3), *calls) == []


def test_rates_fade_and_places_come_back() -> None:
    at = 1_000_020.0  # a minute begins here
    burst = [
        call(request_id=f"req_{n}", at=at + each) for n, each in enumerate((0, 1, 59, 61, 119))
    ]
    assert limited(None, Limits(requests_per_minute=2), *burst) == [
        ("req_2", "refused"),
        ("req_3", "refused"),
    ]
    long = [call(request_id=f"req_{n}", at=at + n, duration_s=2.5) for n in range(4)]
    assert limited(None, Limits(max_concurrency=2), *long) == [("req_2", "refused")]


def test_budgets_count_what_calls_cost_in_their_currency() -> None:
    calls = [
        call(request_id=f"req_{n}", cost=60, currency=currency)
        for n, currency in enumerate(("USD", "EUR", "USD"))
    ]
    assert limited(None, Limits(budget_per_month=100), *calls) == [("req_2", "refused")]
