"""Policies: values, rules, permissions."""

import math
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from mainspring.kernel.access import Permission
from mainspring.kernel.errors import InvalidRequestError
from mainspring.snapshot import resources
from mainspring.snapshot.policies import Effective, Subject
from mainspring.snapshot.policy_rules import (
    CONTEXT_LENGTH,
    STREAM,
    CacheRule,
    CaptureRule,
    ParameterRule,
)

POLICY_READ = Permission("policy:read", "See policies, and what they come to.")
POLICY_WRITE = Permission("policy:write", "Create, change and remove policies.")

POLICY_TRY = Permission(
    "policy:try",
    "Replay recorded calls against proposed policies and limits; shows parameters, no contents.",
)

PERMISSIONS = (POLICY_READ, POLICY_TRY, POLICY_WRITE)
"""Every permission of this capability."""

MAX_OF_OWNER: Final = 100
"""Policies that are attached to one organisation, project or key, or to everybody."""
MAX_RULES: Final = 64
MAX_VALUES: Final = 256
MAX_MODELS: Final = 64
MODEL_PATTERN: Final = r"^(?:[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,199})?\*?$"
"""A model's name; a trailing ``*`` stands for any rest."""
PARAMETER_PATTERN: Final = r"^[A-Za-z_][A-Za-z0-9_]{0,63}$"

_MAX_WRITTEN_BYTES: Final = 4096
_UNGOVERNED: Final = frozenset(
    {
        "model",
        "messages",
        "input",
        "prompt",
        "query",
        "documents",
        "file",
        "image",
        "mask",
        "stream_options",
        "previous_response_id",
    }
)
"""What a request is about; it has no default and no bound."""


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """A policy and whom it is attached to: the innermost id that is set; none: everybody.

    ``locked`` ones belong to the platform wherever they are attached: nobody else changes them.
    """

    id: str
    org_id: str | None = None
    project_id: str | None = None
    key_id: str | None = None
    name: str
    models: tuple[str, ...] = ()
    enabled: bool = True
    locked: bool = False
    parameters: tuple[ParameterRule, ...] = ()
    cache: CacheRule | None = None
    capture: CaptureRule | None = None
    created_at: datetime
    updated_at: datetime
    revision: int = 1

    def resource(self) -> resources.Policy:
        """Return what gateways know of this policy."""
        return resources.Policy(
            id=self.id,
            name=self.name,
            org_id=self.org_id,
            project_id=self.project_id,
            key_id=self.key_id,
            models=self.models,
            enabled=self.enabled,
            parameters=self.parameters,
            cache=self.cache,
            capture=self.capture,
        )


class PolicyChanges(msgspec.Struct, frozen=True):
    """What may change about a policy; ``UNSET`` stays as it is. Whom it concerns never does."""

    name: str | UnsetType = UNSET
    models: tuple[str, ...] | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
    locked: bool | UnsetType = UNSET
    parameters: tuple[ParameterRule, ...] | UnsetType = UNSET
    cache: CacheRule | UnsetType | None = UNSET
    capture: CaptureRule | UnsetType | None = UNSET


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """What policies come to for one subject, and those that concern it, by id."""

    subject: Subject
    effective: Effective
    policies: dict[str, Policy]


def checked_policy(policy: Policy) -> Policy:
    """Return ``policy`` if all of it is acceptable.

    Raises:
        InvalidRequestError: naming the field that is not.
    """
    name = policy.name.strip()
    if not 1 <= len(name) <= 120 or not name.isprintable():
        raise InvalidRequestError("a name has 1 to 120 visible characters", param="name")
    if len(policy.models) > MAX_MODELS:
        raise InvalidRequestError(f"a policy names up to {MAX_MODELS} models", param="models")
    for each in policy.models:
        if not each or not re.fullmatch(MODEL_PATTERN, each):
            raise InvalidRequestError(
                f"{each[:80]!r} is no model's name; a * may stand at its end", param="models"
            )
    if len(policy.parameters) > MAX_RULES:
        raise InvalidRequestError(f"a policy has up to {MAX_RULES} rules", param="parameters")
    for index, rule in enumerate(policy.parameters):
        _check_rule(rule, f"parameters[{index}]")
    if not policy.parameters and policy.cache is None and policy.capture is None:
        raise InvalidRequestError("the policy says nothing", param="parameters")
    return msgspec.structs.replace(policy, name=name)


def _check_rule(rule: ParameterRule, field: str) -> None:
    def wrong(text: str) -> InvalidRequestError:
        return InvalidRequestError(f"{rule.name}: {text}", param=field)

    if not re.fullmatch(PARAMETER_PATTERN, rule.name):
        raise InvalidRequestError("a parameter's name has letters, digits and _", param=field)
    if rule.name in _UNGOVERNED:
        raise wrong("is what a request is about, and no parameter of it")
    says = (rule.default, rule.force, rule.min, rule.max, rule.values)
    if not rule.deny and all(each is None for each in says):
        raise wrong("the rule says nothing")
    if rule.default is not None and rule.force is not None:
        raise wrong("a forced value leaves nothing for a default")
    if rule.min is not None and rule.max is not None and rule.min > rule.max:
        raise wrong("min is above max")
    if rule.name == STREAM and (rule.deny != "refuse" or any(each is not None for each in says)):
        raise wrong("can only be refused: a caller waits for the form of answer that it asked for")
    if rule.name == CONTEXT_LENGTH and not _only_a_length(rule):
        raise wrong("takes a positive max, and nothing else")
    _check_numbers(rule, wrong)
    _check_sizes(rule, wrong)


def _only_a_length(rule: ParameterRule) -> bool:
    others = (rule.default, rule.force, rule.min, rule.values)
    return (
        rule.max is not None
        and rule.max > 0
        and not rule.deny
        and all(each is None for each in others)
    )


def _check_numbers(rule: ParameterRule, wrong: Callable[[str], InvalidRequestError]) -> None:
    bounds = [each for each in (rule.min, rule.max) if each is not None]
    if not all(math.isfinite(each) for each in bounds):
        raise wrong("a bound is a number")
    if not bounds:
        return
    for value in (rule.default, rule.force):
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise wrong("what has bounds is a number")


def _check_sizes(rule: ParameterRule, wrong: Callable[[str], InvalidRequestError]) -> None:
    if rule.values is not None:
        if len(rule.values) > MAX_VALUES:
            raise wrong(f"lists up to {MAX_VALUES} values")
        if any(each is None or isinstance(each, dict | list) for each in rule.values):
            raise wrong("lists texts, numbers, true and false")
    written: Sequence[object] = (rule.default, rule.force, rule.values)
    if len(msgspec.json.encode(written)) > _MAX_WRITTEN_BYTES:
        raise wrong(f"has more than {_MAX_WRITTEN_BYTES} bytes")
