"""Which master keys a part of the platform holds, by its settings."""

from pathlib import Path

from mainspring.infra.secrets import KeySettings, key_id_of, open_keys


def held_key_ids(settings: KeySettings, file: Path | None) -> tuple[str, ...]:
    """Return the ids of the master keys, the sealing one first; none where there is no file yet.

    Raises:
        KeyFileError: if they cannot be read.
    """
    in_a_file = settings.key_source in {"file", "vault-transit"}
    if in_a_file and (file is None or not file.exists()):
        return ()
    return tuple(map(key_id_of, open_keys(settings, file).load()))
