"""What identity needs of the machine that it runs on."""

from typing import Protocol

from mainspring.snapshot.resources import Sealed


class PasswordHasher(Protocol):
    """Slow on purpose, and off the event loop. Fails closed: an unreadable hash matches nothing."""

    async def hash(self, password: str) -> str:
        """Return what is kept of ``password``."""
        ...

    async def matches(self, password_hash: str | None, password: str) -> bool:
        """Tell whether it is the one; ``None`` takes as long and matches nothing."""
        ...

    def is_outdated(self, password_hash: str) -> bool:
        """Tell whether the hash was made with weaker parameters than today's."""
        ...


class SecretSealer(Protocol):
    """Encrypts what must be had in clear again; fails closed."""

    def seal(self, plaintext: bytes, context: str) -> Sealed:
        """Return ``plaintext`` encrypted and bound to ``context``."""
        ...

    def unseal(self, sealed: Sealed, context: str) -> bytes:
        """Return the plaintext; an error if it was sealed for something else."""
        ...


class SetupLink(Protocol):
    """Where the one-time set-up link is put for whoever may read the data directory.

    Fails open: without the file there is no way in, which harms nobody; it is logged.
    """

    def show(self, secret: str) -> None:
        """Write the link that carries ``secret``."""
        ...

    def remove(self) -> None:
        """Remove it, if it is there."""
        ...


class NoSetupLink:
    """Shows the link nowhere."""

    def show(self, secret: str) -> None:
        """Do nothing."""

    def remove(self) -> None:
        """Do nothing."""
