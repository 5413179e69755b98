"""The gateway's view of a snapshot: indexes over resources, changed a whole frame at a time."""

import hashlib
from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Any

from mainspring.snapshot.frame import (
    Entry,
    Frame,
    FrameHead,
    decode_resource,
    encode_resource,
    exhaust,
)
from mainspring.snapshot.indexes import SLICE, Indexes
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
    """The delta starts after the table's version, or in another epoch; ask for a base."""


class SnapshotTable:
    """Holds the resources of one version and finds them in constant time.

    What a frame changes is decoded before anything changes, and changes at once: between two
    callbacks of an event loop a reader sees the old version or the new one, never a mixture.
    Resources are frozen, so a request in flight keeps the ones it started with.
    """

    def __init__(self) -> None:
        self.version = 0
        self.epoch = ""
        self.organizations: dict[str, Organization] = {}
        self.projects: dict[str, Project] = {}
        self.upstreams: dict[str, Upstream] = {}
        self.policies: dict[str, Policy] = {}
        self.service_accounts: dict[str, ServiceAccount] = {}
        # Others hold these: they are changed in place, whatever else is replaced.
        self._shared: dict[str, dict[str, Any]] = {
            Organization.kind: self.organizations,
            Project.kind: self.projects,
            Upstream.kind: self.upstreams,
            Policy.kind: self.policies,
            ServiceAccount.kind: self.service_accounts,
        }
        self._now = Indexes()
        self._now.by_kind.update(self._shared)

    def __len__(self) -> int:
        return sum(len(resources) for resources in self._now.by_kind.values())

    def find_key(self, secret: str) -> ApiKey | None:
        """Return the key whose full secret this is; the lookup is by the whole SHA-256."""
        return self.find_key_by_digest(hashlib.sha256(secret.encode()).digest())

    def find_key_by_digest(self, digest: bytes) -> ApiKey | None:
        """Return the key whose full secret has this SHA-256."""
        return self._now.keys_by_digest.get(digest)

    def find_key_by_id(self, key_id: str) -> ApiKey | None:
        """Return the key of this id."""
        return self._now.keys.get(key_id)

    @property
    def platform_issuer(self) -> PlatformIssuer | None:
        """Return what the platform's own tokens are verified by."""
        return self._now.by_kind[PlatformIssuer.kind].get("platform")

    def find_issuers(self, url: str) -> tuple[TokenIssuer, ...]:
        """Return everybody's entries of the issuer that calls itself ``url``, in one order.

        As long as none of them changes, it is the same tuple.
        """
        return self._now.issuers_by_url.get(url, ())

    def groups_of(self, org_id: str, member: str) -> tuple[str, ...]:
        """Return the ids of the organisation's groups that someone is in."""
        found = self._now.groups_by_member.get(member, ())
        return tuple(group.id for group in found if group.org_id == org_id)

    def is_blocked(self, bearers: Iterable[bytes], issued_at: float | None) -> bool:
        """Tell whether a token of one of ``bearers``, made at that Unix time, is refused."""
        blocked = self._now.blocked_by_bearer
        if not blocked:
            return False
        return any(
            each.issued_before is None or issued_at is None or issued_at <= each.issued_before
            for bearer in bearers
            for each in blocked.get(bearer, ())
        )

    def find_model(self, name: str, org_id: str) -> Model | None:
        """Return the model that ``org_id`` calls by ``name``.

        Its own models come before shared ones, and among each a name comes before an alias.
        """
        now = self._now
        models = now.models_by_name
        own = models.get((org_id, name))
        aliases = now.models_by_alias
        if own is not None or not aliases:
            return own or models.get((None, name))
        return aliases.get((org_id, name)) or models.get((None, name)) or aliases.get((None, name))

    def is_granted(self, model_id: str, owners: Iterable[str], now: float) -> bool:
        """Tell whether any of ``owners`` holds a grant of a model that is good at Unix ``now``."""
        grants = self._now.grants
        for owner in owners:
            grant = grants.get((owner, model_id))
            if grant is not None and (grant.expires_at is None or now < grant.expires_at):
                return True
        return False

    def visible_models(self, org_id: str) -> list[Model]:
        """Return the models that ``org_id`` may see, by name, its own before shared ones."""
        seen: dict[str, Model] = {}
        for (owner, name), model in self._now.models_by_name.items():
            if owner == org_id or (owner is None and name not in seen):
                seen[name] = model
        return [seen[name] for name in sorted(seen)]

    def policies_of(self, *owners: str | None) -> list[Policy]:
        """Return the policies that are attached to any of ``owners`` (``None``: to everybody)."""
        by_owner = self._now.policies_by_owner
        return [policy for owner in owners for policy in by_owner.get(owner, {}).values()]

    def apply(self, frame: Frame) -> list[tuple[str, str]]:
        """Take the table to the frame's version; return the (kind, key) pairs that changed.

        Kinds from the future are skipped: an older gateway serves what it understands.

        Raises:
            SnapshotFormatError: if an entry cannot be read; the table is unchanged.
            VersionGapError: if the delta starts after this table's version.
        """
        head = FrameHead(frame.version, frame.since, len(frame.entries), frame.epoch)
        changed: list[tuple[str, str]] = []
        exhaust(self.applying(head, iter(frame.entries), changed.extend))
        return changed

    def applying(
        self,
        head: FrameHead,
        entries: Iterator[Entry],
        committed: Callable[[list[tuple[str, str]]], None],
    ) -> Generator[None]:
        """Do what :meth:`apply` does, in steps; nothing else may change the table meanwhile.

        Readers see the old version until, in one step, the new one takes its place and
        ``committed`` hears what changed. A small delta takes a single step.

        Raises:
            SnapshotFormatError: if an entry cannot be read; the table is unchanged.
            VersionGapError: if the delta starts after this table's version or in another epoch.
        """
        if head.since is not None and head.since > self.version:
            raise VersionGapError(f"delta since {head.since}, table at {self.version}")
        if head.since is not None and head.epoch and self.epoch not in ("", head.epoch):
            raise VersionGapError(f"delta of epoch {head.epoch}, table of {self.epoch}")
        if head.since is not None and head.count <= SLICE:
            changes = list(filter(None, map(_read, entries)))
            for change in changes:
                self._now.put(*change)
            self.version = head.version
            self.epoch = head.epoch or self.epoch
            committed([(kind, key) for kind, key, _ in changes])
            return
        fresh = Indexes() if head.since is None else (yield from self._now.copying())
        changed: list[tuple[str, str]] = []
        for place, entry in enumerate(entries, 1):
            change = _read(entry)
            if change is not None:
                fresh.put(*change)
                changed.append(change[:2])
            if place % SLICE == 0:
                yield
        if head.since is None:
            changed = (yield from self._now.missing_in(fresh)) + changed
        old = self._replace(fresh)
        self.version = head.version
        self.epoch = head.epoch
        committed(changed)
        yield from old.dismantling()

    def _replace(self, fresh: Indexes) -> Indexes:
        """Let ``fresh`` be what readers see; return what they saw before."""
        old = self._now
        for kind, shared in self._shared.items():
            old.by_kind[kind] = shared.copy()
            shared.clear()
            shared.update(fresh.by_kind[kind])
            fresh.by_kind[kind] = shared
        self._now = fresh
        return old

    def to_frame(self) -> Frame:
        """Return the whole table as a base frame, for the last-good file."""
        return self.frozen()()

    def frozen(self) -> Callable[[], Frame]:
        """Return what makes the base frame of the present state, later and in any thread.

        Encoding 100,000 keys takes a while; taking note of which they are does not.
        """
        version, epoch = self.version, self.epoch
        held = [
            (kind, resources.copy())  # resources are immutable, the dicts are not
            for kind, resources in self._now.by_kind.items()
        ]

        def make() -> Frame:
            entries = [
                Entry(kind, key, version, encode_resource(resource))
                for kind, resources in held
                for key, resource in resources.items()
            ]
            return Frame(version=version, entries=entries, epoch=epoch)

        return make


def _read(entry: Entry) -> tuple[str, str, Resource | None] | None:
    """Return the change that an entry is, ``None`` for a kind that is not known."""
    if entry.data is None:
        return entry.kind, entry.key, None
    resource = decode_resource(entry.kind, entry.data)
    return None if resource is None else (entry.kind, entry.key, resource)
