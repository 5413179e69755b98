"""The states of a release, and which step leads from which to which."""

from enum import StrEnum
from typing import Final

from mainspring.kernel.errors import ReleaseStateError


class State(StrEnum):
    """Where a release is.

    ``deployed`` and ``canary`` are the candidate beside the stable release, of which a model has
    one; ``stable`` and ``deprecated`` serve the model. ``superseded`` ones were stable and can be
    again by one call.
    """

    REGISTERED = "registered"
    VERIFIED = "verified"
    DEPLOYED = "deployed"
    CANARY = "canary"
    STABLE = "stable"
    DEPRECATED = "deprecated"
    SUPERSEDED = "superseded"
    ROLLED_BACK = "rolled_back"
    OFFLINE = "offline"


class Action(StrEnum):
    """What happened to a release; most are what somebody asks for."""

    REGISTER = "register"
    ADOPT = "adopt"
    CHANGE = "change"
    VERIFY = "verify"
    DEPLOY = "deploy"
    CANARY = "canary"
    ADVANCE = "advance"
    PROMOTE = "promote"
    SUPERSEDE = "supersede"
    DEPRECATE = "deprecate"
    OFFLINE = "offline"
    ROLL_BACK = "roll_back"
    RESTORE = "restore"
    WITHDRAW = "withdraw"


CANDIDATE: Final = frozenset({State.DEPLOYED, State.CANARY})
SERVING: Final = frozenset({State.STABLE, State.DEPRECATED})
LIVE: Final = CANDIDATE | SERVING
"""States in which a release's targets are among its model's."""

_FROM: Final = {
    Action.CHANGE: frozenset({State.REGISTERED, State.VERIFIED, State.ROLLED_BACK}),
    Action.VERIFY: frozenset({State.REGISTERED, State.VERIFIED, State.ROLLED_BACK}),
    Action.DEPLOY: frozenset({State.VERIFIED, State.ROLLED_BACK, State.SUPERSEDED, State.OFFLINE}),
    Action.CANARY: frozenset({State.DEPLOYED}),
    Action.ADVANCE: frozenset({State.CANARY}),
    Action.PROMOTE: frozenset({State.DEPLOYED, State.CANARY, State.DEPRECATED}),
    Action.DEPRECATE: SERVING,
    Action.OFFLINE: frozenset(State) - {State.OFFLINE},
    Action.WITHDRAW: frozenset(
        {State.REGISTERED, State.VERIFIED, State.ROLLED_BACK, State.OFFLINE}
    ),
}

_UNFORCED_OFFLINE: Final = frozenset(State) - LIVE | {State.DEPRECATED}


def check_step(action: Action, state: State) -> None:
    """Check that ``action`` may be taken in ``state``.

    Raises:
        ReleaseStateError: if not; it names the states from which it may.
    """
    allowed = _FROM[action]
    if state not in allowed:
        names = ", ".join(sorted(each.value for each in allowed))
        raise ReleaseStateError(
            f"the step {action.value} leads on from {names}, and the release is {state.value}"
        )


def check_offline(state: State, *, force: bool) -> None:
    """Check that a release in ``state`` may be taken offline.

    Raises:
        ReleaseStateError: if it is offline already, or serves undeprecated and is not forced.
    """
    check_step(Action.OFFLINE, state)
    if not force and state not in _UNFORCED_OFFLINE:
        raise ReleaseStateError(
            f"the release is {state.value} and takes calls: deprecate it first, or force the stop"
        )
