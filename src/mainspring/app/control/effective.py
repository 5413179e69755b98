"""The settings in force, over the API."""

from collections.abc import Mapping
from typing import Literal

from fastapi import APIRouter
from pydantic import Field

from mainspring.app.effective import effective_settings
from mainspring.capabilities.fleet.api import SYSTEM_READ
from mainspring.infra.web import (
    CurrentScope,
    View,
    WholePageParams,
    needs,
    page_of_all,
    problems,
)
from mainspring.kernel.authorize import authorize
from mainspring.kernel.errors import PermissionDeniedError, SignInRequiredError
from mainspring.kernel.scope import PLATFORM_ORG


class SettingView(View):
    """One setting as the process that answers has it."""

    name: str = Field(examples=["MAINSPRING_LOG_LEVEL"])
    parts: list[str] = Field(description="Which parts read it.", examples=[["process"]])
    meaning: str
    meaning_zh: str
    value: str | None = Field(
        description="What holds; of a secret only that it is set, of a URL only where it leads."
    )
    default: str | None
    source: Literal["environment", "default", "unset"]


class SettingList(View):
    """Settings, by name."""

    items: list[SettingView]
    next_cursor: str | None


def setting_routes(environ: Mapping[str, str]) -> APIRouter:
    """Return the route that shows the settings of ``environ``."""
    router = APIRouter(
        tags=["system"], responses=problems(SignInRequiredError, PermissionDeniedError)
    )

    @router.get("/system/settings", operation_id="list_settings", openapi_extra=needs(SYSTEM_READ))
    async def list_settings(scope: CurrentScope, page: WholePageParams) -> SettingList:
        """List the settings of the process that answers, and where each comes from.

        The parts that `mainspring up` starts all have the same.
        """
        authorize(scope, SYSTEM_READ, org_id=PLATFORM_ORG)
        found = page_of_all(effective_settings(environ), page, lambda setting: setting.name)
        return SettingList.model_validate(found)

    _ = list_settings
    return router
