"""Indexes over the resources of one version of a snapshot."""

from collections.abc import Generator
from itertools import islice
from typing import Any

from mainspring.snapshot.resources import (
    RESOURCE_TYPES,
    ApiKey,
    BlockedPerson,
    Group,
    Model,
    ModelGrant,
    Policy,
    Resource,
    TokenIssuer,
)

SLICE = 500
"""Resources that are handled before others may run: one or two milliseconds."""


class Indexes:
    """Resources by kind and key, and the ways to find them; kinds from the future are skipped."""

    __slots__ = (
        "blocked_by_bearer",
        "by_kind",
        "grants",
        "groups_by_member",
        "issuers_by_url",
        "keys",
        "keys_by_digest",
        "models_by_alias",
        "models_by_name",
        "policies_by_owner",
    )

    def __init__(self) -> None:
        self.keys: dict[str, ApiKey] = {}
        self.keys_by_digest: dict[bytes, ApiKey] = {}
        self.models_by_name: dict[tuple[str | None, str], Model] = {}
        self.models_by_alias: dict[tuple[str | None, str], Model] = {}
        self.policies_by_owner: dict[str | None, dict[str, Policy]] = {}
        self.groups_by_member: dict[str, tuple[Group, ...]] = {}
        self.issuers_by_url: dict[str, tuple[TokenIssuer, ...]] = {}
        self.blocked_by_bearer: dict[bytes, tuple[BlockedPerson, ...]] = {}
        self.grants: dict[tuple[str, str], ModelGrant] = {}
        """By whom they are for, and the model."""
        self.by_kind: dict[str, dict[str, Any]] = {kind: {} for kind in RESOURCE_TYPES}
        self.by_kind[ApiKey.kind] = self.keys

    def put(self, kind: str, key: str, resource: Resource | None) -> None:
        """Add, replace, or (``None``) remove a resource."""
        resources = self.by_kind.get(kind)
        if resources is None:
            return
        self._forget(resources.pop(key, None))
        if resource is None:
            return
        resources[key] = resource
        if isinstance(resource, ApiKey):
            self.keys_by_digest[resource.digest] = resource
        elif isinstance(resource, Model):
            self.models_by_name[resource.org_id, resource.name] = resource
            for alias in resource.aliases:
                self.models_by_alias[resource.org_id, alias] = resource
        elif isinstance(resource, Policy):
            self.policies_by_owner.setdefault(resource.owner, {})[key] = resource
        elif isinstance(resource, ModelGrant):
            self.grants[resource.owner, resource.model_id] = resource
        else:
            self._index_people(resource)

    def _index_people(self, resource: Resource) -> None:
        """Put what tells who somebody is into the indexes."""
        if isinstance(resource, Group):
            for member in resource.members:
                self.groups_by_member[member] = (
                    *self.groups_by_member.get(member, ()),
                    resource,
                )
        elif isinstance(resource, TokenIssuer):
            issuers = (*self.issuers_by_url.get(resource.issuer, ()), resource)
            self.issuers_by_url[resource.issuer] = tuple(sorted(issuers, key=lambda each: each.id))
        elif isinstance(resource, BlockedPerson):
            for bearer in resource.bearers:
                held = self.blocked_by_bearer.get(bearer, ())
                self.blocked_by_bearer[bearer] = (*held, resource)

    def copying(self) -> Generator[None, None, "Indexes"]:
        """Return a copy of its own, one index a step."""
        made = Indexes()
        for kind, resources in self.by_kind.items():
            made.by_kind[kind] = resources.copy()
            yield
        made.keys = made.by_kind[ApiKey.kind]
        made.keys_by_digest = self.keys_by_digest.copy()
        yield
        made.models_by_name = self.models_by_name.copy()
        made.models_by_alias = self.models_by_alias.copy()
        made.issuers_by_url = self.issuers_by_url.copy()
        made.groups_by_member = self.groups_by_member.copy()
        made.blocked_by_bearer = self.blocked_by_bearer.copy()
        made.grants = self.grants.copy()
        made.policies_by_owner = {
            owner: attached.copy() for owner, attached in self.policies_by_owner.items()
        }
        return made

    def missing_in(self, other: "Indexes") -> Generator[None, None, list[tuple[str, str]]]:
        """Return what is here and not in ``other``."""
        found: list[tuple[str, str]] = []
        for kind, resources in self.by_kind.items():
            there = other.by_kind[kind]
            names = iter(resources)
            while some := list(islice(names, 20 * SLICE)):
                found += [(kind, key) for key in some if key not in there]
                yield
        return found

    def dismantling(self) -> Generator[None]:
        """Let go of everything in steps: to free 100,000 resources at once takes long, too."""
        for resources in (self.keys_by_digest, *self.by_kind.values()):
            while resources:
                for _ in range(min(2 * SLICE, len(resources))):
                    resources.popitem()
                yield

    def _forget(self, old: Resource | None) -> None:
        """Take a resource out of the indexes."""
        if isinstance(old, ApiKey):
            self.keys_by_digest.pop(old.digest, None)
        elif isinstance(old, Model):
            name = (old.org_id, old.name)
            if self.models_by_name.get(name) is old:
                del self.models_by_name[name]
            for alias in old.aliases:
                if self.models_by_alias.get((old.org_id, alias)) is old:
                    del self.models_by_alias[old.org_id, alias]
        elif isinstance(old, Policy):
            attached = self.policies_by_owner[old.owner]
            del attached[old.id]
            if not attached:
                del self.policies_by_owner[old.owner]
        elif isinstance(old, ModelGrant):
            if self.grants.get((old.owner, old.model_id)) is old:
                del self.grants[old.owner, old.model_id]
        elif old is not None:
            self._forget_people(old)

    def _forget_people(self, old: Resource) -> None:
        """Take what tells who somebody is out of the indexes."""
        if isinstance(old, Group):
            self._forget_group(old)
        elif isinstance(old, BlockedPerson):
            self._unblock(old)
        elif isinstance(old, TokenIssuer):
            rest = tuple(each for each in self.issuers_by_url[old.issuer] if each is not old)
            if rest:
                self.issuers_by_url[old.issuer] = rest
            else:
                del self.issuers_by_url[old.issuer]

    def _forget_group(self, old: Group) -> None:
        for member in old.members:
            left = tuple(each for each in self.groups_by_member[member] if each is not old)
            if left:
                self.groups_by_member[member] = left
            else:
                del self.groups_by_member[member]

    def _unblock(self, old: BlockedPerson) -> None:
        for bearer in old.bearers:
            held = self.blocked_by_bearer.get(bearer, ())
            rest = tuple(each for each in held if each is not old)
            if rest:
                self.blocked_by_bearer[bearer] = rest
            else:
                self.blocked_by_bearer.pop(bearer, None)
