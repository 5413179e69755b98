"""One running platform for the whole package, and data directories of a module's own."""

from collections.abc import Generator

import pytest

from tests.fixtures.platform import Platform, new_platform


@pytest.fixture(scope="package")
def first_start() -> Generator[tuple[Platform, str]]:
    """A platform that was started on an empty directory, and what its start printed."""
    with new_platform() as platform:
        yield platform, platform.up().stdout


@pytest.fixture(scope="package")
def platform(first_start: tuple[Platform, str]) -> Platform:
    """The package's platform; whoever disturbs it leaves it ready again."""
    return first_start[0]


@pytest.fixture(scope="module")
def stopped() -> Generator[Platform]:
    """A platform of this module's own, whose database was made and which does not run."""
    with new_platform() as platform:
        platform.up()
        platform.down()
        yield platform
