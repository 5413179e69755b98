"""Merged parameter rules: nothing gets past any of them, in whatever order they come."""

import random
from typing import Any

import msgspec
import pytest
from hypothesis import given, strategies as st
from msgspec import UNSET

from mainspring.snapshot.capture import LEVELS
from mainspring.snapshot.parameters import Act, Judgement, Parameter, Rank, judge, merge
from mainspring.snapshot.policies import Effective, Subject, effective
from mainspring.snapshot.policy_rules import CacheRule, CaptureRule, ParameterRule
from mainspring.snapshot.resources import Capture, Policy

NUMBERS = st.one_of(st.integers(-50, 50), st.floats(-50, 50))
WORDS = st.sampled_from(["low", "medium", "high", "none"])
RULES = st.builds(
    ParameterRule,
    name=st.sampled_from(["top_k", "max_tokens", "max_output_tokens"]),
    default=st.none() | NUMBERS,
    force=st.none() | NUMBERS,
    min=st.none() | NUMBERS,
    max=st.none() | NUMBERS,
    beyond=st.sampled_from(["clamp", "refuse"]),
    deny=st.sampled_from(["", "", "drop", "refuse"]),
)
WORDED = st.builds(
    ParameterRule,
    name=st.just("reasoning_effort"),
    default=st.none() | WORDS,
    values=st.none() | st.lists(WORDS, max_size=3).map(tuple),
    beyond=st.sampled_from(["clamp", "refuse"]),
    deny=st.sampled_from(["", "", "drop", "refuse"]),
)
RANKS = st.builds(
    Rank, depth=st.integers(0, 7), policy_id=st.sampled_from(["pol_1", "pol_2", "pol_3"])
)


def ranked(rules: st.SearchStrategy[ParameterRule]) -> st.SearchStrategy[Any]:
    return st.lists(st.tuples(RANKS, rules), min_size=1, max_size=6)


def merged(*rules: tuple[int, ParameterRule]) -> Parameter:
    return merge([(Rank(depth, f"pol_{depth}"), rule) for depth, rule in rules])


def rule(**fields: object) -> ParameterRule:
    return msgspec.convert({"name": "top_k", **fields}, ParameterRule)


def said(parameter: Parameter, value: object = UNSET, implicit: float | None = None) -> Judgement:
    return judge(parameter, value, implicit=implicit)


@given(ranked(RULES), st.one_of(NUMBERS, st.just(UNSET)), st.none() | NUMBERS)
def test_what_passes_is_within_the_cap_of_every_rule(
    rules: list[tuple[Rank, ParameterRule]], value: object, implicit: float | None
) -> None:
    rules = [(rank, each) for rank, each in rules if each.name != "top_k"] or rules[:1]
    parameter = merge(rules)
    found = judge(parameter, value, implicit=implicit)
    caps = [each.max for _, each in rules if each.max is not None]
    passed: Any
    if found.act is Act.SET:
        passed = found.value
    elif found.act is Act.KEEP and value is not UNSET:
        passed = value
    elif found.act is Act.KEEP and implicit is not None and parameter.denial is None:
        passed = implicit
    else:
        return
    assert all(passed <= cap for cap in caps)
    floors = [each.min for _, each in rules if each.min is not None]
    highest_floor, lowest_cap = max(floors, default=None), min(caps, default=None)
    if highest_floor is not None and (lowest_cap is None or highest_floor <= lowest_cap):
        assert passed >= highest_floor


@given(ranked(RULES), NUMBERS)
def test_what_a_caller_may_not_use_never_passes_as_it_said_it(
    rules: list[tuple[Rank, ParameterRule]], value: object
) -> None:
    same = [(rank, each) for rank, each in rules if each.name == rules[0][1].name]
    found = judge(merge(same), value)
    denials = {each.deny for _, each in same if each.deny}
    if "refuse" in denials:
        assert found.act is Act.DENY
    elif denials and not any(each.force is not None for _, each in same):
        assert found.act is Act.DROP


