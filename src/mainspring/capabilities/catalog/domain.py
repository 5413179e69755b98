"""Upstreams and models: values, rules, permissions."""

import re
from datetime import datetime
from typing import Final, Literal, get_args
from urllib.parse import urlsplit

import msgspec
from msgspec import UNSET, UnsetType

from mainspring.kernel.access import Permission
from mainspring.kernel.addresses import is_guarded_host
from mainspring.kernel.errors import InvalidRequestError
from mainspring.snapshot import resources
from mainspring.snapshot.lifecycle import Lifecycle
from mainspring.snapshot.passthrough import Passthrough
from mainspring.snapshot.resources import OPEN, Limits, ModelTarget, Price, Sealed, Timeouts
from mainspring.snapshot.route_policy import SHADOW, STABLE, TRACKS, Release, Routing
from mainspring.wire.dialects import UPSTREAM_DIALECTS
from mainspring.wire.passthrough import MODEL_PREFIX, UPSTREAM_NAME

MODEL_READ = Permission("model:read", "See models and what they lead to.")
MODEL_WRITE = Permission("model:write", "Create, change and remove models.", of_platform=True)
MODEL_CALL = Permission("model:call", "Call models, in the playground too.")
UPSTREAM_READ = Permission(
    "upstream:read", "See upstreams (never their credentials).", of_platform=True
)
UPSTREAM_WRITE = Permission(
    "upstream:write", "Create, change and remove upstreams.", of_platform=True
)

PERMISSIONS = (MODEL_READ, MODEL_WRITE, MODEL_CALL, UPSTREAM_READ, UPSTREAM_WRITE)
"""Every permission of this capability."""

PROTOCOLS: Final = tuple(UPSTREAM_DIALECTS)
"""What upstreams may speak; ``openai`` is every OpenAI-compatible server."""
Task = Literal[
    "chat",
    "completion",
    "embedding",
    "moderation",
    "rerank",
    "image",
    "speech",
    "transcription",
    "realtime",
]
TASKS: Final[tuple[Task, ...]] = get_args(Task)
RESTRICTED: Final = "restricted"
Access = Literal["open", "restricted"]
"""Who may call a model: whoever sees it, or those alone who were granted it."""
MAX_TARGETS: Final = 32
MAX_NAMES: Final = 32
"""Aliases, or fallbacks, of one model."""
NAME_PATTERN: Final = r"^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,199}$"
"""Model names as vendors spell them: ``gpt-4o``, ``kb/handbook``, ``org/model:tag``."""


class Upstream(msgspec.Struct, frozen=True, kw_only=True):
    """A server that speaks a model protocol; ``base_url`` ends before the protocol's own path.

    Upstreams belong to the platform: an address that a tenant could choose would let it reach the
    platform's inner network from the gateway.
    """

    id: str
    org_id: str | None = None
    name: str
    base_url: str
    protocol: str = "openai"
    credential: Sealed | None = None
    credential_header: str | None = None
    timeouts: Timeouts = Timeouts()
    max_connections: int = 256
    max_waiting: int = 1024
    enforces_tool_choice: bool = True
    sigv4_region: str | None = None
    passthrough: Passthrough | None = None
    region: str | None = None
    hosting: str | None = None
    created_at: datetime
    updated_at: datetime
    revision: int = 1

    @property
    def has_credential(self) -> bool:
        """Tell whether requests carry a credential; which one nobody is told."""
        return self.credential is not None

    def resource(self) -> resources.Upstream:
        """Return what gateways know of this upstream."""
        return resources.Upstream(
            id=self.id,
            name=self.name,
            base_url=self.base_url,
            protocol=self.protocol,
            credential=self.credential,
            credential_header=self.credential_header,
            timeouts=self.timeouts,
            max_connections=self.max_connections,
            max_waiting=self.max_waiting,
            enforces_tool_choice=self.enforces_tool_choice,
            sigv4_region=self.sigv4_region,
            passthrough=self.passthrough,
            region=self.region,
            hosting=self.hosting,
        )


