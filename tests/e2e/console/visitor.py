"""A person at the console: a browser context that notices whatever goes wrong on the way."""

import re
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Protocol, Self
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

from tests.fixtures.platform import Platform

EMAIL = "ada@example.com"
NAME = "Ada Lovelace"
PASSWORD = "copper kettle under rain 42"

Theme = Literal["light", "dark"]
Language = Literal["en", "zh"]

DESKTOP = (1280, 860)

_LOCALES = {"en": "en-GB", "zh": "zh-CN"}
_AXE = Path(__file__).parents[3] / "console" / "node_modules" / "axe-core" / "axe.min.js"
_AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_EXPECTED_FAILURE = re.compile(r"the server responded with a status of (?P<status>\d+)")


class Visit(Protocol):
    """Opens the console in a fresh browser context."""

    def __call__(
        self,
        path: str = "/",
        *,
        signed_in: bool = True,
        language: Language = "en",
        theme: Theme = "light",
        size: tuple[int, int] = DESKTOP,
    ) -> "Visitor":
        """Open ``path`` and wait until it stands."""
        ...


class Visitor:
    """One browser context; :meth:`leave` fails if the console erred or called somebody else."""

    def __init__(
        self,
        browser: Browser,
        platform: Platform,
        *,
        state: dict[str, Any] | None = None,
        language: Language = "en",
        theme: Theme = "light",
        size: tuple[int, int] = DESKTOP,
    ) -> None:
        self.url = str(platform.state().control_url)
        self.context = browser.new_context(
            base_url=self.url,
            storage_state=state,  # pyright: ignore[reportArgumentType] - what storage_state() gave
            locale=_LOCALES[language],
            timezone_id="Europe/Berlin",
            color_scheme=theme,
            reduced_motion="reduce",
            viewport={"width": size[0], "height": size[1]},
        )
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.new_page()
        self.refusals: set[int] = set()
        """Statuses that this visit provokes on purpose."""
        self._wrong: list[str] = []
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self._wrong.append(f"uncaught: {error}"))
        self.page.on("request", self._on_request)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"}:
            return
        failed = _EXPECTED_FAILURE.search(message.text)
        if failed and int(failed["status"]) in self.refusals:
            return
        if "net::ERR_INTERNET_DISCONNECTED" in message.text:
            return
        self._wrong.append(f"{message.type}: {message.text}")

    def _on_request(self, request: Request) -> None:
        if urlsplit(request.url).netloc != urlsplit(self.url).netloc:
            self._wrong.append(f"a request to somebody else: {request.url}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is None:
            self.leave()
        else:
            self.context.close()

    def leave(self) -> None:
        """Close the browser context.

        Raises:
            AssertionError: if anything was wrong on the way.
        """
        self.context.close()
        assert not self._wrong, "\n".join(self._wrong)

    def go(self, path: str) -> None:
        """Open a page and wait until it stands."""
        self.page.goto(path)
        self.page.locator("h1").first.wait_for(state="attached")

    def see_live(self) -> None:
        """Wait until the page follows the platform."""
        expect(self.page.locator("[data-live=live]")).to_be_attached()

    def violations(self) -> list[str]:
        """Return what axe finds on the page as it stands now."""
        self.page.evaluate(_AXE.read_text("utf-8"))
        found: Mapping[str, Any] = self.page.evaluate(
            "tags => axe.run(document, { runOnly: tags, resultTypes: ['violations'] })", _AXE_TAGS
        )
        return [
            f"{self.page.url} {each['id']}: {each['help']}: {node['target']} {node['html'][:160]}"
            f" {node['failureSummary'][:300]}"
            for each in found["violations"]
            for node in each["nodes"]
        ]

    def call(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """Call the API with this browser's session, as the console would."""
        cookies = {each.get("name"): each.get("value") for each in self.context.cookies()}
        answer = httpx.request(
            method,
            f"{self.url}/api/v1{path}",
            json=body,
            cookies={str(name): str(value) for name, value in cookies.items()},
            headers={"X-CSRF-Token": str(cookies.get("mainspring_csrf", ""))},
            trust_env=False,
        )
        answer.raise_for_status()
        return answer.json() if answer.content else {}
