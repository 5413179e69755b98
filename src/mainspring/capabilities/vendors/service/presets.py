"""Presets, and upstreams made from them."""

from collections.abc import Mapping
from functools import cache
from importlib import resources

from mainspring.capabilities.catalog.api import (
    UPSTREAM_READ,
    UPSTREAM_WRITE,
    CatalogService,
    Upstream,
)
from mainspring.capabilities.vendors.domain.presets import Draft, Preset, filled, read_presets
from mainspring.kernel.authorize import authorize
from mainspring.kernel.errors import InvalidRequestError
from mainspring.kernel.existing import existing
from mainspring.kernel.scope import PLATFORM_ORG, Scope
from mainspring.snapshot.resources import Timeouts


@cache
def shipped_presets() -> Mapping[str, Preset]:
    """Return the presets that come with this release.

    Raises:
        ValueError: if the file contradicts itself.
    """
    file = resources.files("mainspring.capabilities.vendors.domain").joinpath("presets.toml")
    return read_presets(file.read_text("utf-8"))


class PresetService:
    """What there is to choose from; the file is checked when this is made."""

    def __init__(
        self, catalog: CatalogService, presets: Mapping[str, Preset] | None = None
    ) -> None:
        self._catalog = catalog
        self._presets = shipped_presets() if presets is None else presets

    def list_presets(self, scope: Scope) -> list[Preset]:
        """Return every preset, in the order of the file."""
        authorize(scope, UPSTREAM_READ, org_id=PLATFORM_ORG)
        return list(self._presets.values())

    def draft(
        self,
        scope: Scope,
        preset_id: str,
        *,
        endpoint: str | None = None,
        values: Mapping[str, str] | None = None,
    ) -> Draft:
        """Return what a preset makes of an endpoint and values; nothing is kept.

        Raises:
            NotFoundError: if there is no such preset.
            InvalidRequestError: if the endpoint or a value does not fit.
        """
        authorize(scope, UPSTREAM_READ, org_id=PLATFORM_ORG)
        return filled(existing(self._presets.get(preset_id)), endpoint, values or {})

    async def create_upstream(
        self,
        scope: Scope,
        preset_id: str,
        *,
        name: str | None = None,
        endpoint: str | None = None,
        values: Mapping[str, str] | None = None,
        credential: str | None = None,
        max_connections: int = 256,
    ) -> Upstream:
        """Create an upstream as the preset says; without ``name`` it is called like the preset.

        Raises:
            NotFoundError: if there is no such preset.
            InvalidRequestError: if the endpoint or a value does not fit, or the credential that
                the vendor asks for is missing.
            ConflictError: if the name is taken.
        """
        authorize(scope, UPSTREAM_WRITE, org_id=PLATFORM_ORG)
        preset = existing(self._presets.get(preset_id))
        draft = filled(preset, endpoint, values or {})
        if preset.auth != "none" and preset.credential_required and not credential:
            hint = "" if preset.credential is None else f": {preset.credential.en}"
            raise InvalidRequestError(
                f"{preset.title.en} wants a credential{hint}", param="credential"
            )
        usual = Timeouts()
        return await self._catalog.create_upstream(
            scope,
            name=name or preset_id,
            base_url=draft.base_url,
            protocol=draft.protocol,
            credential=credential,
            credential_header=draft.credential_header,
            timeouts=Timeouts(
                first_byte_s=draft.first_byte_s or usual.first_byte_s,
                total_s=draft.total_s or usual.total_s,
            ),
            max_connections=max_connections,
            enforces_tool_choice=draft.enforces_tool_choice,
            sigv4_region=draft.sigv4_region,
        )
