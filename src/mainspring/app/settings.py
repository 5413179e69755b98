"""Every setting of every part.

A part's settings are a typed struct that knows nothing of the environment; :class:`Part` says which
variable fills which field, what it means and what it is when unset. ``mainspring serve`` reads
them, the supervisor writes them for its children, and the documentation's table is tested against
``mainspring.app.variables``.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, TypeVar

import msgspec

from mainspring.app.environment import SettingError, home_directory
from mainspring.infra.networks import Network
from mainspring.infra.secrets import KeySettings
from mainspring.wire.attributes import NameSet

S = TypeVar("S", bound=msgspec.Struct)


class ProcessSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What every process of ours is told about how to live.

    ``lifeline_fd`` is the descriptor of the pipe that ends with the parent, ``ready_fd`` of the
    one into which a byte is written once the process serves; ``stop_grace_s`` is how long the
    process has to stop once it was asked to, before it ends itself.
    """

    log_format: str = "console"
    log_level: str = "info"
    lifeline_fd: int | None = None
    ready_fd: int | None = None
    stop_grace_s: float = 30.0


class TracedSettings(KeySettings, frozen=True, kw_only=True):
    """Of a part that tells of its work by spans, to a collector or to the platform's own store.

    The fields mean what those of the same names mean to the gateway.
    """

    otlp_endpoint: str | None = None
    otlp_headers: str = ""
    trace_ratio: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.1
    trace_names: NameSet = NameSet.CURRENT
    traces: Literal["on", "off"] = "on"


class ControlSettings(TracedSettings, frozen=True, kw_only=True):
    """The control plane: API, console, ingest, snapshot feed.

    ``public_url`` is how browsers reach it, ``gateway_url`` how clients reach the gateway (both
    for display and links). The embedded models' URLs are ``None`` where no runtime is supervised.
    The fields that begin with ``blob_`` say where files lie; without ``blob_url`` that is a
    directory under ``home``.
    ``upstream_link_local`` ``allow`` lets upstreams have link-local addresses and those of a
    cloud's own services; gateways must be told the same.
    ``oidc_network`` is how far calls to identity providers, whose addresses people type in, may go,
    ``upstream_network`` how far tests of connections to upstreams may, ``notification_network`` how
    far messages to channels of organisations, ``platform_notification_network`` those to the
    platform's own.
    ``requests_per_minute`` bounds each principal of the API, ``sign_ins_per_minute`` each address
    at its doors (0: unbounded); several control planes count together in ``redis_url``.
    Records of calls and spans are dropped after ``calls_kept_days`` and ``traces_kept_days``, the
    ledger after ``usage_kept_days`` and the audit trail after ``audit_kept_months`` (0: never).
    """

    home: Path
    host: str
    port: int
    database_url: str
    internal_token_file: Path
    master_key_file: Path
    session_key_file: Path
    setup_link_file: Path
    admin_token_file: Path
    first_key_file: Path
    gateway_url: str
    public_url: str | None = None
    embedded_llm_url: str | None = None
    embedded_embed_url: str | None = None
    blob_url: str = ""
    blob_endpoint: str | None = None
    blob_region: str | None = None
    blob_access_key: str | None = None
    blob_secret_key_file: Path | None = None
    max_file_bytes: int = 512 * 1024 * 1024
    project_file_bytes: int = 100 * 1024 * 1024 * 1024
    oidc_network: Network = "public"
    upstream_link_local: Literal["refuse", "allow"] = "refuse"
    upstream_network: Network = "loopback"
    notification_network: Network = "public"
    platform_notification_network: Network = "private"
    requests_per_minute: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 1200
    sign_ins_per_minute: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 60
    redis_url: str | None = None
    calls_kept_days: Annotated[int, msgspec.Meta(ge=1, le=3650)] = 30
    traces_kept_days: Annotated[int, msgspec.Meta(ge=1, le=3650)] = 7
    usage_kept_days: Annotated[int, msgspec.Meta(ge=0, le=36500)] = 0
    audit_kept_months: Annotated[int, msgspec.Meta(ge=0, le=1200)] = 0


