"""Values and rules of data sets.

An item never changes: it is added in one version of its data set and may be archived in a later
one, so that whatever ran on a version can be run on it again.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec import UNSET, UnsetType

from mainspring.kernel.access import Permission
from mainspring.kernel.errors import InvalidRequestError
from mainspring.kernel.plain_json import plain_json
from mainspring.wire.endpoints import CONTENTS, CONTINUED, DELIVERY, ENDPOINTS, ORIGIN

DATASET_READ = Permission("dataset:read", "See data sets and all that is in them.")
DATASET_WRITE = Permission("dataset:write", "Make data sets, and change what is in them.")

PERMISSIONS = (DATASET_READ, DATASET_WRITE)
"""Every permission of this capability."""

MAX_DATASETS: Final = 200
"""Of one project."""
MAX_ITEMS: Final = 20_000
"""Of one data set, archived ones included."""
MAX_BYTES: Final = 256 * 1024 * 1024
"""Of the JSON in one data set, archived items included."""
MAX_AT_ONCE: Final = 500
MAX_INPUT: Final = 256 * 1024
MAX_EXPECTED: Final = 64 * 1024
MAX_PAIRS: Final = 16
MAX_NAME: Final = 120
MAX_DESCRIPTION: Final = 2000
_LONGEST_KEY: Final = 64
_LONGEST_VALUE: Final = 512
_REQUEST_ID: Final = re.compile(r"req_[0-9a-f]{32}")
_REFUSED: Final = ORIGIN | DELIVERY | CONTINUED | {"model"}


class Dataset(msgspec.Struct, frozen=True, kw_only=True):
    """A data set of a project.

    ``version`` grows with every change of its items. ``item_count`` is how many it has
    now, ``kept_count`` how many with the archived ones, ``bytes`` how much JSON they hold.
    """

    id: str
    org_id: str
    project_id: str
    name: str
    description: str = ""
    version: int = 0
    item_count: int = 0
    kept_count: int = 0
    bytes: int = 0
    created_at: datetime
    updated_at: datetime
    revision: int = 1


class DatasetChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What may change about a data set; ``UNSET`` stays as it is."""

    name: str | UnsetType = UNSET
    description: str | UnsetType = UNSET


class NewItem(msgspec.Struct, frozen=True, kw_only=True):
    """An item to be: what is asked of which endpoint, and what is expected of an answer.

    ``input`` is the JSON body without the model; ``expected`` is a text or any JSON, ``None`` for
    nothing.
    """

    input: dict[str, Any]
    endpoint: str | None = None
    expected: Any = None
    metadata: dict[str, str] = {}
    source_request_id: str | None = None


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """An item of a data set, at its place among all that were ever added.

    It belongs to the versions ``added_in <= version < archived_in``. ``size`` is in bytes of JSON.
    """

    id: str
    dataset_id: str
    org_id: str
    project_id: str
    position: int
    endpoint: str
    input: dict[str, Any]
    expected: Any = None
    metadata: dict[str, str] = {}
    source_request_id: str | None = None
    size: int
    added_in: int
    archived_in: int | None = None
    created_at: datetime
    actor_id: str


def checked_dataset(dataset: Dataset) -> Dataset:
    """Return ``dataset``.

    Raises:
        InvalidRequestError: if a field is not acceptable.
    """
    name = dataset.name
    if not 1 <= len(name) <= MAX_NAME or not name.isprintable() or name != name.strip():
        raise InvalidRequestError(
            f"a name has 1 to {MAX_NAME} characters, none of them a control", param="name"
        )
    if len(dataset.description) > MAX_DESCRIPTION:
        raise InvalidRequestError(
            f"a description has at most {MAX_DESCRIPTION} characters", param="description"
        )
    return dataset


def checked_items(wanted: Sequence[NewItem]) -> Sequence[tuple[NewItem, int]]:
    """Return the items as they can be kept, each with its size.

    Raises:
        InvalidRequestError: if there are none or too many, or one is not acceptable; the message
            counts from 1.
    """
    if not 1 <= len(wanted) <= MAX_AT_ONCE:
        raise InvalidRequestError(f"1 to {MAX_AT_ONCE} items are added at a time", param="items")
    found: list[tuple[NewItem, int]] = []
    for number, item in enumerate(wanted, 1):
        try:
            found.append(checked_item(item))
        except InvalidRequestError as error:
            raise InvalidRequestError(f"item {number}: {error.detail}", param="items") from error
    return found


