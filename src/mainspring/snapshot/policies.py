"""Which policies hold for a call, and what they come to together.

Pure: decided from the policies alone, in whatever order they are given.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

import msgspec

from mainspring.snapshot.capture import CaptureBound, bound_of
from mainspring.snapshot.parameters import Parameter, Rank, canonical, merge
from mainspring.snapshot.policy_rules import CACHE_MODES, CacheRule, ParameterRule
from mainspring.snapshot.resources import Policy

LEVELS: Final = ("platform", "organization", "project", "key")
"""Whom a policy is attached to, outermost first; one narrowed to models stands further inside."""

_WRITES_UNASKED: Final = ("chat", "completion")


class CacheRules(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for the cache. ``scopes`` are all of those that answers are kept apart by."""

    mode: str
    ttl_s: int
    scopes: tuple[str, ...]
    max_bytes: int
    max_temperature: float
    threshold: float
    embedding_model: str
    embedding_deadline_ms: int
    sources: tuple[str, ...]


class Effective(msgspec.Struct, frozen=True, kw_only=True):
    """What policies come to for one caller, model and task.

    ``cache`` ``None``: no answers are kept to be given again. ``capture`` ``None``: what the
    project wants to be kept of its calls is kept.
    """

    parameters: tuple[Parameter, ...] = ()
    cache: CacheRules | None = None
    capture: CaptureBound | None = None

    @property
    def empty(self) -> bool:
        """Tell whether nothing is governed."""
        return not self.parameters and self.cache is None and self.capture is None


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """Whose call of which model, for which task (``ModelTask``'s names)."""

    org_id: str
    project_id: str
    key_id: str | None
    model: str
    task: str = "chat"


def level_of(policy: Policy) -> str:
    """Return whom ``policy`` is attached to, as one of :data:`LEVELS`."""
    if policy.key_id is not None:
        return "key"
    if policy.project_id is not None:
        return "project"
    return "platform" if policy.org_id is None else "organization"


def rank_of(policy: Policy) -> Rank:
    """Return how far inside ``policy`` stands."""
    depth = 2 * LEVELS.index(level_of(policy)) + (1 if policy.models else 0)
    return Rank(depth, policy.id)


def holds(policy: Policy, subject: Subject) -> bool:
    """Tell whether ``policy`` concerns the calls of ``subject``."""
    return (
        policy.enabled
        and policy.org_id in (None, subject.org_id)
        and policy.project_id in (None, subject.project_id)
        and policy.key_id in (None, subject.key_id)
        and (not policy.models or any(_matches(each, subject.model) for each in policy.models))
    )


def effective(policies: Iterable[Policy], subject: Subject) -> Effective:
    """Return what those of ``policies`` that concern ``subject`` come to."""
    concerned = [policy for policy in policies if holds(policy, subject)]
    by_name: dict[str, list[tuple[Rank, ParameterRule]]] = defaultdict(list)
    for policy in concerned:
        for rule in policy.parameters:
            narrowed = _for_task(rule, subject.task)
            if narrowed is not None:
                by_name[canonical(rule.name)].append((rank_of(policy), narrowed))
    parameters = tuple(merge(by_name[name]) for name in sorted(by_name))
    return Effective(parameters=parameters, cache=_cache(concerned), capture=_capture(concerned))


def _for_task(rule: ParameterRule, task: str) -> ParameterRule | None:
    """Return what of ``rule`` concerns ``task``."""
    if rule.tasks:
        return rule if task in rule.tasks else None
    if task in _WRITES_UNASKED or (rule.default is None and rule.force is None):
        return rule
    return msgspec.structs.replace(rule, default=None, force=None)


def _cache(policies: list[Policy]) -> CacheRules | None:
    rules: list[tuple[Rank, CacheRule]] = sorted(
        ((rank_of(each), each.cache) for each in policies if each.cache is not None),
        key=lambda pair: pair[0],
    )
    if not rules:
        return None
    known = [_mode(rule) for _, rule in rules]
    mode = CACHE_MODES[min(known)]
    if mode == "off":
        return None
    each_rule = [rule for _, rule in rules]
    return CacheRules(
        mode=mode,
        ttl_s=min(rule.ttl_s for rule in each_rule),
        scopes=tuple(sorted({rule.scope for rule in each_rule})),
        max_bytes=min(rule.max_bytes for rule in each_rule),
        max_temperature=min(rule.max_temperature for rule in each_rule),
        threshold=max(rule.threshold for rule in each_rule),
        embedding_model=each_rule[0].embedding_model,
        embedding_deadline_ms=min(rule.embedding_deadline_ms for rule in each_rule),
        sources=tuple(rank.policy_id for rank, _ in rules),
    )


def _capture(policies: list[Policy]) -> CaptureBound | None:
    saying = (each for each in policies if each.capture is not None)
    return bound_of(
        (each.id, each.capture) for each in sorted(saying, key=rank_of) if each.capture is not None
    )


def _mode(rule: CacheRule) -> int:
    """Return how much a rule's mode allows; one from the future allows nothing."""
    return CACHE_MODES.index(rule.mode) if rule.mode in CACHE_MODES else 0


def _matches(pattern: str, name: str) -> bool:
    if pattern.endswith("*"):
        return name.startswith(pattern[:-1])
    return name == pattern
