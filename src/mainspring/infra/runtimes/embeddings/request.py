"""What ``POST /v1/embeddings`` accepts here, and how it answers."""

import base64
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from mainspring.kernel.errors import InvalidRequestError, MalformedJsonError, ModelNotFoundError

DIMENSIONS = 384


class EmbeddingRequest(msgspec.Struct, frozen=True):
    """An OpenAI embedding request, with one extension.

    E5 models embed a search query and a passage to be found differently. OpenAI's protocol cannot
    say which is meant, so ``input_type`` does; without it a text is a passage.
    """

    model: str
    input: str | list[str | int | list[int]]
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: int | None = None
    input_type: Literal["query", "passage"] = "passage"


class Embedding(msgspec.Struct, frozen=True, kw_only=True):
    """One vector of an answer, as numbers or as base64 of little-endian 32-bit floats."""

    object: Literal["embedding"] = "embedding"
    index: int
    embedding: list[float] | str


class EmbeddingUsage(msgspec.Struct, frozen=True):
    """Tokens as the engine's own tokenizer counts them, its markers and prefix included."""

    prompt_tokens: int
    total_tokens: int


class EmbeddingAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The whole answer."""

    object: Literal["list"] = "list"
    data: list[Embedding]
    model: str
    usage: EmbeddingUsage


_decoder = msgspec.json.Decoder(EmbeddingRequest)


def read_request(body: bytes, *, model_name: str, max_inputs: int) -> tuple[list[str], bool, bool]:
    """Return the texts, whether they are queries, and whether base64 is wanted.

    Raises:
        MalformedJsonError: if the body is not JSON.
        ModelNotFoundError: if another model is asked for.
        InvalidRequestError: if a field is wrong; ``param`` names it.
    """
    try:
        request = _decoder.decode(body)
    except msgspec.ValidationError as error:
        raise InvalidRequestError(f"the request does not fit: {error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MalformedJsonError(f"the body is not valid JSON: {error}") from error
    if request.model != model_name:
        raise ModelNotFoundError(
            f"this runtime serves {model_name}, not {request.model}", param="model"
        )
    if request.dimensions not in (None, DIMENSIONS):
        raise InvalidRequestError(
            f"{model_name} has {DIMENSIONS} dimensions and cannot be shortened",
            param="dimensions",
        )
    texts = _texts(request.input, max_inputs)
    return texts, request.input_type == "query", request.encoding_format == "base64"


def _texts(given: str | list[str | int | list[int]], max_inputs: int) -> list[str]:
    inputs = [given] if isinstance(given, str) else given
    if not inputs:
        raise InvalidRequestError("input is empty", param="input")
    if len(inputs) > max_inputs:
        raise InvalidRequestError(
            f"input has {len(inputs)} texts; at most {max_inputs} at once", param="input"
        )
    texts: list[str] = []
    for index, text in enumerate(inputs):
        if not isinstance(text, str):
            raise InvalidRequestError(
                f"input[{index}] is not a string; this model has a tokenizer of its own and "
                "takes no token ids",
                param="input",
            )
        if not text:
            raise InvalidRequestError(f"input[{index}] is an empty string", param="input")
        if "\0" in text:  # the engine reads C strings and would silently stop there
            raise InvalidRequestError(f"input[{index}] holds a NUL character", param="input")
        texts.append(text)
    return texts


def answer(
    vectors: list[NDArray[np.float32]], *, model_name: str, tokens: int, as_base64: bool
) -> EmbeddingAnswer:
    """Return the answer that carries ``vectors``, in the order of the texts."""
    return EmbeddingAnswer(
        data=[
            Embedding(index=index, embedding=_as_base64(vector) if as_base64 else vector.tolist())
            for index, vector in enumerate(vectors)
        ],
        model=model_name,
        usage=EmbeddingUsage(prompt_tokens=tokens, total_tokens=tokens),
    )


def _as_base64(vector: NDArray[np.float32]) -> str:
    return base64.b64encode(vector.astype("<f4", copy=False).tobytes()).decode()
