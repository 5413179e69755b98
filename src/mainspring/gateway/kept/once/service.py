"""Calls with an ``Idempotency-Key``: made once, and answered alike however often they come.

A call that failed is not kept: it was not charged, and a retry is what its key is for. A call that
was begun goes on to its end without its client, so that the retry finds its answer.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final, Protocol

from mainspring.gateway.http.exchange import Exchange
from mainspring.gateway.kept.answer import KeptAnswer
from mainspring.gateway.kept.once.port import (
    Begun,
    Different,
    Full,
    OnceStore,
    Running,
    Started,
    StoreAwayError,
)
from mainspring.gateway.kept.recording import RecordedExchange
from mainspring.kernel.errors import (
    IdempotencyAnswerLostError,
    IdempotencyInProgressError,
    IdempotencyKeyReusedError,
    IdempotencyUnavailableError,
    InvalidRequestError,
    MainspringError,
    OverloadedError,
)
from mainspring.kernel.ids import new_id

IDEMPOTENCY_KEY: Final = b"idempotency-key"
MAX_ANSWER_BYTES: Final = 1024 * 1024
"""A larger answer is not kept: its retry is refused."""
_REPLAYED: Final = b"idempotent-replayed: true\r\n"
_MAX_KEY: Final = 255
_BOUNDARY: Final = re.compile(rb"--[^\r\n]{8,70}\r\n")
_RETRY_S: Final = 1.0

Pending = Coroutine[Any, Any, bool | None]
Answer = Callable[[Exchange], Pending | None]
Refuse = Callable[[Exchange, MainspringError, str], None]


class Caller(Protocol):
    """Who calls; keys of different callers have nothing to do with each other."""

    @property
    def org_id(self) -> str:
        """Return the organisation's id."""
        ...

    @property
    def project_id(self) -> str:
        """Return the project's id."""
        ...

    @property
    def key_id(self) -> str | None:
        """Return the key's id, if the call was made with one."""
        ...

    @property
    def actor_id(self) -> str:
        """Return the id of who acts."""
        ...


class Once:
    """Stands before what makes calls, for those that show a key."""

    def __init__(self, store: OnceStore, counts: "defaultdict[str, int]") -> None:
        """Count ``first``, ``replayed`` and ``refused`` calls in ``counts``."""
        self._store = store
        self._counts = counts

    def over(
        self, answer: Answer, refuse: Refuse, identify: Callable[[Exchange], Caller]
    ) -> Answer:
        """Return ``answer`` with keys honoured.

        ``refuse`` answers a call that is not made; ``identify`` returns who may make it, or raises
        what refuses a caller.
        """

        def answered(exchange: Exchange) -> Pending | None:
            if IDEMPOTENCY_KEY in exchange.headers:
                return _Retriable(self, answer, refuse, identify).serve(exchange)
            return answer(exchange)

        return answered

    def begin(self, caller: Caller, exchange: Exchange) -> Begun | Awaitable[Begun]:
        """Begin the call of ``exchange``, or tell how it stands with the one begun before.

        Raises:
            InvalidRequestError: if its key is none.
            StoreAwayError: if that cannot be told.
        """
        slot = _slot(caller, exchange.headers[IDEMPOTENCY_KEY])
        return self._store.begin(slot, _fingerprint(exchange))

    def count(self, result: str) -> None:
        """Count what a call with a key came to."""
        self._counts[result] += 1

    def keep(self, started: Started, answer: KeptAnswer | None) -> None:
        """Keep the answer of a call; one that failed is forgotten."""
        if answer is not None and answer.status >= 300:
            self._store.release(started)
        else:
            self._store.finish(started, answer)