@given(ranked(WORDED), st.one_of(WORDS, st.just(UNSET)))
def test_a_value_that_passes_is_on_every_list(
    rules: list[tuple[Rank, ParameterRule]], value: object
) -> None:
    found = judge(merge(rules), value)
    passed = found.value if found.act is Act.SET else value if found.act is Act.KEEP else UNSET
    if passed is not UNSET:
        assert all(passed in each.values for _, each in rules if each.values is not None)


@given(ranked(RULES), st.randoms(), NUMBERS)
def test_the_order_of_rules_does_not_matter(
    rules: list[tuple[Rank, ParameterRule]], shuffler: random.Random, value: object
) -> None:
    same = [(rank, each) for rank, each in rules if each.name == rules[0][1].name]
    other = list(same)
    shuffler.shuffle(other)
    assert merge(other) == merge(same)
    assert judge(merge(other), value) == judge(merge(same), value)


POLICIES = st.lists(
    st.builds(
        Policy,
        id=st.uuids().map(str),
        name=st.just("p"),
        org_id=st.sampled_from([None, "org_1", "org_2"]),
        project_id=st.sampled_from([None, "prj_1", "prj_2"]),
        key_id=st.sampled_from([None, "key_1"]),
        models=st.sampled_from([(), ("small",), ("sm*",), ("large",)]),
        parameters=st.lists(RULES, max_size=2).map(tuple),
        cache=st.none()
        | st.builds(
            CacheRule,
            mode=st.sampled_from(["off", "exact", "semantic"]),
            ttl_s=st.integers(1, 100),
            scope=st.sampled_from(["project", "key", "user"]),
        ),
        capture=st.none()
        | st.builds(
            CaptureRule,
            level=st.sampled_from([*LEVELS, "from-the-future"]),
            sample=st.floats(0, 1),
        ),
    ),
    max_size=6,
)
SUBJECT = Subject(org_id="org_1", project_id="prj_1", key_id="key_1", model="small")


@given(POLICIES, st.randoms())
def test_the_order_of_policies_does_not_matter(
    policies: list[Policy], shuffler: random.Random
) -> None:
    other = list(policies)
    shuffler.shuffle(other)
    assert effective(other, SUBJECT) == effective(policies, SUBJECT)


@given(POLICIES, POLICIES)
def test_further_policies_only_narrow(some: list[Policy], more: list[Policy]) -> None:
    before = {each.name: each for each in effective(some, SUBJECT).parameters}
    after = {each.name: each for each in effective([*some, *more], SUBJECT).parameters}
    assert before.keys() <= after.keys()
    for name, old in before.items():
        new = after[name]
        if old.max is not None:
            assert new.max is not None
            assert new.max.value <= old.max.value
        if old.min is not None:
            assert new.min is not None
            assert new.min.value >= old.min.value
        if old.denial is not None:
            assert new.denial is not None
            assert (old.denial.value, new.denial.value) != ("refuse", "drop")
    cached = effective(some, SUBJECT).cache, effective([*some, *more], SUBJECT).cache
    if cached[0] is not None and cached[1] is not None:
        assert cached[1].ttl_s <= cached[0].ttl_s
        assert set(cached[0].scopes) <= set(cached[1].scopes)
        assert (cached[0].mode, cached[1].mode) != ("exact", "semantic")


def test_a_number_beyond_a_cap_is_brought_to_it_or_refused() -> None:
    assert said(merged((0, rule(max=5))), 9) == Judgement(Act.SET, 5)
    assert said(merged((0, rule(max=5))), 5).act is Act.KEEP
    refusal = said(merged((0, rule(max=5, beyond="refuse"))), 9)
    assert (refusal.act, refusal.why) == (Act.REFUSE, "may be 5 at the most")
    both = merged((0, rule(max=5, beyond="refuse")), (2, rule(max=3)))
    assert [said(both, value).act for value in (2, 4, 6)] == [Act.KEEP, Act.SET, Act.REFUSE]


def test_a_floor_above_a_cap_gives_way_to_it() -> None:
    both = merged((0, rule(max=1)), (2, rule(min=4)))
    assert said(both, 9) == Judgement(Act.SET, 1)


def test_what_is_no_number_does_not_get_past_a_bound() -> None:
    for value in ("9", True, [9], {"a": 1}):
        assert said(merged((0, rule(max=5))), value).act is Act.REFUSE


