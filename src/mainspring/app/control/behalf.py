"""For whom a gateway passes a call on."""

from fastapi import Request

from mainspring.infra.telemetry.tracing import done_for
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import AuthenticationError, InternalCallError
from mainspring.kernel.scope import Actor, ActorKind, Scope
from mainspring.wire.delegation import DelegatedIdentity, verify_delegated_token
from mainspring.wire.fronted import IDENTITY_HEADER


class Behalf:
    """Reads the identity that a gateway minted for its caller."""

    def __init__(self, secret: bytes, clock: Clock) -> None:
        self._secret = secret
        self._clock = clock

    def __call__(self, request: Request) -> DelegatedIdentity:
        """Return for whom the call is.

        Raises:
            InternalCallError: if the call does not say, or is not to be believed.
        """
        shown = request.headers.get(IDENTITY_HEADER, "")
        try:
            identity = verify_delegated_token(
                shown, self._secret, now=self._clock.now().timestamp()
            )
        except AuthenticationError as error:
            raise InternalCallError("the call names nobody on whose behalf it is") from error
        done_for(identity.org_id, identity.project_id)
        return identity


def scope_of(identity: DelegatedIdentity) -> Scope:
    """Return the reach of a fronted call: the caller's own project."""
    return Scope(
        org_id=identity.org_id,
        project_id=identity.project_id,
        actor=Actor(ActorKind.KEY, identity.key_id or identity.actor_id, identity.actor_id),
    )
