"""Hatchling's hook: a wheel without the console is not built.

The console is compiled by ``make setup`` (or ``make console``) into the package; an editable
install serves it from there whenever it appears and therefore does not need it yet.
"""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CONSOLE_INDEX = Path("src/mainspring/app/console_static/index.html")


class ConsoleHook(BuildHookInterface[Any]):
    """Refuses to build a wheel from a tree whose console was not built."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        """Check the tree before a wheel of the given ``version`` (standard or editable) is built.

        Raises:
            FileNotFoundError: if the console is missing.
        """
        if version == "editable":
            return
        index = Path(self.root) / CONSOLE_INDEX
        if not index.is_file():
            raise FileNotFoundError(
                f"{CONSOLE_INDEX} is missing: run `make console` before building a wheel"
            )
