"""One control plane for all tests of vendors: what they make bears names of their own."""

from collections.abc import AsyncGenerator

import httpx
import pytest
import pytest_asyncio

from mainspring.app.control.wiring import Control
from tests.fixtures.control import Api, control_settings


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def control(
    module_database_dsn: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Control]:
    """Return a prepared control plane that the module's tests share."""
    home = tmp_path_factory.mktemp("vendors") / "home"
    built = Control(control_settings(home, module_database_dsn))
    await built.preparation.run()
    yield built
    await built.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def api(control: Control, tmp_path_factory: pytest.TempPathFactory) -> Api:
    """Return the API of ``control``."""
    return Api(control, tmp_path_factory.mktemp("no-console"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def admin(api: Api) -> AsyncGenerator[httpx.AsyncClient]:
    """Return a client of the API with the local administrator's token."""
    async with api.admin() as client:
        yield client
