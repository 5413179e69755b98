"""How the console looks: to assistive technology, on every screen, in both themes and languages."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.console.visitor import Language, Theme, Visit, Visitor

pytestmark = [
    pytest.mark.xdist_group("console"),
    pytest.mark.timeout(240),
    pytest.mark.usefixtures("inhabited"),
]

PAGES = ("/", "/playground", "/models", "/keys", "/nowhere")
DIALOGS = ("/keys?create=true",)
SIZES = ((390, 844), (1280, 860), (2560, 1400))
_AT_EASE = "document.getAnimations().every(one => one.playState !== 'running')"


def settle(visitor: Visitor) -> None:
    """Wait for the data and for whatever moves."""
    visitor.page.wait_for_load_state("load")
    expect(visitor.page.locator("[aria-busy=true], [data-loading]")).to_have_count(0)
    for _ in range(100):
        if visitor.page.evaluate(_AT_EASE):
            return
        visitor.page.wait_for_timeout(50)
    pytest.fail("something moves for more than 5 seconds")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(visit: Visit, theme: Theme, language: Language) -> None:
    found: list[str] = []
    inside = visit("/", theme=theme, language=language)
    organization = inside.call("GET", "/sessions/current")["organizations"][0]
    name = f"Empty {theme} {language}"
    empty = inside.call("POST", f"/organizations/{organization['id']}/projects", {"name": name})
    beginnings = (f"/?project={empty['id']}", f"/keys?project={empty['id']}")
    for path in (*PAGES, *DIALOGS, *beginnings):
        inside.go(path)
        settle(inside)
        found += inside.violations()
    inside.go("/")
    inside.page.keyboard.press("Control+k")
    inside.page.get_by_role("dialog").wait_for()
    settle(inside)
    found += inside.violations()
    outside = visit("/login", signed_in=False, theme=theme, language=language)
    for path in ("/login", "/setup"):
        outside.go(path)
        settle(outside)
        found += outside.violations()
    assert not found, "\n".join(found)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_a_phone(visit: Visit, theme: Theme) -> None:
    visitor = visit("/", theme=theme, language="zh", size=SIZES[0])
    settle(visitor)
    found = visitor.violations()
    visitor.page.get_by_role("button", name="打开导航").click()
    visitor.page.get_by_role("dialog").wait_for()
    settle(visitor)
    found += visitor.violations()
    assert not found, "\n".join(found)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("theme", "language"), [("light", "en"), ("dark", "zh")])
def test_no_page_is_wider_than_the_screen(
    visit: Visit,
    screenshots: Path,
    size: tuple[int, int],
    theme: Theme,
    language: Language,
) -> None:
    visitor = visit("/", size=size, theme=theme, language=language)
    for path in PAGES:
        visitor.go(path)
        settle(visitor)
        name = path.strip("/") or "home"
        visitor.page.screenshot(path=screenshots / f"{name}-{size[0]}-{theme}-{language}.png")
        wide = visitor.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wide, f"{path} is wider than {size[0]} pixels"
