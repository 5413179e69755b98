"""The pace at which newer keys are asked for, whatever callers invent."""

from mainspring.gateway.tokens import UnknownKeys


class Clock:
    """A clock in the test's hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def ignore(_: list[str]) -> None:
    """Ask nobody."""


async def test_bearers_of_a_new_key_are_told_to_come_back_for_a_while_only() -> None:
    clock = Clock()
    unknown = UnknownKeys(ignore, clock)
    assert unknown.meet(["iss_1"], "new")
    clock.now = 9.0
    assert unknown.meet(["iss_1"], "new")
    clock.now = 11.0
    assert not unknown.meet(["iss_1"], "new")
    clock.now = 61.0
    assert unknown.meet(["iss_1"], "new")


async def test_invented_keys_are_forgotten_within_a_bound_and_their_issuer_still_asked() -> None:
    clock = Clock()
    unknown = UnknownKeys(ignore, clock)
    hopeful = [unknown.meet(["iss_1"], f"invented-{number}") for number in range(2000)]
    assert sum(hopeful) == 1000
    assert not unknown.meet(["iss_2"], "real")
    clock.now = 60.0
    assert unknown.meet(["iss_2"], "real")
