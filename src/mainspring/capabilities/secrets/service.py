"""The use cases of master keys.

A key is changed in four steps, each of which may be repeated, and after each of which everything
goes on: a new key is kept beside the others and seals nothing yet; once every running part holds
it, it begins to seal; then each secret is sealed anew, some at a time; at last the old key is taken
away, when nothing needs it any more.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence

from mainspring.capabilities.secrets.domain import (
    SECRETS_READ,
    SECRETS_ROTATE,
    KeyState,
    MasterKey,
    Place,
    Resealed,
)
from mainspring.capabilities.secrets.ports import LivingParts, Trail
from mainspring.infra.secrets import (
    KeyFileError,
    KeyFollower,
    KeySource,
    SealedPlace,
    SealedRow,
    Sealer,
    UnsealError,
    key_id_of,
    new_master_key,
)
from mainspring.kernel.authorize import authorize
from mainspring.kernel.errors import (
    ConflictError,
    InvalidRequestError,
    KeysUnavailableError,
    NotFoundError,
)
from mainspring.kernel.scope import PLATFORM_ORG, Scope

_PAGE = 500
STEP_LIMIT = 200
"""Secrets that one call seals anew; short, so that nobody waits for it."""


class SecretService:
    """Master keys, over the source that keeps them and the places of what they seal."""

    def __init__(
        self,
        source: KeySource,
        sealer: Sealer,
        follower: KeyFollower,
        places: Sequence[SealedPlace],
        *,
        parts: LivingParts,
        trail: Trail,
    ) -> None:
        self._source = source
        self._sealer = sealer
        self._follower = follower
        self._places = places
        self._parts = parts
        self._trail = trail

    async def state(self, scope: Scope) -> KeyState:
        """Return which keys there are, and what each seals; goes over every secret.

        Raises:
            PermissionDeniedError: unless the caller may see the platform's keys.
        """
        scope = authorize(scope, SECRETS_READ, org_id=PLATFORM_ORG)
        return await self._state(scope)

    async def introduce(self, scope: Scope) -> KeyState:
        """Keep a new key beside the others; it seals nothing yet.

        Raises:
            PermissionDeniedError: unless the caller may rotate keys.
            ConflictError: if a new key waits already, or the keys are given from outside.
            KeysUnavailableError: if they cannot be read or written where they are kept.
        """
        scope = authorize(scope, SECRETS_ROTATE, org_id=PLATFORM_ORG)
        keys = await self._load()
        state = await self._state(scope)
        if len(keys) > 1 and any(not key.seals and not key.secrets for key in state.keys):
            raise ConflictError("there is a key that seals nothing: use it, or retire it first")
        made = new_master_key()
        await self._replace([*keys, made], keys)
        await self._told(scope, "create", key_id_of(made))
        return await self._state(scope)

    async def activate(self, scope: Scope, key_id: str) -> KeyState:
        """Have a key seal from now on.

        Raises:
            PermissionDeniedError: unless the caller may rotate keys.
            NotFoundError: if there is no such key.
            ConflictError: while a running part does not hold it, or the keys are given from
                outside.
            KeysUnavailableError: if they cannot be read or written where they are kept.
        """
        scope = authorize(scope, SECRETS_ROTATE, org_id=PLATFORM_ORG)
        keys = await self._load()
        wanted = _of_id(keys, key_id)
        if keys[0] != wanted:
            held = await self._parts.held_keys()
            missing = sorted(name for name, ids in held.items() if key_id not in ids)
            if missing:
                raise ConflictError(
                    f"these parts do not hold the key yet: {', '.join(missing)}", retry_after_s=5
                )
            await self._replace([wanted, *(key for key in keys if key != wanted)], keys)
            await self._told(scope, "activate", key_id)
        return await self._state(scope)

    async def reseal(self, scope: Scope, cursor: str | None) -> Resealed:
        """Seal some secrets anew by the key that seals now, and say where to go on.

        Raises:
            PermissionDeniedError: unless the caller may rotate keys.
            InvalidRequestError: if the cursor is not one of ours.
        """
        scope = authorize(scope, SECRETS_ROTATE, org_id=PLATFORM_ORG)
        number, after = self._position(cursor)
        if number >= len(self._places):
            return Resealed(examined=0, resealed=0, unreadable=0, cursor=None)
        place = self._places[number]
        rows = await place.rows(scope, after=after, limit=STEP_LIMIT)
        resealed = unreadable = 0
        for row in rows:
            if self._sealer.is_current(row.sealed):
                continue
            try:
                new = self._sealer.reseal(row.sealed, row.context)
            except UnsealError:
                unreadable += 1  # its number is shown; the other secrets must not wait for it
                continue
            # A row that was changed meanwhile was sealed by its change.
            resealed += await place.replace(scope, row, new)
        if resealed:
            details = {"place": place.name, "secrets": resealed, "key": self._sealer.key_id}
            await self._told(scope, "reseal", None, details)
        full = len(rows) == STEP_LIMIT
        following = (number, rows[-1].key) if full else (number + 1, "")
        ended = following[0] >= len(self._places)
        return Resealed(
            examined=len(rows),
            resealed=resealed,
            unreadable=unreadable,
            cursor=None if ended else f"{following[0]}:{following[1]}",
        )

    async def retire(self, scope: Scope, key_id: str) -> None:
        """Take a key away for good.

        Raises:
            PermissionDeniedError: unless the caller may rotate keys.
            NotFoundError: if there is no such key.
            ConflictError: if it seals, if a secret is sealed by it, or if the keys are given from
                outside.
            KeysUnavailableError: if they cannot be read or written where they are kept.
        """
        scope = authorize(scope, SECRETS_ROTATE, org_id=PLATFORM_ORG)
        keys = await self._load()
        gone = _of_id(keys, key_id)
        if keys[0] == gone:
            raise ConflictError("this key seals: have another one seal first")
        held = await self._parts.held_keys()
        behind = sorted(name for name, ids in held.items() if ids and ids[0] == key_id)
        if behind:
            raise ConflictError(
                f"these parts still seal by the key: {', '.join(behind)}", retry_after_s=5
            )
        state = await self._state(scope)
        sealed = next((key.secrets for key in state.keys if key.id == key_id), 0)
        if sealed:
            raise ConflictError(f"{sealed} secrets are sealed by this key: seal them anew first")
        await self._replace([key for key in keys if key != gone], keys)
        await self._told(scope, "retire", key_id)

    async def _state(self, scope: Scope) -> KeyState:
        keys = await self._load()
        held = await self._parts.held_keys()
        by_key: Counter[str] = Counter()
        places = [await self._counted(scope, place, by_key) for place in self._places]
        ids = list(map(key_id_of, keys))
        return KeyState(
            source=self._source.name,
            writable=self._source.is_writable,
            keys=tuple(
                MasterKey(
                    id=key_id,
                    seals=key_id == ids[0],
                    secrets=by_key[key_id],
                    missing_at=tuple(
                        sorted(name for name, known in held.items() if key_id not in known)
                    ),
                )
                for key_id in ids
            ),
            places=tuple(places),
        )

    async def _counted(self, scope: Scope, place: SealedPlace, by_key: Counter[str]) -> Place:
        total = waiting = unreadable = 0
        after = ""
        while True:
            rows = await place.rows(scope, after=after, limit=_PAGE)
            for row in rows:
                by_key[row.sealed.key_id] += 1
                waiting += not self._sealer.is_current(row.sealed)
                unreadable += row.sealed.key_id not in self._sealer.key_ids
            total += len(rows)
            if len(rows) < _PAGE:
                return Place(name=place.name, secrets=total, waiting=waiting, unreadable=unreadable)
            after = _last(rows)

    async def _load(self) -> tuple[bytes, ...]:
        try:
            keys = await asyncio.to_thread(self._source.load)
        except (KeyFileError, OSError) as error:
            raise KeysUnavailableError(str(error)) from error
        self._sealer.hold(keys)
        return keys

    async def _replace(self, keys: Sequence[bytes], before: Sequence[bytes]) -> None:
        if not self._source.is_writable:
            raise ConflictError("the master keys are given from outside: change them there")
        try:
            await asyncio.to_thread(self._source.replace, keys, before=before)
        except (KeyFileError, OSError) as error:
            raise KeysUnavailableError(str(error)) from error
        await self._follower.look()

    async def _told(
        self,
        scope: Scope,
        what: str,
        key_id: str | None,
        details: Mapping[str, object] | None = None,
    ) -> None:
        await self._trail.note(
            scope,
            action=f"master_key.{what}",
            object_kind="master_key",
            object_id=key_id,
            details=details,
        )

    def _position(self, cursor: str | None) -> tuple[int, str]:
        if cursor is None:
            return 0, ""
        number, separator, after = cursor.partition(":")
        if not separator or not number.isascii() or not number.isdigit() or len(number) > 3:
            raise InvalidRequestError("the cursor is not one of this list", param="cursor")
        return int(number), after


def _of_id(keys: Sequence[bytes], key_id: str) -> bytes:
    for key in keys:
        if key_id_of(key) == key_id:
            return key
    raise NotFoundError("there is no such master key")


def _last(rows: Sequence[SealedRow]) -> str:
    return rows[-1].key
