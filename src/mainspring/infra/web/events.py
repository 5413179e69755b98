"""Streams of server-sent events as the OpenAPI document describes them."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel

FIELD: Final = "x-events"
"""The extension of a ``text/event-stream`` body: the data of each kind of event, by its name."""


def event_stream(
    description: str, events: Mapping[str, type[BaseModel]]
) -> dict[int | str, dict[str, Any]]:
    """Return the ``responses`` of a route that answers with ``events``.

    Each is the model of another route's answer too, so that the document has its schema.
    """
    kinds = {
        name: {"$ref": f"#/components/schemas/{model.__name__}"} for name, model in events.items()
    }
    body = {"schema": {"type": "string"}, FIELD: kinds}
    return {200: {"description": description, "content": {"text/event-stream": body}}}
