"""``/v1/chat/ws``: chats over one WebSocket, for devices and pages that keep a connection.

Every ``chat.create`` becomes an exchange that goes through the dispatcher as an HTTP request does:
identity, limits, routing, metering and cancellation are the same code. What is added here is the
connection: several answers at once up to a bound, cancelling one of them, and the end of it all.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from mainspring.gateway.http.exchange import Exchange, Handler
from mainspring.gateway.http.websocket import (
    GOING_AWAY,
    UNSUPPORTED_DATA,
    WebSocket,
)
from mainspring.gateway.kept.once import IDEMPOTENCY_KEY
from mainspring.gateway.pipeline.answers import refuse
from mainspring.gateway.pipeline.chat_exchange import ChatExchange
from mainspring.gateway.pipeline.identity import Authenticator
from mainspring.gateway.pipeline.socket_entry import SocketEntry, request_headers
from mainspring.kernel.errors import InvalidRequestError, MainspringError, RateLimitedError
from mainspring.kernel.ids import new_id
from mainspring.kernel.tasks import TaskOwner
from mainspring.wire.chat_socket import (
    SUBPROTOCOL,
    Cancel,
    Create,
    chat_request,
    encode_failure,
    read_message,
)
from mainspring.wire.scopes import scopes_for

CHAT_SOCKET_PATH = "/v1/chat/ws"
MAX_CHATS = 16
"""Answers that one WebSocket may have under way at once."""
_CHAT_PATH = "/v1/chat/completions"
_SCOPES = scopes_for("chat")


class ChatSockets:
    """Opens chat streams; ``dispatch`` answers what they ask for."""

    def __init__(
        self,
        entry: SocketEntry,
        authenticator: Authenticator,
        dispatch: Handler,
        tasks: TaskOwner,
        on_error: Callable[[Exchange, BaseException], None],
    ) -> None:
        self._entry = entry
        self._authenticator = authenticator
        self.dispatch = dispatch
        self.tasks = tasks
        self.on_error = on_error

    def open(self, exchange: Exchange) -> None:
        """Take the WebSocket that ``exchange`` offers, if its caller may call models."""
        request_id = new_id("req")
        try:
            offer = self._entry.offer(exchange, (SUBPROTOCOL,))
            headers = request_headers(exchange.headers)
            self._authenticator.authenticate(headers).require_scope(*_SCOPES)
        except MainspringError as error:
            refuse(exchange, error, request_id)
            return
        chats = ChatSocket(self, headers, exchange.peer)
        offer.accept(chats, [(b"x-request-id", request_id.encode())])


class ChatSocket:
    """The chats of one WebSocket. Hears the socket, and carries its chats."""

    def __init__(self, shared: ChatSockets, headers: dict[bytes, bytes], peer: str) -> None:
        self.socket: WebSocket
        self._shared = shared
        self._headers = headers
        self._peer = peer
        self._chats: dict[str, ChatExchange] = {}
        self._draining = False

    # What the socket tells

    @property
    def busy(self) -> bool:
        """Tell whether an answer is under way."""
        return bool(self._chats)

    def on_open(self, socket: WebSocket) -> None:
        """Take the socket."""
        self.socket = socket

    def on_message(self, data: bytes, *, text: bool) -> None:
        """Begin or cancel a chat."""
        if not text:
            self.socket.close(UNSUPPORTED_DATA, "messages are JSON texts")
            return
        chat_id = None
        try:
            message = read_message(data)
            chat_id = message.id
            if isinstance(message, Cancel):
                chat = self._chats.get(chat_id)
                if chat is not None:
                    chat.cancel()
            else:
                self._create(message)
        except MainspringError as error:
            self.send(encode_failure(chat_id, error))

    def on_behind(self, *, behind: bool) -> None:
        """Pause what answers, and ask for no more work, until the client has caught up."""
        for chat in list(self._chats.values()):
            if behind:
                chat.fall_behind()
            else:
                chat.catch_up()
        self.socket.hold(hold=behind)

    def on_drain(self) -> None:
        """Take no more chats; close when the last of those under way has ended."""
        self._draining = True
        if not self._chats:
            self._say_goodbye()

    def on_closed(self, code: int, reason: str) -> None:
        """Cancel what is under way: nobody waits for it."""
        del code, reason
        for chat in list(self._chats.values()):
            chat.client_gone()

    # What chats tell (see chat_exchange.Chats)

    @property
    def behind(self) -> bool:
        """Tell whether the client takes less than it is sent."""
        return self.socket.behind

    def send(self, message: bytes) -> None:
        """Send a message."""
        self.socket.send(message)
        if self._draining and not self._chats:
            self._say_goodbye()

    def chat_ended(self, chat_id: str) -> None:
        """Forget a chat."""
        self._chats.pop(chat_id, None)

    # Within

    def _create(self, message: Create) -> None:
        chat_id = message.id
        if self._draining:
            return
        if chat_id in self._chats:
            raise InvalidRequestError("an answer of this id is under way already", param="id")
        if len(self._chats) >= MAX_CHATS:
            raise RateLimitedError(
                f"this connection has {MAX_CHATS} answers under way", dimension="concurrency"
            )
        body = chat_request(message.request)
        headers = self._headers
        if message.idempotency_key is not None:
            headers = {**headers, IDEMPOTENCY_KEY: message.idempotency_key.encode()}
        chat = ChatExchange(self, chat_id, _CHAT_PATH, headers, body, self._peer)
        self._chats[chat_id] = chat
        shared = self._shared
        try:
            work = shared.dispatch(chat)
        except Exception as error:  # noqa: BLE001 - whatever the pipeline raises is reported and answered
            self._failed(chat, error)
            return
        if work is not None:
            shared.tasks.start(self._run(chat, work), name=f"chat over {CHAT_SOCKET_PATH}")

    async def _run(self, chat: ChatExchange, work: Coroutine[Any, Any, bool | None]) -> None:
        try:
            goes_on = await work
        except Exception as error:  # noqa: BLE001 - whatever the pipeline raises is reported and answered
            self._failed(chat, error)
        else:
            if not goes_on and not chat.ended:
                text = "the pipeline returned before its answer had ended"
                self._failed(chat, RuntimeError(text))

    def _failed(self, chat: ChatExchange, error: BaseException) -> None:
        chat.fail(MainspringError())
        self._shared.on_error(chat, error)

    def _say_goodbye(self) -> None:
        self.socket.close(GOING_AWAY, "this server stops; connect again")
