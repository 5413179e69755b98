"""Upstreams that a preset describes: control knows the presets, and fills them in."""

from typing import Any

import msgspec

from mainspring.app.cli.applying.documents import Located, Problem, UpstreamDocument
from mainspring.app.cli.connection import ControlClient
from mainspring.app.cli.output import CommandError

_FIELDS = (
    "base_url",
    "protocol",
    "credential_header",
    "enforces_tool_choice",
    "sigv4_region",
)
_TIMEOUTS = ("first_byte_s", "total_s")


class FilledIn(msgspec.Struct, frozen=True):
    """What a preset says of an upstream; both are empty where there is none."""

    fields: dict[str, Any] = {}
    timeouts: dict[str, Any] = {}


def filled_in(client: ControlClient, item: Located[UpstreamDocument]) -> FilledIn | Problem:
    """Return what the document's preset makes of its choices, or why it makes nothing."""
    document = item.document
    if document.preset is None:
        return FilledIn()
    choices = {"endpoint": document.endpoint, "values": document.values}
    try:
        draft = client.post(f"/upstream-presets/{document.preset}/draft", choices)
    except CommandError as error:
        return item.problem("preset", error.message)
    return FilledIn(
        {field: draft[field] for field in _FIELDS},
        {field: draft[field] for field in _TIMEOUTS if draft[field] is not None},
    )
