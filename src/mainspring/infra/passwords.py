"""Argon2id for passwords, off the event loop and never more than a few at a time."""

import asyncio
import secrets

from argon2 import Parameters, PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

_AT_ONCE = 2
"""Each takes 64 MiB and a core for tens of milliseconds; more at once would starve the API."""


class Argon2Hasher:
    """Hashes by RFC 9106's second recommended parameters, unless told others.

    Fails closed: a hash that cannot be read matches nothing.
    """

    def __init__(self, parameters: Parameters = RFC_9106_LOW_MEMORY) -> None:
        self._argon2 = PasswordHasher.from_parameters(parameters)
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._decoy: str | None = None

    async def hash(self, password: str) -> str:
        """Return what is kept of ``password``."""
        async with self._turns:
            return await asyncio.to_thread(self._argon2.hash, password)

    async def matches(self, password_hash: str | None, password: str) -> bool:
        """Tell whether ``password`` made that hash; ``None`` takes as long and matches nothing."""
        if password_hash is None:
            await self._matches(await self._decoy_hash(), password)
            return False
        return await self._matches(password_hash, password)

    def is_outdated(self, password_hash: str) -> bool:
        """Tell whether the hash was made with other parameters than today's."""
        return self._argon2.check_needs_rehash(password_hash)

    async def _matches(self, password_hash: str, password: str) -> bool:
        async with self._turns:
            try:
                return await asyncio.to_thread(self._argon2.verify, password_hash, password)
            except (VerificationError, InvalidHashError):
                return False

    async def _decoy_hash(self) -> str:
        if self._decoy is None:
            self._decoy = await self.hash(secrets.token_urlsafe())
        return self._decoy
