"""The routes of master keys."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from mainspring.capabilities.secrets.api import KeyState, Resealed, SecretService
from mainspring.capabilities.secrets.domain import SECRETS_READ, SECRETS_ROTATE
from mainspring.infra.web import CurrentScope, View, needs, problems, provided
from mainspring.kernel.errors import (
    ConflictError,
    InvalidRequestError,
    KeysUnavailableError,
    NotFoundError,
    PermissionDeniedError,
    SignInRequiredError,
)

router = APIRouter(
    tags=["secrets"],
    responses=problems(SignInRequiredError, PermissionDeniedError, KeysUnavailableError),
)
Secrets = Annotated[SecretService, Depends(provided(SecretService))]

_KEY_ID = "3f9d0c6a51b27e84"


class MasterKeyView(View):
    """A master key; its material is never shown."""

    id: str = Field(examples=[_KEY_ID])
    seals: bool = Field(description="Whether new secrets are sealed by it.")
    secrets: int = Field(description="How many secrets are sealed by it now.", examples=[42])
    missing_at: tuple[str, ...] = Field(description="Running parts that do not hold it yet.")


class SecretPlaceView(View):
    """Secrets of one kind."""

    name: str = Field(examples=["upstream credentials"])
    secrets: int = Field(examples=[42])
    waiting: int = Field(description="To be sealed anew by the key that seals.", examples=[0])
    unreadable: int = Field(description="Sealed by a key that is not held.", examples=[0])


class KeyStateView(View):
    """All master keys, the sealing one first, and what they seal."""

    source: str = Field(examples=["/var/lib/mainspring/secrets/master.key"])
    writable: bool = Field(description="Whether keys can be made and retired from here.")
    keys: tuple[MasterKeyView, ...]
    places: tuple[SecretPlaceView, ...]


class ResealedView(View):
    """What one step did."""

    examined: int = Field(examples=[200])
    resealed: int = Field(examples=[200])
    unreadable: int = Field(examples=[0])
    cursor: str | None = Field(description="For the next step; `null`: that was all.")


@router.get(
    "/secrets",
    operation_id="get_master_keys",
    openapi_extra=needs(SECRETS_READ),
    response_model=KeyStateView,
)
async def get_master_keys(secrets: Secrets, scope: CurrentScope) -> KeyState:
    """Tell which master keys there are, who lacks one, and what each seals."""
    return await secrets.state(scope)


@router.post(
    "/secrets/keys",
    operation_id="create_master_key",
    openapi_extra=needs(SECRETS_ROTATE),
    status_code=201,
    response_model=KeyStateView,
    responses=problems(ConflictError),
)
async def create_master_key(secrets: Secrets, scope: CurrentScope) -> KeyState:
    """Make a master key that is held, and seals nothing yet."""
    return await secrets.introduce(scope)


@router.post(
    "/secrets/keys/{master_key_id}/activation",
    operation_id="activate_master_key",
    openapi_extra=needs(SECRETS_ROTATE),
    response_model=KeyStateView,
    responses=problems(NotFoundError, ConflictError),
)
async def activate_master_key(
    secrets: Secrets, scope: CurrentScope, master_key_id: str
) -> KeyState:
    """Have a master key seal from now on; refused while a running part does not hold it."""
    return await secrets.activate(scope, master_key_id)


@router.post(
    "/secrets/resealing",
    operation_id="reseal_secrets",
    openapi_extra=needs(SECRETS_ROTATE),
    response_model=ResealedView,
    responses=problems(InvalidRequestError),
)
async def reseal_secrets(
    secrets: Secrets,
    scope: CurrentScope,
    cursor: Annotated[
        str | None, Query(max_length=1000, description="`cursor` of the step before.")
    ] = None,
) -> Resealed:
    """Seal some secrets anew; repeat with `cursor` until there is none."""
    return await secrets.reseal(scope, cursor)


@router.delete(
    "/secrets/keys/{master_key_id}",
    operation_id="retire_master_key",
    openapi_extra=needs(SECRETS_ROTATE),
    status_code=204,
    responses=problems(NotFoundError, ConflictError),
)
async def retire_master_key(secrets: Secrets, scope: CurrentScope, master_key_id: str) -> None:
    """Take away a master key that seals nothing any more."""
    await secrets.retire(scope, master_key_id)
