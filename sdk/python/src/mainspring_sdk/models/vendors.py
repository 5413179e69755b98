"""Objects of the API's part `vendors`.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from __future__ import annotations

from datetime import datetime

from mainspring_sdk._models import Model


class InBothLanguages(Model, frozen=True, kw_only=True):
    """A text for people."""

    en: str
    zh: str


class MainspringCapabilitiesVendorsHttpFindingView(Model, frozen=True, kw_only=True):
    """How one step ended."""

    step: str
    """One of `address`, `dns`, `connect`, `tls`, `auth`, `models`, `call`."""
    outcome: str
    """One of `passed`, `warning`, `failed`, `skipped`."""
    code: str
    ms: int
    detail: str
    advice: InBothLanguages | None
    """What to do now."""


class ConnectionTestResult(Model, frozen=True, kw_only=True):
    """A test, step by step; a step that is missing was not come to."""

    ok: bool
    """No step failed."""
    findings: list[MainspringCapabilitiesVendorsHttpFindingView]
    models: list[str]
    """From the server's list, at most 200."""
    models_total: int | None
    ms: int


class PresetEndpoint(Model, frozen=True, kw_only=True):
    """One of a vendor's addresses; `{…}` stands for a variable."""

    name: str
    title: InBothLanguages
    base_url: str
    region: str | None


class PresetUpstream(Model, frozen=True, kw_only=True):
    """The upstream that was made; `GET /upstreams/{id}` tells the rest."""

    id: str
    name: str
    base_url: str
    protocol: str
    has_credential: bool
    created_at: datetime


class PresetVariable(Model, frozen=True, kw_only=True):
    """A part of an address that only you know."""

    name: str
    title: InBothLanguages
    example: str
    pattern: str
    default: str | None


class PresetView(Model, frozen=True, kw_only=True):
    """What is known of a vendor or of a kind of server."""

    id: str
    title: InBothLanguages
    kind: str
    """One of `vendor`, `server`."""
    protocol: str
    auth: str
    """One of `bearer`, `header`, `sigv4`, `none`."""
    credential_header: str | None
    credential: InBothLanguages | None
    """What to paste as the credential."""
    credential_required: bool
    endpoints: list[PresetEndpoint]
    """The usual one first."""
    variables: list[PresetVariable]
    models_path: str | None
    """The route of its list of models."""
    sigv4_region: str | None
    enforces_tool_choice: bool
    notes: InBothLanguages
    docs: str
    """The vendor's own page."""
    checked: str
    """When this was last compared with that page."""


class UpstreamDraft(Model, frozen=True, kw_only=True):
    """Fields of an upstream, for you to change before you create it."""

    base_url: str
    protocol: str
    credential_header: str | None
    sigv4_region: str | None
    enforces_tool_choice: bool
    first_byte_s: float | None
    """`null`: the usual time; likewise `total_s`."""
    total_s: float | None
    region: str | None
    """For the targets of models."""