class WorkerSettings(TracedSettings, frozen=True, kw_only=True):
    """The worker: durable jobs. ``instance_id`` is its identity among workers.

    The fields that begin with ``blob_`` and those of networks must say what control's say; the
    master keys open channels, whose messages wait without them. ``backup_directory`` is
    where backups are made by ``backup_schedule`` (cron, five fields, UTC); the newest
    ``backup_keep`` of them stay. Unset, none are made.
    Metrics are served at ``metrics_host`` and ``metrics_port`` (``None``: nowhere), those of the
    machine as well with ``host_metrics``. ``ledger_tolerance`` is the share of an hour's calls or
    tokens by which the ledger may differ from what a gateway counted itself. Where
    ``cost_export_url`` is set (a directory, or ``s3://bucket/prefix`` reached as blobs are), costs
    are written there by ``cost_export_schedule`` (cron).
    """

    home: Path
    database_url: str
    control_url: str
    internal_token_file: Path
    ledger_tolerance: Annotated[float, msgspec.Meta(ge=0, le=0.5)] = 0.001
    cost_export_url: str | None = None
    cost_export_schedule: str = "40 3 * * *"
    gateway_url: str = "http://127.0.0.1:8080"
    instance_id: str | None = None
    master_key_file: Path | None = None
    metrics_host: str = "127.0.0.1"
    metrics_port: int | None = None
    host_metrics: bool = True
    notification_network: Network = "public"
    platform_notification_network: Network = "private"
    backup_directory: Path | None = None
    backup_schedule: str = "20 2 * * *"
    backup_keep: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 7
    blob_url: str = ""
    blob_endpoint: str | None = None
    blob_region: str | None = None
    blob_access_key: str | None = None
    blob_secret_key_file: Path | None = None


class BackupSettings(KeySettings, frozen=True, kw_only=True):
    """What ``mainspring backup`` and ``restore`` work on; it must be what control is told.

    ``database_url`` ``None`` means the embedded PostgreSQL of ``home``.
    """

    home: Path
    master_key_file: Path
    database_url: str | None = None
    blob_url: str = ""
    blob_endpoint: str | None = None
    blob_region: str | None = None
    blob_access_key: str | None = None
    blob_secret_key_file: Path | None = None


class SupervisorSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What ``mainspring up`` supervises and where it listens.

    A port of 0 means: any free one. ``database_url`` ``None`` means: the embedded PostgreSQL.
    ``metrics_port`` is where the supervisor, and ``worker_metrics_port`` where the worker shows its
    metrics, both on the loopback address.
    """

    home: Path
    gateway_host: str
    gateway_port: int
    control_host: str
    control_port: int
    llm_port: int
    embed_port: int
    metrics_port: int = 8091
    worker_metrics_port: int = 0
    gateway_processes: Annotated[int, msgspec.Meta(ge=1, le=128)] = 1
    database_url: str | None = None
    embedded_models: bool = True
    start_timeout_s: float = 180.0


class ClientSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Whom the command line talks to; what is not set is found in the data directory."""

    home: Path
    url: str | None = None
    token: str | None = None
    gateway_url: str | None = None
    api_key: str | None = None
    language: str | None = None


class Variable(msgspec.Struct, frozen=True):
    """One variable: its name, what it means (English and Chinese), and its default.

    ``default`` is written as one would set it; ``{home}`` in it stands for the data directory.
    ``None`` means unset: the field keeps its own default, or is an error where it has none.
    """

    name: str
    meaning: str
    meaning_zh: str
    default: str | None = None


class Part(Generic[S]):
    """A part of the platform: its settings' type, and the variable that fills each field."""

    def __init__(self, name: str, settings: type[S], variables: Mapping[str, Variable]) -> None:
        self.name = name
        self.settings = settings
        self.variables = variables

    def read(self, environ: Mapping[str, str]) -> S:
        """Return the part's settings.

        Raises:
            SettingError: if a variable is missing or does not fit.
        """
        values: dict[str, Any] = {}
        for field in msgspec.structs.fields(self.settings):
            variable = self.variables.get(field.name)
            if variable is None:
                continue
            text = environ.get(variable.name, "")
            if not text and variable.default is not None:
                text = variable.default.replace("{home}", str(home_directory(environ)))
            if text:
                values[field.name] = _convert(variable, text, field.type)
            elif field.required:
                raise SettingError(variable.name, "is not set")
        return self.settings(**values)

    def write(self, settings: S) -> dict[str, str]:
        """Return the variables that :meth:`read` would read ``settings`` from."""
        return {
            variable.name: _as_text(getattr(settings, field))
            for field, variable in self.variables.items()
        }


def _convert(variable: Variable, text: str, wanted: Any) -> Any:  # noqa: ANN401 - any field's type
    try:
        return msgspec.convert(text, wanted, strict=False, dec_hook=_read_path)
    except msgspec.ValidationError as error:
        raise SettingError(variable.name, f"{text!r} does not fit: {error}") from error


def _read_path(wanted: type, value: object) -> object:
    if wanted is Path and isinstance(value, str):
        return Path(value).expanduser().absolute()
    raise NotImplementedError(f"a setting cannot be of type {wanted}")


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
