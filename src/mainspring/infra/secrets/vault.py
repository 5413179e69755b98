"""Master keys in OpenBao or Vault: kept in its key-value store, or wrapped by its transit engine.

A call takes a few seconds at the most, is never sent through a proxy, and shows the token that the
file holds at that moment, so that an agent may renew it there.
"""

import base64
import ssl
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import httpx
import msgspec

from mainspring.infra.secrets.keyfile import KEY_BYTES, create_lines, read_lines, replace_lines
from mainspring.infra.secrets.sources import (
    KeySourceError,
    decoded_key,
    encoded_key,
    new_master_key,
)

_DEADLINE_S = 5.0
_FIELD = "master_keys"
_TRANSIT_PREFIX = "vault:v"


class VaultPlace(msgspec.Struct, frozen=True, kw_only=True):
    """Where the vault is, and as whom it is asked.

    ``mount`` is the engine's, ``path`` the secret's in a key-value store (version 2) or the name of
    the transit key. ``ca_file`` (PEM) is the authority of its certificate where that is not a
    public one.
    """

    url: str
    token_file: Path
    mount: str
    path: str
    namespace: str | None = None
    ca_file: Path | None = None


class VaultKeyValue:
    """Keys in one secret of a key-value store; changed by compare-and-set, so nothing is lost."""

    is_writable = True

    def __init__(self, place: VaultPlace) -> None:
        self._vault = _Vault(place)
        self._place = f"{place.mount}/data/{place.path}"

    @property
    def name(self) -> str:
        """Return where the secret lies."""
        return f"{self._vault.url}/v1/{self._place}"

    def load(self) -> tuple[bytes, ...]:
        """Return the keys; an empty place gets one."""
        keys, _ = self._read()
        if keys:
            return keys
        try:
            self._write([new_master_key()], version=0)
        except KeySourceError:
            # Two processes that start together: the one that comes second reads what is there.
            keys, _ = self._read()
            if not keys:
                raise
            return keys
        return self._read()[0]

    def replace(self, keys: Sequence[bytes], *, before: Sequence[bytes]) -> None:
        """Write a new version of the secret."""
        present, version = self._read()
        if present != tuple(before):
            raise KeySourceError(f"the keys at {self.name} were changed by somebody else meanwhile")
        self._write(keys, version=version)

    def _read(self) -> tuple[tuple[bytes, ...], int]:
        status, answer = self._vault.ask("GET", self._place)
        if status == 404:  # also says so of a deleted version, with what remains of it
            metadata = _member(_member(answer, "data"), "metadata")
            return (), int(metadata.get("version", 0))
        if status != 200:
            raise self._vault.refusal(status, answer)
        data = _member(answer, "data")
        text = _member(data, "data").get(_FIELD)
        if not isinstance(text, str):
            raise KeySourceError(f"{self.name} has no field {_FIELD}")
        version = int(_member(data, "metadata").get("version", 0))
        return tuple(decoded_key(each) for each in text.split()), version

    def _write(self, keys: Sequence[bytes], *, version: int) -> None:
        text = " ".join(encoded_key(key) for key in keys)
        body = {"options": {"cas": version}, "data": {_FIELD: text}}
        status, answer = self._vault.ask("POST", self._place, body)
        if status != 200:
            raise self._vault.refusal(status, answer)


