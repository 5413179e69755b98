"""Build snapshots for tests and benchmarks, in process or as a file."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from mainspring.kernel.ids import new_id, new_secret
from mainspring.snapshot.frame import (
    Entry,
    Frame,
    decode_frame,
    encode_frame,
    encode_resource,
)
from mainspring.snapshot.policy_rules import CacheRule, CaptureRule, ParameterRule
from mainspring.snapshot.resources import (
    OPEN,
    ApiKey,
    Capture,
    Limits,
    Model,
    ModelGrant,
    ModelTarget,
    Organization,
    Policy,
    Price,
    Project,
    Resource,
    Timeouts,
    TokenGrant,
    TokenIssuer,
    Upstream,
)


class SnapshotBuilder:
    """A snapshot in the making: every change is a new version, as control would publish it.

    ::

        builder = SnapshotBuilder()
        secret = builder.add_key()                      # in a default organisation and project
        builder.add_model("scripted", builder.add_upstream(upstream.url))
        builder.write(tmp_path / "snapshot.bin")

    Every ``add_…`` returns what later calls need: the resource, or for a key its secret.
    """

    def __init__(self) -> None:
        self.version = 0
        self.epoch = ""
        self._entries: dict[tuple[str, str], Entry] = {}
        self._default_project: Project | None = None

    def put(self, *resources: Resource) -> int:
        """Add or replace resources as one change; return the new version."""
        self.version += 1
        for resource in resources:
            entry = Entry(resource.kind, resource.key, self.version, encode_resource(resource))
            self._entries[resource.kind, resource.key] = entry
        return self.version

    def delete(self, *resources: Resource) -> int:
        """Remove resources as one change; return the new version."""
        self.version += 1
        for resource in resources:
            self._entries[resource.kind, resource.key] = Entry(
                resource.kind, resource.key, self.version, None
            )
        return self.version

    def frame(self, since: int | None = None) -> Frame:
        """Return the base, or the delta of what changed after ``since``."""
        entries = [
            entry
            for entry in self._entries.values()
            if (entry.data is not None if since is None else entry.version > since)
        ]
        return Frame(version=self.version, entries=entries, since=since, epoch=self.epoch)

    def write(self, path: Path) -> None:
        """Write the base to ``path``, as a gateway's last-good file."""
        path.write_bytes(encode_frame(self.frame()))

    @classmethod
    def load(cls, path: Path) -> "SnapshotBuilder":
        """Continue from what :meth:`write` wrote.

        Raises:
            SnapshotFormatError: if the file is not a frame.
        """
        frame = decode_frame(path.read_bytes())
        builder = cls()
        builder.version = frame.version
        builder._entries = {(entry.kind, entry.key): entry for entry in frame.entries}
        return builder

    def add_organization(
        self,
        name: str = "default",
        *,
        limits: Limits | None = None,
        user_limits: Limits | None = None,
        suspended: bool = False,
    ) -> Organization:
        """Add a tenant."""
        made = Organization(
            id=new_id("org"),
            name=name,
            limits=limits,
            user_limits=user_limits,
            suspended=suspended,
        )
        self.put(made)
        return made

    def add_project(
        self,
        organization: Organization | None = None,
        name: str = "default",
        *,
        limits: Limits | None = None,
        suspended: bool = False,
        capture: Capture | None = None,
    ) -> Project:
        """Add a project, to a new organisation if none is given."""
        organization = organization or self.add_organization()
        made = Project(
            id=new_id("prj"),
            org_id=organization.id,
            name=name,
            limits=limits,
            suspended=suspended,
            capture=capture,
        )
        self.put(made)
        return made

    def add_key(
        self,
        project: Project | None = None,
        name: str = "key",
        *,
        scopes: tuple[str, ...] = ("model:call",),
        models: Iterable[str] | None = None,
        expires_at: int | None = None,
        limits: Limits | None = None,
        granted: Iterable[str] = (),
    ) -> str:
        """Add a key, to a default project if none is given; return its secret."""
        if project is None:
            project = self._default_project = self._default_project or self.add_project()
        secret = new_secret("msk")
        self.put(
            ApiKey(
                id=new_id("key"),
                digest=hashlib.sha256(secret.encode()).digest(),
                org_id=project.org_id,
                project_id=project.id,
                actor_id=new_id("svc"),
                name=name,
                scopes=scopes,
                models=None if models is None else tuple(models),
                expires_at=expires_at,
                limits=limits,
                granted=tuple(granted),
            )
        )
        return secret

    def add_issuer(
        self,
        keys: bytes,
        *grants: TokenGrant,
        organization: Organization | None = None,
        name: str = "corporate",
        issuer: str = "https://login.test",
        audience: str = "mainspring",
        **fields: Any,  # noqa: ANN401 - the resource's own
    ) -> TokenIssuer:
        """Believe the tokens that ``keys``, a JWK set, verify.

        Without ``grants`` every bearer may call models in the default project.
        """
        if self._default_project is None:
            self._default_project = self.add_project()
        project = self._default_project
        org_id = project.org_id if organization is None else organization.id
        made = TokenIssuer(
            id=new_id("iss"),
            org_id=org_id,
            name=name,
            issuer=issuer,
            audience=audience,
            keys=keys,
            grants=grants or (TokenGrant(project.id),),
            **fields,
        )
        self.put(made)
        return made

    def add_upstream(
        self,
        base_url: str,
        name: str = "scripted",
        *,
        protocol: str = "openai",
        timeouts: Timeouts | None = None,
        max_connections: int = 256,
        max_waiting: int = 1024,
        enforces_tool_choice: bool = True,
        **fields: Any,  # noqa: ANN401 - the resource's own
    ) -> Upstream:
        """Add an upstream, without a credential unless ``fields`` have one."""
        made = Upstream(
            id=new_id("ups"),
            name=name,
            base_url=base_url,
            protocol=protocol,
            timeouts=timeouts or Timeouts(),
            max_connections=max_connections,
            max_waiting=max_waiting,
            enforces_tool_choice=enforces_tool_choice,
            **fields,
        )
        self.put(made)
        return made

    def add_model(
        self,
        name: str,
        *upstreams: Upstream,
        upstream_model: str | None = None,
        tasks: tuple[str, ...] = ("chat", "completion", "embedding"),
        organization: Organization | None = None,
        limits: Limits | None = None,
        key_limits: Limits | None = None,
        price: Price | None = None,
        access: str = OPEN,
    ) -> Model:
        """Add a model, tried on ``upstreams`` in this order; shared unless an owner is given."""
        made = Model(
            id=new_id("mdl"),
            name=name,
            targets=tuple(
                ModelTarget(upstream.id, upstream_model or name, priority=order)
                for order, upstream in enumerate(upstreams)
            ),
            tasks=tasks,
            org_id=organization.id if organization else None,
            limits=limits,
            key_limits=key_limits,
            price=price,
            access=access,
        )
        self.put(made)
        return made

    def add_grant(
        self, model: Model, owner: Project | Organization, *, expires_at: int | None = None
    ) -> ModelGrant:
        """Open a restricted model to a project, or to a whole organisation."""
        project_id = owner.id if isinstance(owner, Project) else None
        org_id = owner.org_id if isinstance(owner, Project) else owner.id
        made = ModelGrant(
            id=new_id("mgr"),
            model_id=model.id,
            org_id=org_id,
            project_id=project_id,
            expires_at=expires_at,
        )
        self.put(made)
        return made

    def add_policy(
        self,
        *parameters: ParameterRule,
        cache: CacheRule | None = None,
        capture: CaptureRule | None = None,
        organization: Organization | None = None,
        project: Project | None = None,
        key_id: str | None = None,
        models: tuple[str, ...] = (),
        name: str = "policy",
    ) -> Policy:
        """Add a policy; for everybody unless it is attached to somebody."""
        made = Policy(
            id=new_id("pol"),
            name=name,
            org_id=project.org_id if project else organization.id if organization else None,
            project_id=project.id if project else None,
            key_id=key_id,
            models=models,
            parameters=parameters,
            cache=cache,
            capture=capture,
        )
        self.put(made)
        return made
