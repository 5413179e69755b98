"""What the gateway can be told. ``mainspring.app.variables`` says which variable fills what."""

from pathlib import Path

import msgspec


class GatewaySettings(msgspec.Struct, frozen=True, kw_only=True):
    """One gateway process.

    ``gateway_id`` names this gateway in records and heartbeats and must outlive a restart (the
    spool is its own). ``snapshot_file`` is the last good configuration, ``spool_dir`` holds the
    records that control has not acknowledged.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    control_url: str = "http://127.0.0.1:8090"
    internal_token_file: Path
    master_key_file: Path
    gateway_id: str = "gateway-1"
    spool_dir: Path
    snapshot_file: Path
    drain_s: float = 20.0
