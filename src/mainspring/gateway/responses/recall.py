"""Finding kept turns again: in this gateway's memory, else at control."""

import asyncio
import time
from collections.abc import Callable
from urllib.parse import quote

import msgspec

from mainspring.gateway.control_link.client import ControlAwayError, ControlClient
from mainspring.gateway.pipeline.identity import Principal
from mainspring.gateway.responses.recent import STALE_S, RecentTurns
from mainspring.kernel.errors import (
    ControlUnavailableError,
    InvalidRequestError,
    ResponseNotFoundError,
)
from mainspring.kernel.ids import id_time_ms
from mainspring.wire.stored import (
    MAX_CHAIN_BYTES,
    MAX_CHAIN_TURNS,
    StoredTurn,
    TurnChain,
)

RESPONSES_PATH = "/internal/v1/responses"
_MAX_ANSWER_BYTES = MAX_CHAIN_BYTES + 1024 * 1024
_TRAVEL_S = 10.0
"""A response younger than this may still be on its way to control from another gateway."""
_PATIENCE_S = 2.0
_LOOK_AGAIN_S = 0.15

_chain_decoder = msgspec.msgpack.Decoder(TurnChain)


class Recall:
    """Finds, and has deleted, what a project had kept."""

    def __init__(
        self,
        recent: RecentTurns,
        client: ControlClient,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Look into ``recent``, then ask ``client``; ``now`` gives Unix seconds."""
        self._recent = recent
        self._client = client
        self._now = now

    async def turn(self, principal: Principal, turn_id: str) -> StoredTurn:
        """Return one turn of the caller's project.

        Raises:
            ResponseNotFoundError: if there is none that the caller may know of.
            ControlUnavailableError: if only control could tell, and it does not answer.
        """
        known = self._known(principal, turn_id)
        if known is not None:
            return known
        found = (await self._ask(principal, turn_id, turns=1)).turns[0]
        self._recent.put(found)
        return found

    async def chain(self, principal: Principal, turn_id: str) -> list[StoredTurn]:
        """Return a turn with everything that came before it, oldest first.

        Raises:
            ResponseNotFoundError: if it, or an earlier one, is not there any more.
            InvalidRequestError: if the conversation is too long to go on with.
            ControlUnavailableError: if only control could tell, and it does not answer.
        """
        found: list[StoredTurn] = []
        size = 0
        wanted: str | None = turn_id
        while wanted is not None:
            turn = self._known(principal, wanted)
            if turn is None:
                rest = await self._ask(principal, wanted, turns=MAX_CHAIN_TURNS - len(found))
                if not rest.complete:
                    raise ResponseNotFoundError(
                        "an earlier response of this conversation was deleted or has expired",
                        param="previous_response_id",
                    )
                for each in rest.turns:
                    self._recent.put(each)
                turns = rest.turns
            else:
                turns = [turn]
            found.extend(turns)
            size += sum(each.size for each in turns)
            if len(found) > MAX_CHAIN_TURNS or size > MAX_CHAIN_BYTES:
                raise _too_long()
            wanted = turns[-1].previous_id
        found.reverse()
        return found

    async def delete(self, principal: Principal, turn_id: str) -> None:
        """Have a turn deleted, here and everywhere; it may still be on its way to control.

        Raises:
            ResponseNotFoundError: if there is none that the caller may know of.
            ControlUnavailableError: if control does not answer; nothing was deleted then.
        """
        known = self._recent.find(principal.project_id, turn_id, STALE_S)
        if known is None:
            await self._ask(principal, turn_id, turns=1)
        status, _ = await self._request(
            "DELETE", f"{_address(principal, turn_id)}&actor_id={quote(principal.actor_id)}"
        )
        if status not in (204, 404):
            raise ControlUnavailableError(retry_after_s=1.0)
        self._recent.forget(principal.project_id, turn_id)
        if status == 404:
            raise ResponseNotFoundError

    def _known(self, principal: Principal, turn_id: str) -> StoredTurn | None:
        turn = self._recent.find(principal.project_id, turn_id)
        return turn if turn is not None and turn.expires_at_ms > self._now() * 1000 else None

    async def _ask(self, principal: Principal, turn_id: str, *, turns: int) -> TurnChain:
        if turns <= 0:
            raise _too_long()
        patience = asyncio.get_running_loop().time() + _PATIENCE_S
        try:
            while True:
                path = f"{_address(principal, turn_id)}&turns={turns}"
                chain = await self._look_up(path)
                if chain is not None and chain.turns:
                    return chain
                over = chain is not None or not self._travels(turn_id)
                if over or asyncio.get_running_loop().time() > patience:
                    self._recent.forget(principal.project_id, turn_id)
                    raise ResponseNotFoundError(f"there is no response {turn_id[:80]!r}")
                await asyncio.sleep(_LOOK_AGAIN_S)
        except (ControlUnavailableError, msgspec.MsgspecError) as error:
            stale = self._recent.find(principal.project_id, turn_id, STALE_S)
            if stale is not None:
                return TurnChain([stale])
            if isinstance(error, ControlUnavailableError):
                raise
            raise ControlUnavailableError(retry_after_s=1.0) from error

    async def _look_up(self, path: str) -> TurnChain | None:
        status, answer = await self._request("GET", path)
        if status == 200:
            return _chain_decoder.decode(answer)
        if status == 413:
            raise _too_long()
        if status not in (400, 404, 422):  # nothing can be found by what is no id at all
            raise ControlUnavailableError(retry_after_s=1.0)
        return None

    async def _request(self, method: str, path: str) -> tuple[int, bytes]:
        try:
            return await self._client.request(method, path, max_bytes=_MAX_ANSWER_BYTES)
        except ControlAwayError as error:
            raise ControlUnavailableError(
                "what was kept cannot be asked for at this moment", retry_after_s=1.0
            ) from error

    def _travels(self, turn_id: str) -> bool:
        """Tell whether a response of that id may be on its way from another gateway."""
        try:
            age_s = self._now() - id_time_ms(turn_id) / 1000
        except ValueError:
            return False
        return -_TRAVEL_S < age_s < _TRAVEL_S


def _address(principal: Principal, turn_id: str) -> str:
    return (
        f"{RESPONSES_PATH}/{quote(turn_id, safe='')}?org_id={quote(principal.org_id)}"
        f"&project_id={quote(principal.project_id)}"
    )


def _too_long() -> InvalidRequestError:
    return InvalidRequestError(
        f"the conversation has more than {MAX_CHAIN_TURNS} turns, or {MAX_CHAIN_BYTES >> 20} MiB:"
        " begin a new one with a summary as its input",
        param="previous_response_id",
    )
