"""Secrets at rest: the key file, the sealer, the token that our own processes show each other.

May enter: ways to create, load, rotate and use key material; another provider (a vault, a cloud
key service) beside the file. Must never know: whose secret it is, or where the sealed form is kept.
Fails closed: a secret that cannot be unsealed is an error, never an empty string.
"""

from mainspring.infra.secrets.keyfile import (
    KeyFileError,
    add_key,
    load_keys,
    load_or_create_key,
    load_or_create_token,
)
from mainspring.infra.secrets.sealer import Sealer, UnsealError, key_id_of

__all__ = [
    "KeyFileError",
    "Sealer",
    "UnsealError",
    "add_key",
    "key_id_of",
    "load_keys",
    "load_or_create_key",
    "load_or_create_token",
]
