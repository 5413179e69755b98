"""Secrets at rest: master keys, where they come from, the sealer, the token of our own processes.

May enter: ways to create, load, rotate and use key material; another source of master keys (a
cloud's key service). Must never know: whose secret it is, or in which table the sealed form lies.
Fails closed: a secret that cannot be unsealed is an error, never an empty string.
"""

from mainspring.infra.secrets.choice import KeySettings, KeySourceName, open_keys
from mainspring.infra.secrets.following import KeyFollower
from mainspring.infra.secrets.keyfile import (
    KeyFileError,
    load_keys,
    load_or_create_key,
    load_or_create_token,
)
from mainspring.infra.secrets.places import SealedPlace, SealedRow
from mainspring.infra.secrets.sealer import Sealer, UnsealError, key_id_of
from mainspring.infra.secrets.sources import KeySource, KeySourceError, new_master_key

__all__ = [
    "KeyFileError",
    "KeyFollower",
    "KeySettings",
    "KeySource",
    "KeySourceError",
    "KeySourceName",
    "SealedPlace",
    "SealedRow",
    "Sealer",
    "UnsealError",
    "key_id_of",
    "load_keys",
    "load_or_create_key",
    "load_or_create_token",
    "new_master_key",
    "open_keys",
]
