"""TLS towards clients: the files of certificate, key and client authorities, read again on change.

A new context serves new connections; those that stand keep what they were made with, so a renewed
certificate drops nobody. Files that cannot be used leave the last good ones in service.
"""

import asyncio
import logging
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

_log = logging.getLogger(__name__)

_LOOK_S = 5.0
_VERSIONS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}


class TlsError(Exception):
    """The TLS files cannot be used; the text says which and why, and holds nothing of them."""


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """Where certificate chain, key and, for client certificates, their authorities are (PEM).

    ``key`` ``None`` means that the key stands in the chain's file. With ``client_ca`` a client
    must show a certificate of these authorities (``required``) or may (``optional``; one that is
    shown and not theirs is refused either way).
    """

    chain: Path
    key: Path | None = None
    client_ca: Path | None = None
    client_auth: Literal["required", "optional"] = "required"
    min_version: Literal["1.2", "1.3"] = "1.2"

    def load(self) -> ssl.SSLContext:
        """Return a context of what the files hold now.

        Raises:
            TlsError: if they cannot be used.
        """
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = _VERSIONS[self.min_version]
        # What a client that also speaks HTTP/2 is told to speak here.
        context.set_alpn_protocols(["http/1.1"])
        context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION
        try:
            # A key under a pass phrase must not make a server ask on its terminal.
            context.load_cert_chain(self.chain, self.key, password=_no_pass_phrase)
        except (OSError, ValueError) as error:
            raise TlsError(f"certificate {self.chain}: {_reason(error)}") from error
        if self.client_ca is not None:
            try:
                context.load_verify_locations(self.client_ca)
            except (OSError, ValueError) as error:
                raise TlsError(f"client authorities {self.client_ca}: {_reason(error)}") from error
            optional = self.client_auth == "optional"
            context.verify_mode = ssl.CERT_OPTIONAL if optional else ssl.CERT_REQUIRED
        return context

    def stamp(self) -> tuple[tuple[int, int, int] | None, ...]:
        """Return what changes when a file does, replaced or written in place."""
        return tuple(
            _stamp(path) for path in (self.chain, self.key, self.client_ca) if path is not None
        )


class TlsKeeper:
    """Holds the context of new connections and renews it."""

    def __init__(self, files: TlsFiles, look_s: float = _LOOK_S) -> None:
        """Load the files for the first time.

        Raises:
            TlsError: if they cannot be used.
        """
        self._files = files
        self._look_s = look_s
        self._stamp = files.stamp()
        self._context = files.load()
        self.problem: str | None = None
        """Why the files, as they are now, are not the ones in service."""

    def context(self) -> ssl.SSLContext:
        """Return the context for a new connection."""
        return self._context

    async def reload(self) -> None:
        """Read the files again; what cannot be used is logged and left."""
        stamp = await asyncio.to_thread(self._files.stamp)
        try:
            self._context = await asyncio.to_thread(self._files.load)
        except TlsError as error:
            self.problem = f"TLS files cannot be used, the last good ones serve: {error}"
            _log.error("%s", self.problem)
        else:
            self.problem = None
            _log.info("TLS files were read again")
        self._stamp = stamp

    async def run(self) -> None:
        """Look for changed files every few seconds, until cancelled."""
        while True:
            await asyncio.sleep(self._look_s)
            if await asyncio.to_thread(self._files.stamp) != self._stamp:
                await self.reload()


def _no_pass_phrase() -> str:
    raise ValueError("its key has a pass phrase; keys must be readable without one")


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return (error.reason or "not PEM").lower().replace("_", " ")
    return error.strerror or "cannot be read" if isinstance(error, OSError) else str(error)


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ctime_ns, status.st_size, status.st_ino
