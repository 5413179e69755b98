"""Rules of approval: which requests they concern, and who has to agree to those.

Every rule that concerns a request has its say. Their steps are gone to in the order of the rules'
positions, the same step once; a rule that denies goes before all of that. A request that no
rule concerns is for the administrators of its organisation to decide.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, Literal

import msgspec
from msgspec import UNSET, UnsetType

from mainspring.kernel.errors import InvalidRequestError

DATA_CLASSES: Final = ("public", "internal", "confidential", "restricted")
"""What a caller may say of the data that it will send, the least harmful first."""
MAX_RULES: Final = 100
"""Rules of one organisation, or of the platform."""
MAX_STEPS: Final = 8
MAX_APPROVERS: Final = 16
MAX_MATCHES: Final = 64
MODEL_PATTERN: Final = r"^(?:[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,199})?\*?$"
APPROVER_PATTERN: Final = (
    r"^(?:role:[a-z0-9][a-z0-9_-]{0,63}|group:grp_[0-9a-f]{32}|user:usr_[0-9a-f]{32})$"
)
STEP_PATTERN: Final = r"^[a-z][a-z0-9_-]{0,39}$"


class ApprovalStep(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody's agreement, such as that of security.

    ``approvers`` are ``role:…``, ``group:…`` and ``user:…``. ``need`` ``any``: one person whom one
    of these names; ``all``: for each of them a person of its own.
    """

    name: str
    approvers: tuple[str, ...]
    need: Literal["any", "all"] = "any"


class AccessRule(msgspec.Struct, frozen=True, kw_only=True):
    """Which requests need which steps; ``org_id`` ``None`` is the platform's, for everybody.

    A condition that is empty or ``None`` holds always; all of them must hold. ``tags`` are those of
    the model's targets. ``min_cost`` is what a month is expected to cost at least, in billionths of
    the price's currency; a model without a price costs more than anything. ``more_than_days`` also
    holds for a request without an end. A rule without steps agrees by itself, unless ``denies``
    says why it never does.
    """

    id: str
    org_id: str | None = None
    name: str
    position: int = 100
    enabled: bool = True
    models: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    data_classes: tuple[str, ...] = ()
    project_ids: tuple[str, ...] = ()
    min_cost: int | None = None
    more_than_days: int | None = None
    steps: tuple[ApprovalStep, ...] = ()
    denies: str = ""
    created_at: datetime
    updated_at: datetime
    revision: int = 1


class RuleChanges(msgspec.Struct, frozen=True):
    """What may change about a rule; ``UNSET`` stays. Requests under way keep their steps."""

    name: str | UnsetType = UNSET
    position: int | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
    models: tuple[str, ...] | UnsetType = UNSET
    tags: tuple[str, ...] | UnsetType = UNSET
    data_classes: tuple[str, ...] | UnsetType = UNSET
    project_ids: tuple[str, ...] | UnsetType = UNSET
    min_cost: int | UnsetType | None = UNSET
    more_than_days: int | UnsetType | None = UNSET
    steps: tuple[ApprovalStep, ...] | UnsetType = UNSET
    denies: str | UnsetType = UNSET


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What rules are asked about. ``cost`` ``None``: not known; ``days`` ``None``: without end."""

    model: str
    tags: frozenset[str]
    project_id: str
    data_class: str
    cost: int | None
    days: int | None


class Ruling(msgspec.Struct, frozen=True):
    """What the rules come to: the steps, or why not; ``rules`` names those that had a say."""

    steps: tuple[ApprovalStep, ...]
    rules: tuple[str, ...]
    denied: str = ""


_BY_ADMINISTRATORS: Final = ApprovalStep(
    name="owner", approvers=("role:org_admin", "role:platform_admin")
)


def ruling(rules: Iterable[AccessRule], wish: Wish) -> Ruling:
    """Return what ``rules`` say of ``wish``."""
    concerned = sorted(
        (rule for rule in rules if rule.enabled and _concerns(rule, wish)),
        key=lambda rule: (rule.position, rule.org_id is not None, rule.id),
    )
    names = tuple(rule.name for rule in concerned)
    denied = next((rule.denies for rule in concerned if rule.denies), "")
    if denied:
        return Ruling((), names, denied)
    if not concerned:
        return Ruling((_BY_ADMINISTRATORS,), ())
    steps: dict[str, ApprovalStep] = {}
    for rule in concerned:
        for step in rule.steps:
            if not _is_in(step, steps.values()):
                named = _apart(step, steps)
                steps[named.name] = named
    return Ruling(tuple(steps.values()), names)


def _is_in(step: ApprovalStep, steps: Iterable[ApprovalStep]) -> bool:
    """Tell whether the same people are asked in the same way already, under whatever name."""
    return any(
        (each.need, set(each.approvers)) == (step.need, set(step.approvers))
        and each.name.partition("+")[0] == step.name
        for each in steps
    )


def _apart(step: ApprovalStep, steps: Mapping[str, ApprovalStep]) -> ApprovalStep:
    """Return ``step`` under a name of its own: two rules' steps of one name are both gone to."""
    name, number = step.name, 2
    while name in steps:
        name, number = f"{step.name}+{number}", number + 1
    return msgspec.structs.replace(step, name=name)