class VaultTransit:
    """Keys in a file, each wrapped by a transit key that never leaves the vault.

    What was unwrapped once is remembered: a process that runs needs the vault only for new keys.
    """

    is_writable = True

    def __init__(self, place: VaultPlace, path: Path) -> None:
        self._vault = _Vault(place)
        self._encrypt = f"{place.mount}/encrypt/{place.path}"
        self._decrypt = f"{place.mount}/decrypt/{place.path}"
        self._path = path
        self._known: dict[str, bytes] = {}

    @property
    def name(self) -> str:
        """Return the file and what unwraps it."""
        return f"{self._path}, wrapped by {self._vault.url}/v1/{self._decrypt}"

    def load(self) -> tuple[bytes, ...]:
        """Return the keys of the file, which is created if there is none."""
        if not self._path.exists():
            create_lines(self._path, self._wrap([new_master_key()]))
        lines = read_lines(self._path)
        unknown = [line for line in lines if line not in self._known]
        found = dict(zip(unknown, self._unwrap(unknown), strict=True)) if unknown else {}
        self._known = {line: found.get(line) or self._known[line] for line in lines}
        return tuple(self._known[line] for line in lines)

    def replace(self, keys: Sequence[bytes], *, before: Sequence[bytes]) -> None:
        """Write the file anew; every key is wrapped by the newest version of the transit key."""
        if self.load() != tuple(before):
            raise KeySourceError(f"{self._path} was changed by somebody else meanwhile")
        lines = self._wrap(keys)
        replace_lines(self._path, lines)
        self._known = dict(zip(lines, keys, strict=True))

    def _wrap(self, keys: Sequence[bytes]) -> list[str]:
        batch = [{"plaintext": base64.b64encode(key).decode()} for key in keys]
        return [str(each["ciphertext"]) for each in self._batch(self._encrypt, batch, "ciphertext")]

    def _unwrap(self, lines: Sequence[str]) -> list[bytes]:
        if not all(line.startswith(_TRANSIT_PREFIX) for line in lines):
            raise KeySourceError(f"{self._path} holds something that no transit engine wrapped")
        batch = [{"ciphertext": line} for line in lines]
        results = self._batch(self._decrypt, batch, "plaintext")
        keys = [base64.b64decode(str(each["plaintext"])) for each in results]
        if any(len(key) != KEY_BYTES for key in keys):
            raise KeySourceError(f"a master key in {self._path} has not {KEY_BYTES} bytes")
        return keys

    def _batch(
        self, place: str, batch: Sequence[Mapping[str, str]], wanted: str
    ) -> list[dict[str, Any]]:
        status, answer = self._vault.ask("POST", place, {"batch_input": list(batch)})
        results = _member(answer, "data").get("batch_results")
        if status != 200 or not isinstance(results, list):
            raise self._vault.refusal(status, answer)
        found = cast("list[dict[str, Any]]", results)
        if len(found) != len(batch) or any(wanted not in each for each in found):
            raise KeySourceError(f"the vault left out a key of {self._path}")
        return found


class _Vault:
    """Asks one vault."""

    def __init__(self, place: VaultPlace) -> None:
        self.url = place.url.rstrip("/")
        self._where = place

    def ask(self, method: str, place: str, body: object = None) -> tuple[int, dict[str, Any]]:
        """Return the status and the JSON object of an answer.

        Raises:
            KeySourceError: if there is none in time.
        """
        token = " ".join(read_lines(self._where.token_file))
        headers = {"X-Vault-Token": token, "X-Vault-Request": "true"}
        if self._where.namespace:
            headers["X-Vault-Namespace"] = self._where.namespace
        authority = self._where.ca_file
        try:
            verify = ssl.create_default_context(cafile=authority) if authority else True
            with httpx.Client(trust_env=False, timeout=_DEADLINE_S, verify=verify) as client:
                answer = client.request(
                    method, f"{self.url}/v1/{place}", headers=headers, json=body
                )
            content: object = answer.json() if answer.content else {}
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            raise KeySourceError(
                f"the vault at {self.url} cannot be asked: {type(error).__name__}"
            ) from error
        found = cast("dict[str, Any]", content) if isinstance(content, dict) else {}
        return answer.status_code, found

    def refusal(self, status: int, answer: Mapping[str, Any]) -> KeySourceError:
        """Return an error of what the vault said, which holds no secret."""
        said = "; ".join(str(each) for each in answer.get("errors") or ())
        return KeySourceError(f"the vault at {self.url} answered {status}: {said or 'nothing'}")


def _member(value: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = value.get(name)
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}
