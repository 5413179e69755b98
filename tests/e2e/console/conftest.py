"""The console on the real platform: one platform, one browser and one administrator for all.

* ``platform``: a running platform of this suite's own, with the real local models.
* ``administrator``: the account that the one-time link made, as a signed-in browser's state.
* ``inhabited``: the platform once its default project has calls to show.
* ``colleague``: a developer of the default project, signed in.
* ``visit``: opens the console in a fresh browser context; at its end nothing may have gone wrong.
"""

import json
import secrets
import shutil
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from openai.types.chat import ChatCompletionMessageParam
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.console.visitor import (
    DESKTOP,
    EMAIL,
    NAME,
    PASSWORD,
    Language,
    Theme,
    Visit,
    Visitor,
)
from tests.fixtures.platform import (
    CHAT_MODEL,
    EMBEDDING_MODEL,
    Platform,
    eventually,
    new_platform,
)

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_BROWSER_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="package")
def platform() -> Generator[Platform]:
    """Start a platform for the console alone: its set-up link is used here, and only here."""
    with new_platform() as running:
        running.up()
        yield running


@pytest.fixture(scope="package")
def browser() -> Generator[Browser]:
    """Start the machine's Chromium, for this package alone.

    Playwright keeps an event loop running in the main thread while it is open, and no other test
    could then run one of its own.
    """
    executable = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if executable is None:
        pytest.fail(f"the console's tests need one of {', '.join(_BROWSERS)} on the PATH")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=_BROWSER_OPTIONS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def administrator(platform: Platform, browser: Browser) -> dict[str, Any]:
    """Become the first administrator by the one-time link, as a person does."""
    link = (platform.home / "setup-link").read_text("utf-8").strip()
    with Visitor(browser, platform) as visitor:
        page = visitor.page
        page.goto(link)
        page.get_by_label("Your name").fill(NAME)
        page.get_by_label("Email").fill(EMAIL)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        assert "token" not in page.url, "the one-time token stays in no history"
        page.get_by_role("button", name="Create account and begin").click()
        page.get_by_role("heading", name="Home", exact=True).wait_for()
        visitor.see_live()
        state = json.loads(json.dumps(visitor.context.storage_state()))
    return {"link": link, "state": state}


@pytest.fixture(scope="package")
def inhabited(platform: Platform) -> Platform:
    """See to it that the default project has calls to show: streamed, whole, and of vectors."""
    client = platform.openai()
    client.embeddings.create(model=EMBEDDING_MODEL, input="a watch")
    question: list[ChatCompletionMessageParam] = [{"role": "user", "content": "Hi."}]
    client.chat.completions.create(model=CHAT_MODEL, max_tokens=8, messages=question)
    with client.chat.completions.create(
        model=CHAT_MODEL, max_tokens=8, messages=question, stream=True
    ) as chunks:
        assert list(chunks)
    eventually(
        lambda: len(platform.recorded_requests()) >= 3,
        within_s=20,
        what="the calls are in the ledger",
    )
    return platform


@pytest.fixture(scope="package")
def colleague(
    platform: Platform, browser: Browser, administrator: dict[str, Any]
) -> dict[str, Any]:
    """Invite a developer of the first project, who is signed in: her state, and where she is."""
    email = f"mary-{secrets.token_hex(4)}@example.com"
    with Visitor(browser, platform, state=administrator["state"]) as visitor:
        organization = visitor.call("GET", "/sessions/current")["organizations"][0]
        project = organization["projects"][0]["id"]
        offer = visitor.call(
            "POST",
            f"/organizations/{organization['id']}/invitations",
            {
                "email": email,
                "role": "guest",
                "days": 1,
                "project_id": project,
                "project_role": "developer",
            },
        )
    with Visitor(browser, platform) as visitor:
        page = visitor.page
        page.goto(offer["link"])
        page.get_by_label("Your name").fill("Mary Somerville")
        page.get_by_label("Password", exact=True).fill("quiet orchard behind fog 58")
        page.get_by_role("button", name="Create account and join").click()
        page.get_by_role("heading", name="Home", exact=True).wait_for()
        state = visitor.context.storage_state()
    return {"email": email, "org": organization["id"], "project": project, "state": state}


@pytest.fixture
def visit(platform: Platform, browser: Browser, administrator: dict[str, Any]) -> Generator[Visit]:
    """Open the console; by default signed in, in English, on a light desktop screen."""
    visitors: list[Visitor] = []

    def open_console(
        path: str = "/",
        *,
        signed_in: bool = True,
        language: Language = "en",
        theme: Theme = "light",
        size: tuple[int, int] = DESKTOP,
    ) -> Visitor:
        state = administrator["state"] if signed_in else None
        visitor = Visitor(browser, platform, state=state, language=language, theme=theme, size=size)
        visitors.append(visitor)
        visitor.go(path)
        return visitor

    yield open_console
    for visitor in visitors:
        visitor.leave()


@pytest.fixture(scope="package")
def screenshots() -> Path:
    """Return the folder that keeps pictures for the eye."""
    folder = Path(__file__).parents[3] / "test-results" / "console"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
