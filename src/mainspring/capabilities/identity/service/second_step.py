"""The second step of signing in."""

import msgspec

from mainspring.capabilities.identity.domain.second_factor import (
    SecondFactor,
    matching_step,
    recovery_digest,
)
from mainspring.capabilities.identity.ports import Accounts, SecretSealer
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import InvalidCredentialsError, SecondFactorRequiredError
from mainspring.snapshot.resources import Sealed


class FactorVault:
    """Keeps the secrets of authenticator apps sealed, each for its own account."""

    def __init__(self, sealer: SecretSealer, clock: Clock) -> None:
        self._sealer = sealer
        self._clock = clock

    def sealed(self, user_id: str, secret: str) -> Sealed:
        """Return ``secret`` sealed for that account."""
        return self._sealer.seal(secret.encode(), _context(user_id))

    def secret(self, factor: SecondFactor) -> str:
        """Return the app's secret in clear."""
        sealed = Sealed(factor.key_id, factor.nonce, factor.ciphertext)
        return self._sealer.unseal(sealed, _context(factor.user_id)).decode()

    async def check(self, accounts: Accounts, user_id: str, code: str | None) -> None:
        """Check the code of an account that has a second factor; each is good once.

        Raises:
            SecondFactorRequiredError: if there is one and no code was shown.
            InvalidCredentialsError: if the code is wrong or was used.
        """
        factor = await accounts.second_factor(user_id)
        if factor is None or factor.confirmed_at is None:
            return
        if not code:
            raise SecondFactorRequiredError
        step = matching_step(self.secret(factor), code.strip(), self._clock.now())
        if step is not None and step > factor.last_step:
            await accounts.put_second_factor(msgspec.structs.replace(factor, last_step=step))
            return
        digest = recovery_digest(code)
        if digest not in factor.recovery_codes:
            raise InvalidCredentialsError
        left = tuple(each for each in factor.recovery_codes if each != digest)
        await accounts.put_second_factor(msgspec.structs.replace(factor, recovery_codes=left))


def _context(user_id: str) -> str:
    return f"second factor/{user_id}"