class UpstreamChanges(msgspec.Struct, frozen=True):
    """What may change about an upstream; ``UNSET`` stays. ``credential`` is in clear here."""

    name: str | UnsetType = UNSET
    base_url: str | UnsetType = UNSET
    credential_header: str | UnsetType | None = UNSET
    timeouts: Timeouts | UnsetType = UNSET
    max_connections: int | UnsetType = UNSET
    max_waiting: int | UnsetType = UNSET
    enforces_tool_choice: bool | UnsetType = UNSET
    sigv4_region: str | UnsetType | None = UNSET
    passthrough: Passthrough | UnsetType | None = UNSET
    region: str | UnsetType | None = UNSET
    hosting: str | UnsetType | None = UNSET


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """A model as callers name it; ``org_id`` ``None`` is visible to every organisation.

    ``limits`` bound all its calls together, ``key_limits`` those of each key. ``price`` ``None`` is
    unknown, not free. Of a ``governed`` model targets, release and lifecycle follow from the states
    of its versions, and nothing else changes them. ``access`` is ``open``, or ``restricted`` to
    those who were granted it.
    """

    id: str
    org_id: str | None = None
    name: str
    tasks: tuple[str, ...] = ("chat",)
    targets: tuple[ModelTarget, ...]
    owned_by: str = "mainspring"
    context_length: int | None = None
    limits: Limits | None = None
    key_limits: Limits | None = None
    price: Price | None = None
    aliases: tuple[str, ...] = ()
    fallbacks: tuple[str, ...] = ()
    routing: Routing = Routing()
    release: Release | None = None
    governed: bool = False
    lifecycle: Lifecycle | None = None
    access: str = OPEN
    created_at: datetime
    updated_at: datetime
    revision: int = 1

    def resource(self) -> resources.Model:
        """Return what gateways know of this model."""
        # A gateway that knows nothing of lifecycles must not serve what is offline either.
        offline = self.lifecycle is not None and self.lifecycle.offline
        return resources.Model(
            id=self.id,
            name=self.name,
            targets=() if offline else self.targets,
            tasks=self.tasks,
            org_id=self.org_id,
            owned_by=self.owned_by,
            created_at=int(self.created_at.timestamp()),
            context_length=self.context_length,
            limits=self.limits,
            key_limits=self.key_limits,
            price=self.price,
            aliases=self.aliases,
            fallbacks=self.fallbacks,
            routing=self.routing,
            release=self.release,
            lifecycle=self.lifecycle,
            access=self.access,
        )


class ModelChanges(msgspec.Struct, frozen=True):
    """What may change about a model; ``UNSET`` stays. Callers rely on its name: it stays."""

    tasks: tuple[str, ...] | UnsetType = UNSET
    targets: tuple[ModelTarget, ...] | UnsetType = UNSET
    owned_by: str | UnsetType = UNSET
    context_length: int | UnsetType | None = UNSET
    limits: Limits | UnsetType | None = UNSET
    key_limits: Limits | UnsetType | None = UNSET
    price: Price | UnsetType | None = UNSET
    aliases: tuple[str, ...] | UnsetType = UNSET
    fallbacks: tuple[str, ...] | UnsetType = UNSET
    routing: Routing | UnsetType = UNSET
    release: Release | UnsetType | None = UNSET
    access: str | UnsetType = UNSET


def checked_upstream(upstream: Upstream, *, link_local: bool = False) -> Upstream:
    """Return ``upstream`` with its address in normal form.

    ``link_local`` allows link-local addresses and those of a cloud's own services.

    Raises:
        InvalidRequestError: if a field is not acceptable.
    """
    if not 1 <= len(upstream.name) <= 120:
        raise InvalidRequestError("a name has 1 to 120 characters", param="name")
    if upstream.protocol not in PROTOCOLS:
        raise InvalidRequestError(
            f"the protocol is one of {', '.join(PROTOCOLS)}", param="protocol"
        )
    header = upstream.credential_header
    if header is not None and not re.fullmatch(r"[A-Za-z0-9-]{1,64}", header):
        raise InvalidRequestError(
            "a header's name has 1 to 64 letters, digits and -", param="credential_header"
        )
    if upstream.passthrough is not None:
        _check_passthrough(upstream)
    base_url = checked_base_url(upstream.base_url)
    if not link_local and is_guarded_host(urlsplit(base_url).hostname or ""):
        raise InvalidRequestError(
            "the address is link-local, or of a cloud's own services, which hand out the machine's"
            " credentials",
            param="base_url",
        )
    return msgspec.structs.replace(upstream, base_url=base_url)


