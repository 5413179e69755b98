"""The server's configuration, written anew before every start.

Small on purpose: the platform shares the machine with a model runtime. Whoever has more to give
writes ``local.conf`` into the data directory; it is read last and never touched by us.
"""

from pathlib import Path

from mainspring.infra.postgres.layout import ClusterPaths

APPLICATION_ROLE = "mainspring"
DATABASE = "mainspring"
SUPERUSER = "postgres"

_HBA = f"""\
# Written by Mainspring before every start. Only the application's role may log in.
local  all  {APPLICATION_ROLE}  scram-sha-256
"""


def write_configuration(data: Path, paths: ClusterPaths, *, durable: bool) -> None:
    """Write ``postgresql.conf`` and ``pg_hba.conf`` of the cluster in ``data``.

    ``durable`` ``False`` gives up safety against a crash of the machine (never of the server) and
    is for test suites.
    """
    settings: dict[str, str | int] = {
        "listen_addresses": "",
        "unix_socket_directories": str(paths.socket),
        "unix_socket_permissions": "0700",
        "password_encryption": "scram-sha-256",
        "max_connections": 100,
        "shared_buffers": "64MB",
        "work_mem": "8MB",
        "maintenance_work_mem": "64MB",
        "effective_cache_size": "512MB",
        "huge_pages": "off",
        "io_method": "sync",
        "max_worker_processes": 8,
        "max_parallel_workers": 2,
        "max_parallel_workers_per_gather": 1,
        "autovacuum_max_workers": 2,
        "jit": "off",
        "min_wal_size": "80MB",
        "max_wal_size": "512MB",
        "wal_compression": "on",
        "checkpoint_timeout": "10min",
        "random_page_cost": "1.1",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "default_text_search_config": "pg_catalog.simple",
        # One line per event on standard error; the supervisor names the source and the time.
        "logging_collector": "off",
        "log_destination": "stderr",
        "log_line_prefix": "",
        "log_checkpoints": "off",
        "log_min_duration_statement": "2s",
        # Statements and their parameters may hold what tenants wrote: keep them out of the log.
        "log_min_error_statement": "panic",
        "log_parameter_max_length": 0,
        "log_parameter_max_length_on_error": 0,
    }
    if not durable:
        settings |= {"fsync": "off", "full_page_writes": "off"}
    lines = ["# Written by Mainspring before every start; your own settings go to local.conf."]
    lines += [f"{name} = {_quoted(value)}" for name, value in settings.items()]
    lines.append("include_if_exists = 'local.conf'")
    (data / "postgresql.conf").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (data / "pg_hba.conf").write_text(_HBA, encoding="utf-8")


def _quoted(value: str | int) -> str:
    if isinstance(value, int):
        return str(value)
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"
