"""What there is one of in a platform, as ``mainspring apply`` reads it."""

import msgspec
from msgspec import UNSET, UnsetType


class FourEyesDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether changes need two persons, and which: ids of operations, or ``operation:member``."""

    enabled: bool | UnsetType = UNSET
    actions: list[str] | UnsetType = UNSET
    hours: int | UnsetType = UNSET


class SignInDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How people sign in: whether passwords open more than administrators' emergency accounts."""

    password_sign_in: bool | UnsetType = UNSET
