from hypothesis import given, strategies as st

from mainspring.snapshot.resources import ModelTarget
from mainspring.snapshot.routing import choose_target

TARGETS = st.lists(
    st.builds(
        ModelTarget,
        upstream_id=st.just("ups"),
        upstream_model=st.just("m"),
        weight=st.integers(0, 5),
        priority=st.integers(0, 2),
    ),
    max_size=6,
)
DRAWS = st.floats(0, 1, exclude_max=True)


def target(weight: int = 100, priority: int = 0) -> ModelTarget:
    return ModelTarget("ups", "m", weight=weight, priority=priority)


def test_the_only_target_is_chosen_whatever_the_draw() -> None:
    assert choose_target([target()], 0.0) == 0
    assert choose_target([target()], 0.999999) == 0


def test_weights_divide_the_draw_in_proportion() -> None:
    targets = [target(1), target(3)]
    chosen = [choose_target(targets, step / 100) for step in range(100)]
    assert (chosen.count(0), chosen.count(1)) == (25, 75)


def test_a_lower_priority_number_goes_first_and_the_next_follows_when_it_is_excluded() -> None:
    targets = [target(priority=1), target(priority=0)]
    assert choose_target(targets, 0.5) == 1
    assert choose_target(targets, 0.5, {1}) == 0
    assert choose_target(targets, 0.5, {0, 1}) is None


def test_weight_zero_rests_while_another_of_its_priority_can_serve() -> None:
    targets = [target(0), target(1)]
    assert {choose_target(targets, step / 10) for step in range(10)} == {1}
    assert choose_target(targets, 0.5, {1}) == 0


@given(TARGETS, DRAWS, st.sets(st.integers(0, 5)))
def test_the_choice_is_never_excluded_and_always_of_the_best_priority_left(
    targets: list[ModelTarget], draw: float, excluded: set[int]
) -> None:
    left = [index for index in range(len(targets)) if index not in excluded]
    chosen = choose_target(targets, draw, excluded)
    if not left:
        assert chosen is None
        return
    assert chosen in left
    assert targets[chosen].priority == min(targets[index].priority for index in left)