def _check_passthrough(upstream: Upstream) -> None:
    if upstream.sigv4_region is not None:
        raise InvalidRequestError(
            "requests that are signed cannot be passed through", param="passthrough"
        )
    if UPSTREAM_NAME.fullmatch(upstream.name) is None:
        raise InvalidRequestError(
            "the name of an upstream that lets calls through stands in a path: it has letters,"
            " digits and . _ -",
            param="name",
        )


def checked_base_url(url: str) -> str:
    """Return ``url`` without a trailing slash.

    Raises:
        InvalidRequestError: if it is not an http(s) address, or holds a user, query or fragment.
    """
    try:
        parts = urlsplit(url.strip())
        _ = parts.port  # reading it is what checks it
    except ValueError as error:
        raise InvalidRequestError(f"the address cannot be read: {error}", param="base_url") from (
            error
        )
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise InvalidRequestError(
            "the address starts with http:// or https:// and names a host", param="base_url"
        )
    if parts.username is not None or parts.password is not None:
        raise InvalidRequestError(
            "the address holds no user; put the secret into credential", param="base_url"
        )
    if parts.query or parts.fragment or re.search(r"[\s\x00-\x1f\\]", url.strip()):
        raise InvalidRequestError(
            "the address has no query, fragment, blank or backslash", param="base_url"
        )
    return url.strip().rstrip("/")


def origin_of(url: str) -> tuple[str, str | None, int | None]:
    """Return which server a checked address leads to: scheme, host and port."""
    parts = urlsplit(url)
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, parts.hostname, port


def checked_model(model: Model) -> Model:
    """Return ``model``.

    Raises:
        InvalidRequestError: if a field is not acceptable.
    """
    if not re.fullmatch(NAME_PATTERN, model.name):
        raise InvalidRequestError(
            "a model's name has 1 to 200 letters, digits and . _ : / @ + -", param="name"
        )
    if model.name.startswith(MODEL_PREFIX):
        raise InvalidRequestError(
            f"names that begin with {MODEL_PREFIX} are those of upstreams that let calls through",
            param="name",
        )
    if not model.tasks or not set(model.tasks) <= set(TASKS):
        raise InvalidRequestError(f"tasks are some of {', '.join(TASKS)}", param="tasks")
    if model.access not in {OPEN, RESTRICTED}:
        raise InvalidRequestError("the access is open or restricted", param="access")
    if not 1 <= len(model.targets) <= MAX_TARGETS:
        raise InvalidRequestError(f"a model has 1 to {MAX_TARGETS} targets", param="targets")
    if not any(target.weight > 0 for target in model.targets):
        raise InvalidRequestError("at least one target has a weight above 0", param="targets")
    for target in model.targets:
        if target.track not in TRACKS:
            raise InvalidRequestError(f"the track is one of {', '.join(TRACKS)}", param="targets")
        if not set(target.tasks) <= set(model.tasks):
            raise InvalidRequestError(
                "the tasks of a target are among those of its model", param="targets"
            )
    if all(target.track == SHADOW for target in model.targets):
        raise InvalidRequestError(
            f"at least one target is not of the track {SHADOW}", param="targets"
        )
    if model.release is None and any(
        target.track not in {STABLE, SHADOW} for target in model.targets
    ):
        raise InvalidRequestError(
            "a target of the track canary needs a release that says who gets it", param="release"
        )
    return msgspec.structs.replace(
        model,
        tasks=tuple(dict.fromkeys(model.tasks)),
        aliases=_checked_names(model, model.aliases, "aliases"),
        fallbacks=_checked_names(model, model.fallbacks, "fallbacks"),
    )


def _checked_names(model: Model, names: tuple[str, ...], field: str) -> tuple[str, ...]:
    if len(names) > MAX_NAMES:
        raise InvalidRequestError(f"a model has at most {MAX_NAMES} {field}", param=field)
    for name in names:
        if not re.fullmatch(NAME_PATTERN, name):
            raise InvalidRequestError(
                "a model's name has 1 to 200 letters, digits and . _ : / @ + -", param=field
            )
        if name == model.name:
            raise InvalidRequestError(f"{field} name other models than itself", param=field)
    return tuple(dict.fromkeys(names))