def checked_item(item: NewItem) -> tuple[NewItem, int]:
    """Return ``item`` as it can be kept, and its size.

    Raises:
        InvalidRequestError: if it asks nothing, names a model or a person, or is too long.
    """
    if CONTENTS.isdisjoint(item.input):
        raise InvalidRequestError(
            "the input asks nothing: it has messages, input, prompt or query", param="input"
        )
    refused = sorted(_REFUSED & item.input.keys())
    if refused:
        raise InvalidRequestError(
            f"{', '.join(refused)} of a request is no part of an item", param="input"
        )
    endpoint = item.endpoint or _endpoint_for(item.input)
    if endpoint not in ENDPOINTS:
        raise InvalidRequestError(
            f"the endpoint is one of {', '.join(ENDPOINTS)}", param="endpoint"
        )
    source = item.source_request_id
    if source is not None and not _REQUEST_ID.fullmatch(source):
        raise InvalidRequestError("this is not the id of a request", param="source_request_id")
    asked = plain_json(item.input, longest=MAX_INPUT, param="input")
    expected = plain_json(item.expected, longest=MAX_EXPECTED, param="expected")
    _check_pairs(item.metadata)
    pairs = plain_json(item.metadata, longest=MAX_INPUT, param="metadata")
    plain = msgspec.structs.replace(
        item,
        endpoint=endpoint,
        input=asked.value,
        expected=expected.value,
        metadata=pairs.value,
    )
    return plain, asked.size + expected.size + pairs.size


def read_lines(data: bytes) -> Sequence[NewItem]:
    """Return the items of a file with one JSON object a line; empty lines are passed over.

    Members that an export has besides (ids, times) are passed over as well.

    Raises:
        InvalidRequestError: if a line is no item; the message counts from 1.
    """
    found: list[NewItem] = []
    for number, line in enumerate(data.split(b"\n"), 1):
        if not line.strip():
            continue
        if len(found) >= MAX_AT_ONCE:
            raise InvalidRequestError(
                f"a file has at most {MAX_AT_ONCE} items; send the rest in another", param="body"
            )
        try:
            found.append(read_line(line))
        except InvalidRequestError as error:
            raise InvalidRequestError(f"line {number} {error.detail}", param="body") from error
    return found


def read_line(line: bytes) -> NewItem:
    """Return the item of one line of a file.

    Raises:
        InvalidRequestError: if it is none.
    """
    try:
        return _line_decoder.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidRequestError(f"is no item: {error}", param="body") from error


def line_of(item: Item) -> bytes:
    """Return an item as a line of an export, which :func:`read_lines` reads."""
    return _encode(
        {
            "id": item.id,
            "endpoint": item.endpoint,
            "input": item.input,
            "expected": item.expected,
            "metadata": item.metadata,
            "source_request_id": item.source_request_id,
        }
    )


_line_decoder: Final = msgspec.json.Decoder(NewItem)
_encode: Final = msgspec.json.Encoder().encode


def _endpoint_for(body: Mapping[str, Any]) -> str:
    if "messages" in body:
        return "/v1/chat/completions"
    if "query" in body:
        return "/v1/rerank"
    return "/v1/completions" if "prompt" in body else "/v1/responses"


def _check_pairs(metadata: Mapping[str, str]) -> None:
    if len(metadata) > MAX_PAIRS:
        raise InvalidRequestError(f"metadata has at most {MAX_PAIRS} pairs", param="metadata")
    for name, value in metadata.items():
        if not 1 <= len(name) <= _LONGEST_KEY or len(value) > _LONGEST_VALUE:
            raise InvalidRequestError(
                f"in metadata a name has 1 to {_LONGEST_KEY} characters and a value at most"
                f" {_LONGEST_VALUE}",
                param="metadata",
            )
