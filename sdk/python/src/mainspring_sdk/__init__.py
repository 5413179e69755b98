"""The typed client of Mainspring's control plane.

    from mainspring_sdk import Mainspring

    with Mainspring() as client:
        for organization in client.organizations.list():
            print(organization.name)

May enter: what a program needs to manage a platform from afar. Must never know the platform's own
package: this one stands alone. ``models``, ``resources`` and ``errors`` are generated from the
OpenAPI document; the modules with an underscore are written by hand and nobody's to import.
"""

from msgspec import UNSET, UnsetType

from mainspring_sdk._answers import AsyncDownload, Download, RawResponse
from mainspring_sdk._calls import FileInput
from mainspring_sdk._client import AsyncMainspring, Mainspring
from mainspring_sdk._events import AsyncEventStream, EventStream, ServerSentEvent
from mainspring_sdk._models import Model, etag_of
from mainspring_sdk._paging import AsyncPage, AsyncPages, Page
from mainspring_sdk._retries import RetryPolicy
from mainspring_sdk.errors import (
    ApiError,
    ConfigurationError,
    ConnectionFailedError,
    MainspringError,
    TimedOutError,
    UnexpectedAnswerError,
)

__all__ = [
    "UNSET",
    "ApiError",
    "AsyncDownload",
    "AsyncEventStream",
    "AsyncMainspring",
    "AsyncPage",
    "AsyncPages",
    "ConfigurationError",
    "ConnectionFailedError",
    "Download",
    "EventStream",
    "FileInput",
    "Mainspring",
    "MainspringError",
    "Model",
    "Page",
    "RawResponse",
    "RetryPolicy",
    "ServerSentEvent",
    "TimedOutError",
    "UnexpectedAnswerError",
    "UnsetType",
    "etag_of",
]