class _Retriable:
    """One call with a key."""

    def __init__(
        self,
        once: Once,
        answer: Answer,
        refuse: Refuse,
        identify: Callable[[Exchange], Caller],
    ) -> None:
        self._once = once
        self._identify = identify
        self._answer = answer
        self._refuse_by = refuse

    def serve(self, exchange: Exchange) -> Pending | None:
        """Answer ``exchange``, which shows an idempotency key."""
        try:
            begun = self._once.begin(self._identify(exchange), exchange)
            if isinstance(begun, Awaitable):
                return self._serve_later(exchange, begun)
            return self._go_on(exchange, begun)
        except MainspringError as error:
            self._refuse(exchange, error)
        except StoreAwayError:
            self._refuse(exchange, IdempotencyUnavailableError(retry_after_s=_RETRY_S))
        return None

    async def _serve_later(self, exchange: Exchange, pending: Awaitable[Begun]) -> bool | None:
        """Go on once the store has told; true: callbacks will end the answer."""
        try:
            begun = await pending
            going = self._go_on(exchange, begun)
        except MainspringError as error:
            self._refuse(exchange, error)
            return False
        except StoreAwayError:
            self._refuse(exchange, IdempotencyUnavailableError(retry_after_s=_RETRY_S))
            return False
        if going is not None:
            return await going
        return not exchange.ended

    def _go_on(self, exchange: Exchange, begun: Begun) -> Pending | None:
        if isinstance(begun, KeptAnswer):
            self._once.count("replayed")
            begun.give(exchange, _REPLAYED)
            return None
        if isinstance(begun, Started):
            self._once.count("first")
            return self._make(exchange, begun)
        if begun is Running:
            raise IdempotencyInProgressError(retry_after_s=_RETRY_S)
        if begun is Different:
            raise IdempotencyKeyReusedError
        if begun is Full:
            raise OverloadedError(
                "the gateway holds all the idempotency keys that it may", retry_after_s=60.0
            )
        raise IdempotencyAnswerLostError

    def _make(self, exchange: Exchange, started: Started) -> Pending | None:
        """Make the call, and keep what it comes to."""
        once = self._once
        recorded = RecordedExchange(
            exchange,
            MAX_ANSWER_BYTES,
            lambda answer: once.keep(started, answer),
            outlives_client=True,
            without_header=IDEMPOTENCY_KEY,
        )
        try:
            going = self._answer(recorded)
        except BaseException:
            # A mistake of ours, which the HTTP layer answers; nothing is known of the call.
            recorded.forget()
            once.keep(started, None)
            raise
        return None if going is None else _finish_later(once, going, recorded, started)

    def _refuse(self, exchange: Exchange, error: MainspringError) -> None:
        self._once.count("refused")
        self._refuse_by(exchange, error, new_id("req"))


async def _finish_later(
    once: Once, going: Pending, recorded: RecordedExchange, started: Started
) -> bool | None:
    try:
        return await going
    except BaseException:
        recorded.forget()
        once.keep(started, None)
        raise


def _slot(caller: Caller, key: bytes) -> bytes:
    """Return what names a key of one caller, and of nobody else.

    Raises:
        InvalidRequestError: if it is no key.
    """
    if not 1 <= len(key) <= _MAX_KEY or any(not 0x21 <= each <= 0x7E for each in key):
        raise InvalidRequestError(
            f"an Idempotency-Key has 1 to {_MAX_KEY} visible ASCII characters",
            param="Idempotency-Key",
        )
    whose = (caller.org_id, caller.project_id, caller.key_id or "", caller.actor_id)
    return hashlib.sha256("\0".join(whose).encode() + b"\0" + key).digest()


def _fingerprint(exchange: Exchange) -> bytes:
    """Return what two equal requests have in common.

    Clients make up a new boundary for a form each time they send it: it is left out.
    """
    body = exchange.body
    boundary = _BOUNDARY.match(body)
    if boundary is not None:
        body = body.replace(boundary[0].rstrip(), b"--")
    digest = hashlib.sha256(exchange.path.encode())
    if exchange.method != "POST":
        digest.update(b"\0" + exchange.method.encode())
    digest.update(b"\0" + exchange.query + b"\0")
    digest.update(body)
    return digest.digest()