def _concerns(rule: AccessRule, wish: Wish) -> bool:
    return (
        (not rule.models or any(_names(each, wish.model) for each in rule.models))
        and (not rule.tags or not wish.tags.isdisjoint(rule.tags))
        and (not rule.data_classes or wish.data_class in rule.data_classes)
        and (not rule.project_ids or wish.project_id in rule.project_ids)
        and (rule.min_cost is None or wish.cost is None or wish.cost >= rule.min_cost)
        and (rule.more_than_days is None or wish.days is None or wish.days > rule.more_than_days)
    )


def _names(pattern: str, model: str) -> bool:
    return model.startswith(pattern[:-1]) if pattern.endswith("*") else model == pattern


def checked_rule(rule: AccessRule) -> AccessRule:
    """Return ``rule`` if all of it is acceptable.

    Raises:
        InvalidRequestError: naming the field that is not.
    """
    name = rule.name.strip()
    if not 1 <= len(name) <= 120 or not name.isprintable():
        raise InvalidRequestError("a name has 1 to 120 visible characters", param="name")
    for field, values in (
        ("models", rule.models),
        ("tags", rule.tags),
        ("project_ids", rule.project_ids),
    ):
        if len(values) > MAX_MATCHES:
            raise InvalidRequestError(f"up to {MAX_MATCHES} of these", param=field)
    for model in rule.models:
        if not model or not re.fullmatch(MODEL_PATTERN, model):
            raise InvalidRequestError("a model's name; a * may stand at its end", param="models")
    if not set(rule.data_classes) <= set(DATA_CLASSES):
        raise InvalidRequestError(f"some of {', '.join(DATA_CLASSES)}", param="data_classes")
    if rule.denies and rule.steps:
        raise InvalidRequestError("a rule that denies asks nobody", param="steps")
    if len(rule.steps) > MAX_STEPS:
        raise InvalidRequestError(f"a rule has up to {MAX_STEPS} steps", param="steps")
    if len({step.name for step in rule.steps}) < len(rule.steps):
        raise InvalidRequestError("two steps have the same name", param="steps")
    for index, step in enumerate(rule.steps):
        _check_step(step, f"steps[{index}]")
    return msgspec.structs.replace(rule, name=name)


def _check_step(step: ApprovalStep, field: str) -> None:
    if not re.fullmatch(STEP_PATTERN, step.name):
        raise InvalidRequestError(
            "a step's name has lower-case letters, digits, _ and -", param=field
        )
    if not 1 <= len(step.approvers) <= MAX_APPROVERS:
        raise InvalidRequestError(f"a step has 1 to {MAX_APPROVERS} approvers", param=field)
    if len(set(step.approvers)) < len(step.approvers):
        raise InvalidRequestError("an approver is named twice", param=field)
    for approver in step.approvers:
        if not re.fullmatch(APPROVER_PATTERN, approver):
            raise InvalidRequestError(
                "an approver is role:<name>, group:<id> or user:<id>", param=field
            )


def groups_named(steps: Sequence[ApprovalStep]) -> set[str]:
    """Return the ids of groups that ``steps`` name."""
    return {
        each.removeprefix("group:")
        for step in steps
        for each in step.approvers
        if each.startswith("group:")
    }
