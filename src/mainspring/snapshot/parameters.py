"""The arithmetic of parameter rules: several are merged into one, which judges values.

Merging does not depend on the order in which rules are given. Bounds, lists and denials add up, so
a merged rule allows only what every single one of them does. Of defaults the innermost counts,
unless another rule forbids it. Of forced values the outermost counts, whatever rules further inside
say of the caller's choice. Numbers that are written are within every bound all the same.
"""

from collections.abc import Iterable
from enum import Enum
from typing import Any, Final, Generic, TypeVar, cast

import msgspec
from msgspec import UNSET, UnsetType

from mainspring.snapshot.policy_rules import ONE_PARAMETER, ParameterRule

T = TypeVar("T")
Number = int | float


class Rank(msgspec.Struct, frozen=True, order=True):
    """How far inside a rule stands, outermost first; ``policy_id`` settles what is level."""

    depth: int
    policy_id: str


class Sourced(msgspec.Struct, Generic[T], frozen=True):
    """A value and where it comes from."""

    value: T
    rank: Rank


class Allowed(msgspec.Struct, frozen=True):
    """A list of values, of which ``patterns`` end in ``*``."""

    tokens: frozenset[bytes]
    patterns: tuple[str, ...]
    rank: Rank
    strict: bool
    told: tuple[Any, ...]

    def has(self, value: object) -> bool:
        """Tell whether ``value`` is among them; of an object its ``type`` may stand for it."""
        if isinstance(value, str) and any(value.startswith(each) for each in self.patterns):
            return True
        return token_of(value) in self.tokens or (
            isinstance(value, dict)
            and token_of(cast("dict[str, object]", value).get("type")) in self.tokens
        )


