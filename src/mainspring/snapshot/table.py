"""The gateway's view of a snapshot: indexes over resources, changed a whole frame at a time."""

import hashlib
from collections.abc import Callable
from typing import Any

from mainspring.snapshot.frame import Entry, Frame, decode_resource, encode_resource
from mainspring.snapshot.resources import (
    ApiKey,
    Model,
    Organization,
    PlatformIssuer,
    Policy,
    Project,
    Resource,
    ServiceAccount,
    TokenIssuer,
    Upstream,
)


class VersionGapError(ValueError):
    """The delta starts after the table's version; ask for a base."""


class SnapshotTable:
    """Holds the resources of one version and finds them in constant time.

    :meth:`apply` decodes every entry before it changes anything, and does not yield: between two
    callbacks of an event loop a reader sees the old version or the new one, never a mixture.
    Resources are frozen, so a request in flight keeps the ones it started with.
    """

    def __init__(self) -> None:
        self.version = 0
        self.organizations: dict[str, Organization] = {}
        self.projects: dict[str, Project] = {}
        self.upstreams: dict[str, Upstream] = {}
        self.policies: dict[str, Policy] = {}
        self.service_accounts: dict[str, ServiceAccount] = {}
        self._token_issuers: dict[str, TokenIssuer] = {}
        self._issuers_by_url: dict[str, tuple[TokenIssuer, ...]] = {}
        self._platform_issuers: dict[str, PlatformIssuer] = {}
        self._keys: dict[str, ApiKey] = {}
        self._models: dict[str, Model] = {}
        self._keys_by_digest: dict[bytes, ApiKey] = {}
        self._models_by_name: dict[tuple[str | None, str], Model] = {}
        self._models_by_alias: dict[tuple[str | None, str], Model] = {}
        self._policies_by_owner: dict[str | None, dict[str, Policy]] = {}
        self._by_kind: dict[str, dict[str, Any]] = {
            Organization.kind: self.organizations,
            Project.kind: self.projects,
            Upstream.kind: self.upstreams,
            ApiKey.kind: self._keys,
            Model.kind: self._models,
            Policy.kind: self.policies,
            TokenIssuer.kind: self._token_issuers,
            ServiceAccount.kind: self.service_accounts,
            PlatformIssuer.kind: self._platform_issuers,
        }

    def __len__(self) -> int:
        return sum(len(resources) for resources in self._by_kind.values())

    def find_key(self, secret: str) -> ApiKey | None:
        """Return the key whose full secret this is; the lookup is by the whole SHA-256."""
        return self.find_key_by_digest(hashlib.sha256(secret.encode()).digest())

    def find_key_by_digest(self, digest: bytes) -> ApiKey | None:
        """Return the key whose full secret has this SHA-256."""
        return self._keys_by_digest.get(digest)

    def find_key_by_id(self, key_id: str) -> ApiKey | None:
        """Return the key of this id."""
        return self._keys.get(key_id)

    @property
    def platform_issuer(self) -> PlatformIssuer | None:
        """Return what the platform's own tokens are verified by."""
        return self._platform_issuers.get("platform")

    def find_issuers(self, url: str) -> tuple[TokenIssuer, ...]:
        """Return everybody's entries of the issuer that calls itself ``url``, in one order.

        As long as none of them changes, it is the same tuple.
        """
        return self._issuers_by_url.get(url, ())

    def find_model(self, name: str, org_id: str) -> Model | None:
        """Return the model that ``org_id`` calls by ``name``.

        Its own models come before shared ones, and among each a name comes before an alias.
        """
        models = self._models_by_name
        own = models.get((org_id, name))
        if own is not None or not self._models_by_alias:
            return own or models.get((None, name))
        aliases = self._models_by_alias
        return aliases.get((org_id, name)) or models.get((None, name)) or aliases.get((None, name))

    def visible_models(self, org_id: str) -> list[Model]:
        """Return the models that ``org_id`` may see, by name, its own before shared ones."""
        seen: dict[str, Model] = {}
        for (owner, name), model in self._models_by_name.items():
            if owner == org_id or (owner is None and name not in seen):
                seen[name] = model
        return [seen[name] for name in sorted(seen)]

    def policies_of(self, *owners: str | None) -> list[Policy]:
        """Return the policies that are attached to any of ``owners`` (``None``: to everybody)."""
        by_owner = self._policies_by_owner
        return [policy for owner in owners for policy in by_owner.get(owner, {}).values()]

    def apply(self, frame: Frame) -> list[tuple[str, str]]:
        """Take the table to the frame's version; return the (kind, key) pairs that changed.

        Kinds from the future are skipped: an older gateway serves what it understands.

        Raises:
            SnapshotFormatError: if an entry cannot be read; the table is unchanged.
            VersionGapError: if the delta starts after this table's version.
        """
        if frame.since is not None and frame.since > self.version:
            raise VersionGapError(f"delta since {frame.since}, table at {self.version}")
        changes: list[tuple[str, str, Resource | None]] = []
        for entry in frame.entries:
            if entry.data is None:
                changes.append((entry.kind, entry.key, None))
                continue
            resource = decode_resource(entry.kind, entry.data)
            if resource is not None:
                changes.append((entry.kind, entry.key, resource))
        if frame.since is None:
            changes = self._removals(changes) + changes
        for kind, key, resource in changes:
            self._put(kind, key, resource)
        self.version = frame.version
        return [(kind, key) for kind, key, _ in changes]

    def to_frame(self) -> Frame:
        """Return the whole table as a base frame, for the last-good file."""
        return self.frozen()()

    def frozen(self) -> Callable[[], Frame]:
        """Return what makes the base frame of the present state, later and in any thread.

        Encoding 100,000 keys takes a while; taking note of which they are does not.
        """
        version = self.version
        held = [
            (kind, list(resources.items()))  # resources are immutable, the dicts are not
            for kind, resources in self._by_kind.items()
        ]

        def make() -> Frame:
            entries = [
                Entry(kind, key, version, encode_resource(resource))
                for kind, resources in held
                for key, resource in resources
            ]
            return Frame(version=version, entries=entries)

        return make

    def _removals(
        self, changes: list[tuple[str, str, Resource | None]]
    ) -> list[tuple[str, str, Resource | None]]:
        kept = {(kind, key) for kind, key, _ in changes}
        return [
            (kind, key, None)
            for kind, resources in self._by_kind.items()
            for key in resources
            if (kind, key) not in kept
        ]

    def _put(self, kind: str, key: str, resource: Resource | None) -> None:
        resources = self._by_kind.get(kind)
        if resources is None:
            return
        self._forget(resources.pop(key, None))
        if resource is None:
            return
        resources[key] = resource
        if isinstance(resource, ApiKey):
            self._keys_by_digest[resource.digest] = resource
        elif isinstance(resource, Model):
            self._models_by_name[resource.org_id, resource.name] = resource
            for alias in resource.aliases:
                self._models_by_alias[resource.org_id, alias] = resource
        elif isinstance(resource, Policy):
            self._policies_by_owner.setdefault(resource.owner, {})[key] = resource
        elif isinstance(resource, TokenIssuer):
            issuers = (*self.find_issuers(resource.issuer), resource)
            self._issuers_by_url[resource.issuer] = tuple(sorted(issuers, key=lambda each: each.id))

    def _forget(self, old: Resource | None) -> None:
        """Take a resource out of the indexes."""
        if isinstance(old, ApiKey):
            self._keys_by_digest.pop(old.digest, None)
        elif isinstance(old, Model):
            name = (old.org_id, old.name)
            if self._models_by_name.get(name) is old:
                del self._models_by_name[name]
            for alias in old.aliases:
                if self._models_by_alias.get((old.org_id, alias)) is old:
                    del self._models_by_alias[old.org_id, alias]
        elif isinstance(old, Policy):
            attached = self._policies_by_owner[old.owner]
            del attached[old.id]
            if not attached:
                del self._policies_by_owner[old.owner]
        elif isinstance(old, TokenIssuer):
            rest = tuple(each for each in self.find_issuers(old.issuer) if each is not old)
            if rest:
                self._issuers_by_url[old.issuer] = rest
            else:
                del self._issuers_by_url[old.issuer]
