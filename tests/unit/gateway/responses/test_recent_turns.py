"""The memory of recent turns: bounded, by project, for a time."""

from mainspring.gateway.responses.recent import FRESH_S, STALE_S, RecentTurns
from mainspring.wire.stored import StoredTurn


class Seconds:
    """A clock that moves when told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def turn(name: str, size: int = 10, project: str = "prj_1") -> StoredTurn:
    return StoredTurn(
        id=name,
        org_id="org_1",
        project_id=project,
        actor_id="usr_1",
        at_ms=0,
        expires_at_ms=10,
        model="m",
        input=b"",
        response=b"x" * size,
    )


def test_the_least_recently_used_turn_is_forgotten_first() -> None:
    recent = RecentTurns(30)
    for name in ("a", "b", "c"):
        recent.put(turn(name))
    assert recent.find("prj_1", "a") is not None
    recent.put(turn("d", 15))
    assert [recent.find("prj_1", name) is not None for name in "abcd"] == [True, False, False, True]
    assert recent.size == 25
    recent.put(turn("huge", 31))
    assert (recent.find("prj_1", "huge"), recent.size) == (None, 25)


def test_the_same_turn_counts_once_and_nothing_once_forgotten() -> None:
    recent = RecentTurns(100)
    recent.put(turn("a"))
    recent.put(turn("a", 20))
    assert recent.size == 20
    assert recent.forget("prj_1", "a")
    assert not recent.forget("prj_1", "a")
    assert recent.size == 0


def test_a_turn_is_found_by_its_project_only() -> None:
    recent = RecentTurns(100)
    recent.put(turn("a"))
    assert recent.find("prj_2", "a") is None


def test_a_turn_is_believed_for_a_while_only() -> None:
    clock = Seconds()
    recent = RecentTurns(100, clock)
    recent.put(turn("a"))
    clock.now = FRESH_S - 1
    assert recent.find("prj_1", "a") is not None
    clock.now = FRESH_S
    assert recent.find("prj_1", "a") is None
    assert recent.find("prj_1", "a", STALE_S) is not None
    clock.now = STALE_S
    assert recent.find("prj_1", "a", STALE_S) is None
