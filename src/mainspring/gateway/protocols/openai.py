"""The OpenAI protocol's model calls, and those that its compatible servers have added."""

from collections.abc import Callable

from mainspring.gateway.protocols.operation import Operation
from mainspring.kernel.errors import InvalidRequestError
from mainspring.wire.openai.forms import read_form
from mainspring.wire.openai.requests import Envelope, read_envelope
from mainspring.wire.openai.stored_responses import read_wishes
from mainspring.wire.openai.tally import DurationTally, ImageTally
from mainspring.wire.openai.units import (
    characters_to_speak,
    images_asked_for,
    normalise_media,
    normalise_rerank,
    one_search,
    rerank_usage_frame,
)
from mainspring.wire.usage import Usage

DEFAULT_MODERATION_MODEL = "omni-moderation-latest"
"""What OpenAI's reference says a moderation without a model is judged by."""

_MEMORY = (b'"previous_response_id"', b'"conversation"', b'"background"')


class ModerationOperation(Operation, frozen=True, kw_only=True):
    """The one route whose protocol lets a caller leave the model out."""

    def read(self, body: bytes) -> Envelope:
        """Read the governed fields; without a model, OpenAI's default is meant.

        Raises:
            InvalidRequestError: if it does not fit.
        """
        return read_envelope(body, default_model=DEFAULT_MODERATION_MODEL)


class ResponsesOperation(Operation, frozen=True, kw_only=True):
    """The Responses API without a memory; see :mod:`mainspring.gateway.responses` for the one."""

    def read(self, body: bytes) -> Envelope:
        """Read the governed fields; a conversation that was never kept cannot go on.

        Raises:
            InvalidRequestError: if it does not fit, or needs a memory.
        """
        envelope = read_envelope(body)
        if (
            any(name in body for name in _MEMORY)
            and read_wishes(body).previous_response_id is not None
        ):
            raise InvalidRequestError(
                "this gateway has no control plane that could keep responses; send the whole"
                " conversation as input",
                param="previous_response_id",
            )
        return envelope


class UploadOperation(Operation, frozen=True, kw_only=True):
    """A route that takes a form with files, and passes on whatever answer comes."""

    may_stream: bool = False
    generates: bool = False
    pipes: bool = True
    uploads: bool = True
    normalise: Callable[[bytes], Usage | None] | None = normalise_media

    def read(self, body: bytes) -> Envelope:
        """Read the governed fields of the form.

        Raises:
            InvalidRequestError: if it does not fit.
        """
        return read_form(body)


CHAT = Operation(name="chat", path="/v1/chat/completions", task="chat", dialect="openai")
RESPONSES = ResponsesOperation(
    name="responses", path="/v1/responses", task="chat", dialect="openai-responses"
)
COMPLETIONS = Operation(name="text_completion", path="/v1/completions", task="completion")
EMBEDDINGS = Operation(
    name="embeddings", path="/v1/embeddings", task="embedding", may_stream=False, generates=False
)
MODERATIONS = ModerationOperation(
    name="moderation", path="/v1/moderations", task="moderation", may_stream=False, generates=False
)
RERANK = Operation(
    name="rerank",
    path="/v1/rerank",
    task="rerank",
    may_stream=False,
    generates=False,
    find_usage=rerank_usage_frame,
    normalise=normalise_rerank,
    measure=one_search,
)
RERANK_V2 = Operation(
    name="rerank",
    path="/v2/rerank",
    upstream_path="/v1/rerank",
    task="rerank",
    may_stream=False,
    generates=False,
    find_usage=rerank_usage_frame,
    normalise=normalise_rerank,
    measure=one_search,
)
IMAGES = Operation(
    name="image_generation",
    path="/v1/images/generations",
    task="image",
    may_stream=False,
    generates=False,
    pipes=True,
    normalise=normalise_media,
    measure=images_asked_for,
    tally=ImageTally,
)
SPEECH = Operation(
    name="speech",
    path="/v1/audio/speech",
    task="speech",
    may_stream=False,
    generates=False,
    pipes=True,
    normalise=normalise_media,
    measure=characters_to_speak,
)
TRANSCRIPTIONS = UploadOperation(
    name="transcription",
    path="/v1/audio/transcriptions",
    task="transcription",
    tally=DurationTally,
)
TRANSLATIONS = UploadOperation(
    name="translation",
    path="/v1/audio/translations",
    task="transcription",
    tally=DurationTally,
)
IMAGE_EDITS = UploadOperation(
    name="image_edit", path="/v1/images/edits", task="image", tally=ImageTally
)
IMAGE_VARIATIONS = UploadOperation(
    name="image_variation", path="/v1/images/variations", task="image", tally=ImageTally
)
REALTIME = Operation(name="realtime", path="/v1/realtime", task="realtime")
"""Opened by GET as a WebSocket, and so not among :data:`OPERATIONS`."""

OPERATIONS: tuple[Operation, ...] = (
    CHAT,
    RESPONSES,
    COMPLETIONS,
    EMBEDDINGS,
    MODERATIONS,
    RERANK,
    RERANK_V2,
    IMAGES,
    SPEECH,
    TRANSCRIPTIONS,
    TRANSLATIONS,
    IMAGE_EDITS,
    IMAGE_VARIATIONS,
)
