"""The pure choice: strategies, tracks, exclusions, and that it explains itself."""

from collections.abc import Sequence

import msgspec
from hypothesis import given, strategies as st

from mainspring.snapshot.resources import Model, ModelTarget
from mainspring.snapshot.route_policy import Breaker, Release, Routing
from mainspring.snapshot.routing import Choice, RequestFacts, decide, rendezvous, share_of


class State(msgspec.Struct):
    in_flight: int = 0
    latency_ms: float = 0.0
    obstacle: str | None = None


def model(*targets: ModelTarget, release: Release | None = None, **routing: object) -> Model:
    policy = msgspec.convert(routing, Routing)
    return Model(id="mdl", name="m", targets=targets, routing=policy, release=release)


def target(name: str = "ups", **fields: object) -> ModelTarget:
    return msgspec.structs.replace(ModelTarget(name, "m"), **fields)


def choose(
    of: Model,
    states: Sequence[State | None] | None = None,
    draw: float = 0.0,
    second_draw: float = 0.0,
    facts: RequestFacts | None = None,
) -> Choice:
    states = states or [State() for _ in of.targets]
    return decide(of, states, facts or RequestFacts(), draw=draw, second_draw=second_draw)


def test_a_choice_tells_everything_that_it_was_made_of() -> None:
    of = model(target(priority=1), target(), target(), target(track="shadow"))
    states = [State(), State(obstacle="circuit_open"), State(), State()]
    assert choose(of, states, draw=0.25) == Choice(
        index=2,
        strategy="weighted",
        track="stable",
        track_reason="only",
        draw=0.25,
        considered=(2,),
        excluded=((1, "circuit_open"), (3, "shadow"), (0, "later_priority")),
    )


def test_an_unknown_strategy_is_as_weighted() -> None:
    of = model(target(weight=0), target(), strategy="clairvoyant")
    assert (choose(of).index, choose(of).strategy) == (1, "weighted")


def test_least_busy_counts_calls_per_weight() -> None:
    of = model(target(weight=100), target(weight=300), strategy="least_busy")
    assert choose(of, [State(in_flight=1), State(in_flight=2)]).index == 1
    assert choose(of, [State(in_flight=0), State(in_flight=5)]).index == 0


def test_latency_takes_the_better_of_two_and_counts_those_that_wait() -> None:
    of = model(target(), target(), strategy="latency")
    quick_but_full = [State(in_flight=9, latency_ms=100), State(latency_ms=500)]
    for draw in (0.0, 0.5, 0.99):
        assert choose(of, quick_but_full, draw).index == 1
    assert choose(of, [State(latency_ms=100), State(latency_ms=500)]).index == 0


@given(st.floats(0, 1, exclude_max=True), st.floats(0, 1, exclude_max=True), st.integers(2, 6))
def test_latency_never_takes_the_worst_of_all(draw: float, second: float, count: int) -> None:
    of = model(*[target(f"u{n}") for n in range(count)], strategy="latency")
    states = [State(latency_ms=10.0 * (n + 1)) for n in range(count)]
    assert choose(of, states, draw, second).index != count - 1


def test_cost_takes_the_cheapest_and_an_unknown_cost_last() -> None:
    of = model(target(), target(cost=2.0), target(cost=1.5), strategy="cost")
    assert choose(of).index == 2
    assert choose(of, [State(), State(), State(obstacle="circuit_open")]).index == 1


def test_a_canary_gets_its_share_of_seeded_draws() -> None:
    of = model(target(), target(track="canary"), release=Release(canary_weight=10))
    chosen = [choose(of, second_draw=step / 1000).index for step in range(1000)]
    assert chosen.count(1) == 100


def test_by_user_a_caller_stays_on_its_track_and_the_share_holds_over_callers() -> None:
    of = model(target(), target(track="canary"), release=Release(canary_weight=20, by_user=True))
    tracks: list[str] = []
    for number in range(1000):
        facts = RequestFacts(user=f"user-{number}".encode())
        picked = {choose(of, second_draw=draw, facts=facts).track for draw in (0.0, 0.5, 0.99)}
        assert len(picked) == 1
        tracks += picked
    assert 160 <= tracks.count("canary") <= 240


def test_when_the_canary_cannot_serve_its_callers_get_the_stable_track() -> None:
    of = model(target(), target(track="canary"), release=Release(canary_subjects=("key_1",)))
    facts = RequestFacts(subjects=("key_1",))
    assert choose(of, facts=facts).index == 1
    broken = choose(of, [State(), State(obstacle="circuit_open")], facts=facts)
    assert (broken.index, broken.track, broken.track_reason) == (0, "stable", "unavailable")


def test_a_pin_is_kept_even_where_its_track_cannot_serve() -> None:
    of = model(target(), target(track="canary"), release=Release(pin_header=True))
    facts = RequestFacts(pin="canary")
    assert choose(of, [State(), State(obstacle="circuit_open")], facts=facts).index is None


@given(
    st.lists(st.sampled_from([None, "ejected", "circuit_open"]), min_size=1, max_size=8),
    st.floats(0, 1),
)
def test_ejection_never_takes_more_than_its_share(
    obstacles: list[str | None], share: float
) -> None:
    targets = [target(f"u{n}") for n in range(len(obstacles))]
    of = msgspec.structs.replace(
        model(*targets), routing=Routing(breaker=Breaker(max_ejected_share=share))
    )
    choice = choose(of, [State(obstacle=each) for each in obstacles])
    ejected = [reason for _, reason in choice.excluded if reason == "ejected"]
    askable = [each for each in obstacles if each != "circuit_open"]
    assert len(ejected) <= share * len(askable)
    assert (choice.index is None) == (not askable)


NAMES = st.lists(st.text("abcdefgh", min_size=1, max_size=6), min_size=2, max_size=6, unique=True)


@given(NAMES, st.lists(st.binary(min_size=1, max_size=12), max_size=40))
def test_a_server_that_joins_takes_keys_only_to_itself(names: list[str], keys: list[bytes]) -> None:
    before = names[:-1]
    for key in keys:
        old = before[rendezvous(key, before, [100.0] * len(before))]
        new = names[rendezvous(key, names, [100.0] * len(names))]
        assert new in (old, names[-1])


def test_keys_are_shared_in_proportion_to_weights() -> None:
    won = [rendezvous(b"k%d" % n, ["a", "b"], [100, 300]) for n in range(4000)]
    assert 850 <= won.count(0) <= 1150


def test_sticky_keeps_a_key_and_moves_it_only_when_its_server_is_out() -> None:
    of = model(target("a"), target("b"), target("c"), strategy="sticky")
    for number in range(50):
        facts = RequestFacts(affinity=b"session-%d" % number)
        home = choose(of, facts=facts).index
        assert home is not None
        assert {choose(of, draw=draw, facts=facts).index for draw in (0.1, 0.9)} == {home}
        states = [State() for _ in range(3)]
        states[home].obstacle = "circuit_open"
        assert choose(of, states, facts=facts).index not in (home, None)
        states[home].obstacle = None
        states[(home + 1) % 3].obstacle = "circuit_open"
        assert choose(of, states, facts=facts).index == home


@given(st.binary(max_size=20))
def test_a_place_among_callers_is_a_share(key: bytes) -> None:
    assert 0 <= share_of(key, "mdl") < 1
