"""Which source of master keys the settings mean."""

from pathlib import Path
from typing import Literal

import msgspec

from mainspring.infra.secrets.sources import FileKeys, GivenKeys, KeySource, KeySourceError

KeySourceName = Literal["file", "environment", "vault-kv", "vault-transit"]


class KeySettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where the master keys are kept; a part that seals or unseals has these settings too.

    ``master_keys`` are the keys themselves, for ``environment``. The fields that begin with
    ``vault_`` say where OpenBao or Vault is, how it is asked, and which secret or transit key there
    is meant; ``vault_mount`` unset is the engine's usual one.
    """

    key_source: KeySourceName = "file"
    master_keys: str | None = None
    vault_url: str | None = None
    vault_token_file: Path | None = None
    vault_mount: str | None = None
    vault_path: str = "mainspring"
    vault_namespace: str | None = None
    vault_ca_file: Path | None = None


def open_keys(settings: KeySettings, file: Path | None) -> KeySource:
    """Return the source; nothing is read yet.

    ``file`` is the key file, for ``vault-transit`` the file of wrapped keys.

    Raises:
        KeySourceError: if the settings are not complete.
    """
    if settings.key_source == "environment":
        return GivenKeys(settings.master_keys or "")
    if settings.key_source == "file":
        if file is None:
            raise KeySourceError("the file of the master keys is not set")
        return FileKeys(file)
    if settings.vault_url is None or settings.vault_token_file is None:
        raise KeySourceError("the vault's URL and the file with its token must both be set")
    from mainspring.infra.secrets.vault import (  # noqa: PLC0415 - an HTTP client that few need
        VaultKeyValue,
        VaultPlace,
        VaultTransit,
    )

    transit = settings.key_source == "vault-transit"
    place = VaultPlace(
        url=settings.vault_url,
        token_file=settings.vault_token_file,
        mount=settings.vault_mount or ("transit" if transit else "secret"),
        path=settings.vault_path,
        namespace=settings.vault_namespace,
        ca_file=settings.vault_ca_file,
    )
    if not transit:
        return VaultKeyValue(place)
    if file is None:
        raise KeySourceError("the file of the wrapped master keys is not set")
    return VaultTransit(place, file)
