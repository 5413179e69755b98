"""The data directory: what lies where under ``MAINSPRING_HOME``.

Everything secret is created with mode 0600 inside directories of mode 0700 by whoever owns it;
this module only names the places.
"""

import os
from pathlib import Path

import msgspec


class Home(msgspec.Struct, frozen=True):
    """Paths under the data directory ``root``."""

    root: Path

    def create(self) -> None:
        """Make the data directory where there is none, for its owner alone.

        As root it can be passed through (not read) by others: the database runs under an account
        of its own in there.
        """
        mode = 0o711 if os.geteuid() == 0 else 0o700
        self.root.mkdir(mode=mode, parents=True, exist_ok=True)
        for directory in (self.run, self.secrets, self.log_file.parent):
            directory.mkdir(mode=0o700, exist_ok=True)

    @property
    def first_key(self) -> Path:
        """Return the file with the generated API key, one line."""
        return self.root / "first-key"

    @property
    def admin_token(self) -> Path:
        """Return the file with the token by which the local command line speaks to control."""
        return self.root / "admin-token"

    @property
    def setup_link(self) -> Path:
        """Return the file with the one-time set-up link; it is gone once the link was used."""
        return self.root / "setup-link"

    @property
    def audit_anchors(self) -> Path:
        """Return the file with the ends of audit chains, by which a cut one is found."""
        return self.root / "audit-anchors.json"

    @property
    def secrets(self) -> Path:
        """Return the directory of the platform's own keys."""
        return self.root / "secrets"

    @property
    def master_key(self) -> Path:
        """Return the file with the keys that seal stored secrets."""
        return self.secrets / "master.key"

    @property
    def internal_token(self) -> Path:
        """Return the file with the token by which our processes know each other."""
        return self.secrets / "internal.token"

    @property
    def session_key(self) -> Path:
        """Return the file with the key that signs browser sessions."""
        return self.secrets / "session.key"

    @property
    def postgres(self) -> Path:
        """Return the directory of the embedded database cluster."""
        return self.root / "postgres"

    @property
    def gateway(self) -> Path:
        """Return the directory of the gateway's own files."""
        return self.root / "gateway"

    @property
    def run(self) -> Path:
        """Return the directory of run-time state."""
        return self.root / "run"

    @property
    def state_file(self) -> Path:
        """Return the supervisor's account of what runs where."""
        return self.run / "state.json"

    @property
    def lock_file(self) -> Path:
        """Return the file that a running supervisor holds locked."""
        return self.run / "supervisor.lock"

    @property
    def log_file(self) -> Path:
        """Return the one log stream, JSON lines."""
        return self.root / "logs" / "mainspring.log"

    @property
    def access_log(self) -> Path:
        """Return the access log of the first gateway process."""
        return self.log_file.with_name("access.log")