class Parameter(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that holds for one parameter. ``name`` is the canonical one.

    ``strict_min`` and ``strict_max`` are the bounds beyond which a call is refused; they are never
    tighter than ``min`` and ``max``, to which values are brought.
    """

    name: str
    written_as: str
    default: Sourced[Any] | None = None
    force: Sourced[Any] | None = None
    min: Sourced[Number] | None = None
    max: Sourced[Number] | None = None
    strict_min: Sourced[Number] | None = None
    strict_max: Sourced[Number] | None = None
    allowed: tuple[Allowed, ...] = ()
    denial: Sourced[str] | None = None

    @property
    def bounded(self) -> bool:
        """Tell whether the parameter has to be a number."""
        return self.min is not None or self.max is not None

    def within(self, value: Number) -> Number:
        """Return ``value`` brought within the bounds; where they contradict, ``max`` counts."""
        if self.min is not None and value < self.min.value:
            value = self.min.value
        if self.max is not None and value > self.max.value:
            value = self.max.value
        return value


class Act(Enum):
    """What is done about a parameter."""

    KEEP = "keep"
    SET = "set"
    DROP = "drop"
    DENY = "deny"
    """The call is refused: the parameter may not be used like that."""
    REFUSE = "refuse"
    """The call is refused: the value is out of bounds."""


class Judgement(msgspec.Struct, frozen=True):
    """What is done, the value that is written (``SET``), and why it is refused."""

    act: Act
    value: Any = None
    why: str = ""


KEEP: Final = Judgement(Act.KEEP)
DROP: Final = Judgement(Act.DROP)


def canonical(name: str) -> str:
    """Return the one name of a parameter that has several."""
    return ONE_PARAMETER.get(name, name)


def merge(rules: Iterable[tuple[Rank, ParameterRule]]) -> Parameter:
    """Return one parameter's rules as one; there is at least one, in any order."""
    ranked = sorted(rules, key=lambda pair: (pair[0], _order(pair[1])))
    name = canonical(ranked[0][1].name)
    lows = [Sourced(rule.min, rank) for rank, rule in ranked if rule.min is not None]
    highs = [Sourced(rule.max, rank) for rank, rule in ranked if rule.max is not None]
    hard = [(rank, rule) for rank, rule in ranked if rule.beyond == "refuse"]
    allowed = tuple(_allowed(rank, rule) for rank, rule in ranked if rule.values is not None)
    denials = [Sourced(rule.deny, rank) for rank, rule in ranked if rule.deny]
    refusing = [each for each in denials if each.value == "refuse"]
    defaults = [
        (rule, Sourced(rule.default, rank))
        for rank, rule in reversed(ranked)
        if rule.default is not None
        and not denials
        and all(each.has(rule.default) for each in allowed)
    ]
    forced = [
        (rule, Sourced(rule.force, rank))
        for rank, rule in ranked
        if rule.force is not None and _may_force(rule.force, rank, denials, allowed)
    ]
    writers = [rule for rule, _ in (*forced, *defaults)] or [rule for _, rule in ranked]
    return Parameter(
        name=name,
        written_as=writers[0].name,
        default=defaults[0][1] if defaults else None,
        force=forced[0][1] if forced else None,
        min=_extreme(lows, highest=True),
        max=_extreme(highs, highest=False),
        strict_min=_extreme(
            [Sourced(rule.min, rank) for rank, rule in hard if rule.min is not None], highest=True
        ),
        strict_max=_extreme(
            [Sourced(rule.max, rank) for rank, rule in hard if rule.max is not None], highest=False
        ),
        allowed=allowed,
        denial=(refusing or denials or [None])[0],
    )


def judge(
    parameter: Parameter, value: object | UnsetType, *, implicit: Number | None = None
) -> Judgement:
    """Decide about ``value`` (``UNSET``: the caller said nothing).

    ``implicit`` is what a server then assumes; ``None`` where that is not known.
    """
    denial = parameter.denial
    told = value is not UNSET
    if told and denial is not None and denial.value == "refuse":
        return Judgement(Act.DENY, why="may not be used")
    if parameter.force is not None:
        wanted = _numbered(parameter, parameter.force.value)
        return KEEP if told and token_of(value) == token_of(wanted) else Judgement(Act.SET, wanted)
    if told and denial is None:
        found = _judge_told(parameter, value)
        if found is not DROP:
            return found
    if parameter.default is not None:
        wanted = _numbered(parameter, parameter.default.value)
        return KEEP if told and token_of(value) == token_of(wanted) else Judgement(Act.SET, wanted)
    if denial is None and implicit is not None and parameter.within(implicit) != implicit:
        return Judgement(Act.SET, parameter.within(implicit))
    return DROP if told else KEEP


def token_of(value: object) -> bytes:
    """Return what two equal JSON values have in common, and no two different ones."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return msgspec.json.encode(value, order="deterministic")


def _judge_told(parameter: Parameter, value: object) -> Judgement:
    outside = [each for each in parameter.allowed if not each.has(value)]
    if any(each.strict for each in outside):
        return Judgement(Act.DENY, why="may not have this value")
    if outside:
        return DROP
    if not parameter.bounded:
        return KEEP
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Judgement(Act.REFUSE, why="must be a number")
    high, low = parameter.strict_max, parameter.strict_min
    if high is not None and value > high.value:
        return Judgement(Act.REFUSE, why=f"may be {high.value} at the most")
    if low is not None and value < low.value:
        return Judgement(Act.REFUSE, why=f"must be {low.value} at the least")
    kept = parameter.within(value)
    return KEEP if kept == value else Judgement(Act.SET, kept)


def _numbered(parameter: Parameter, value: object) -> object:
    """Return a value that is written by rule, within the bounds if it is a number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return parameter.within(value)


def _allowed(rank: Rank, rule: ParameterRule) -> Allowed:
    values = rule.values or ()
    patterns = tuple(each[:-1] for each in values if isinstance(each, str) and each.endswith("*"))
    return Allowed(
        tokens=frozenset(token_of(each) for each in values),
        patterns=patterns,
        rank=rank,
        strict=rule.beyond == "refuse",
        told=values,
    )


def _may_force(
    value: object, rank: Rank, denials: list[Sourced[str]], allowed: tuple[Allowed, ...]
) -> bool:
    """Tell whether no rule further out stands against forcing ``value``."""
    if any(each.rank.depth < rank.depth for each in denials):
        return False
    return all(each.has(value) for each in allowed if each.rank.depth <= rank.depth)


def _extreme(bounds: list[Sourced[Number]], *, highest: bool) -> Sourced[Number] | None:
    """Return the tightest of ``bounds``, the outermost of equal ones."""
    found: Sourced[Number] | None = None
    for each in bounds:
        if found is None or (each.value > found.value if highest else each.value < found.value):
            found = each
    return found


def _order(rule: ParameterRule) -> bytes:
    """Return what settles the order of rules that one policy has for one parameter."""
    return msgspec.msgpack.encode(rule)
