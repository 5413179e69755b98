"""``count_tokens`` for servers that do not speak Anthropic's protocol themselves."""

from collections.abc import Callable

import msgspec

from mainspring.gateway.http.pool import Call
from mainspring.gateway.pipeline.relay import MAX_WHOLE_BYTES, Headers, Relay, RelayedCall
from mainspring.wire.openai.tokenizers import Question, Reply, estimate_tokens, tokenizer_dialogue
from mainspring.wire.usage import Usage

ESTIMATED = (b"x-mainspring-estimated", b"true")
_MAX_ANSWER_BYTES = 16 * MAX_WHOLE_BYTES


class TokenCount(Relay):
    """Asks a server's tokenizer, one question after the other; answers an estimate if it has none.

    A server that is away is a failure like any other: another target may be asked.
    """

    same_protocol = False

    def __init__(
        self, call: RelayedCall, chat: bytes, ask: Callable[[Question, "TokenCount"], Call]
    ) -> None:
        """Count ``chat``, an OpenAI chat request; ``ask`` sends a question."""
        super().__init__(call)
        self._chat = chat
        self._ask = ask
        self._dialogue = tokenizer_dialogue(chat)
        self._body = bytearray()

    @property
    def estimated_output(self) -> int:
        """Return 0: counting makes nothing."""
        return 0

    def begin(self) -> None:
        """Ask the first question."""
        self.upstream_call = self._ask(next(self._dialogue), self)

    def on_head(self, status: int, headers: Headers) -> None:
        """Take the status: a refusal says that the server does not know the question."""
        self._status = status
        self._headers = headers
        self._body.clear()

    def on_piece(self, data: bytes) -> None:
        """Keep the piece."""
        self._body += data
        if len(self._body) > _MAX_ANSWER_BYTES:
            self.cancel()
            self.estimate()

    def on_end(self) -> None:
        """Ask on, or answer."""
        self._part()
        if self._call.closed:
            return
        try:
            question = self._dialogue.send(Reply(self._status, bytes(self._body)))
        except StopIteration as told:
            if told.value is None:
                self.forget_tokenizer()
                self.estimate()
            else:
                self._answer(told.value, [])
        else:
            self.upstream_call = self._ask(question, self)

    def forget_tokenizer(self) -> None:
        """Spare this server the questions from now on."""
        if self.destination is not None:
            self.destination.upstream.tokenizes = False

    def estimate(self) -> None:
        """Answer by an estimate, and say so."""
        self._answer(estimate_tokens(self._chat), [ESTIMATED])

    def _answer(self, tokens: int, headers: Headers) -> None:
        call = self._call
        if self.contested:
            call.claim(self)
        call.complete(None, 0, Usage())
        body = msgspec.json.encode({"input_tokens": tokens})
        call.mark_answer()
        self._exchange.respond(200, body, headers)