def test_the_innermost_default_and_the_outermost_forced_value_count() -> None:
    assert said(merged((0, rule(default=1)), (4, rule(default=2)))) == Judgement(Act.SET, 2)
    assert said(merged((0, rule(force=1)), (4, rule(force=2)))) == Judgement(Act.SET, 1)
    assert said(merged((0, rule(force=9)), (4, rule(max=2)))) == Judgement(Act.SET, 2)


def test_an_inner_rule_cannot_bring_back_what_an_outer_one_denies() -> None:
    denied = rule(deny="drop")
    assert said(merged((0, denied), (4, rule(default=2)))).act is Act.KEEP
    assert said(merged((0, denied), (4, rule(force=2)))).act is Act.KEEP
    assert said(merged((0, rule(force=2)), (4, denied)), 7) == Judgement(Act.SET, 2)


def test_what_a_server_assumes_is_written_only_where_it_is_beyond() -> None:
    assert said(merged((0, rule(max=0.5))), implicit=1.0) == Judgement(Act.SET, 0.5)
    assert said(merged((0, rule(max=2))), implicit=1.0).act is Act.KEEP
    assert said(merged((0, rule(max=0.5)))).act is Act.KEEP


def test_lists_know_an_object_by_its_type_and_texts_by_their_beginning() -> None:
    listed = merged((0, ParameterRule(name="response_format", values=("text", "json*"))))
    assert said(listed, {"type": "text"}).act is Act.KEEP
    assert said(listed, "json_schema").act is Act.KEEP
    assert said(listed, {"type": "xml"}).act is Act.DROP
    assert said(listed, True).act is Act.DROP
    assert said(merged((0, rule(values=(1,)))), True).act is Act.DROP
    assert said(merged((0, rule(values=(1,)))), 1.0).act is Act.KEEP


def test_a_policy_concerns_whom_it_is_attached_to() -> None:
    def concerns(**fields: object) -> bool:
        plain = Policy(id="pol_1", name="p", parameters=(rule(max=1),))
        policy = msgspec.structs.replace(plain, **fields)
        return not effective([policy], SUBJECT).empty

    assert concerns()
    assert concerns(org_id="org_1", project_id="prj_1", key_id="key_1")
    assert concerns(models=("other", "sm*"))
    assert not concerns(org_id="org_2")
    assert not concerns(org_id="org_1", project_id="prj_2")
    assert not concerns(models=("smal",))
    assert not concerns(enabled=False)


def test_defaults_are_for_chat_unless_a_rule_names_its_tasks() -> None:
    def parameters(task: str, **fields: object) -> Effective:
        policy = Policy(id="pol_1", name="p", parameters=(rule(**fields),))
        subject = Subject(org_id="org_1", project_id="prj_1", key_id=None, model="small", task=task)
        return effective([policy], subject)

    assert parameters("chat", default=1).parameters[0].default is not None
    assert parameters("embedding", default=1).parameters[0].default is None
    assert parameters("embedding", default=1, tasks=("embedding",)).parameters[0].default
    assert parameters("chat", default=1, tasks=("embedding",)).empty


@pytest.mark.parametrize("mode", ["off", "from-the-future"])
def test_one_policy_that_keeps_nothing_is_enough(mode: str) -> None:
    policies = [
        Policy(id="pol_1", name="a", cache=CacheRule(mode="semantic")),
        Policy(id="pol_2", name="b", org_id="org_1", cache=CacheRule(mode=mode)),
    ]
    assert effective(policies, SUBJECT).cache is None


@given(POLICIES, POLICIES, st.sampled_from(LEVELS), st.floats(0, 1))
def test_policies_only_lessen_what_is_kept_of_calls(
    some: list[Policy], more: list[Policy], level: str, sample: float
) -> None:
    def kept(policies: list[Policy]) -> Capture:
        bound = effective(policies, SUBJECT).capture
        return Capture(level, sample) if bound is None else bound.narrows(Capture(level, sample))

    before, after = kept(some), kept([*some, *more])
    assert LEVELS.index(after.level) <= LEVELS.index(before.level) <= LEVELS.index(level)
    assert after.sample <= before.sample <= sample
