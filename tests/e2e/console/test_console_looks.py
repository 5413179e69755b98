"""How the console looks: to assistive technology, on every screen, in both themes and languages."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.console.pictures import keep
from tests.e2e.console.visitor import DESKTOP, Language, Theme, Visit, Visitor

pytestmark = [
    pytest.mark.xdist_group("console"),
    pytest.mark.timeout(240),
    pytest.mark.usefixtures("inhabited"),
]

PAGES = {
    "use": (
        "/",
        "/requests",
        "/requests?show=records",
        "/sessions",
        "/traces/0123456789abcdef0123456789abcdef",
        "/usage",
        "/usage?by=project,model,key,operation",
        "/usage?report=forecast",
        "/usage?report=chargeback",
        "/usage?report=gpus&open=new",
        "/usage?report=idle",
        "/usage?report=reconciliation",
        "/playground",
        "/playground?play=embeddings",
        "/playground?play=rerank",
        "/catalog",
        "/access",
        "/access?view=grants",
        "/nowhere",
    ),
    "govern": (
        "/keys",
        "/keys?create=true",
        "/organization",
        "/people",
        "/people?view=groups",
        "/people?view=invitations",
        "/people?view=roles",
        "/people?view=explain",
        "/people?view=accounts",
        "/datasets",
        "/policies",
        "/policies?shows=effective",
        "/identity",
        "/identity?everywhere=true",
        "/identity?part=directory",
        "/identity?part=accounts",
        "/identity?part=issuers",
        "/changes",
        "/changes?pane=rules",
        "/emergencies",
        "/audit",
        "/account",
    ),
    "operate": (
        "/objectives",
        "/objectives?kiosk=1",
        "/objectives?face=alerts",
        "/alerts",
        "/alerts?section=channels",
        "/alerts?section=silences",
        "/models",
        "/models?make=true",
        "/upstreams",
        "/system",
        "/logs",
        "/explorer",
        "/explorer?operation=list_calls",
    ),
}
"""Every page by what people come to do; variants of a page are looked at on one screen only."""
LOOKS: tuple[tuple[Theme, Language], ...] = (("light", "en"), ("dark", "zh"))
"""Each theme and each language once: contrast is the theme's affair, words the language's."""
PHONE, WALL = (390, 844), (2560, 1400)
_AT_EASE = "document.getAnimations().every(one => one.playState !== 'running')"


def settle(visitor: Visitor) -> None:
    """Wait for the data and for whatever moves."""
    visitor.page.wait_for_load_state("load")
    loading = visitor.page.locator("[aria-busy=true], [data-loading]")
    expect(loading).to_have_count(0, timeout=30_000)
    for _ in range(100):
        if visitor.page.evaluate(_AT_EASE):
            return
        visitor.page.wait_for_timeout(50)
    pytest.fail("something moves for more than 5 seconds")


@pytest.mark.parametrize("area", PAGES)
@pytest.mark.parametrize(("theme", "language"), LOOKS)
def test_every_page_fits_every_screen_and_axe_finds_nothing(
    visit: Visit, screenshots: Path, theme: Theme, language: Language, area: str
) -> None:
    wrong: list[str] = []
    visitor = visit("/", theme=theme, language=language)
    visitor.refusals.add(404)
    for path in PAGES[area]:
        visitor.go(path)
        settle(visitor)
        wrong += visitor.violations()
        for size in (DESKTOP,) if "?" in path else (DESKTOP, PHONE, WALL):
            visitor.page.set_viewport_size({"width": size[0], "height": size[1]})
            settle(visitor)
            file = f"{name_of(path)}-{size[0]}-{theme}-{language}.png"
            visitor.page.screenshot(path=screenshots / file)
            if size == DESKTOP:
                keep(screenshots / file, path, language)
            if visitor.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wrong.append(f"{path} is wider than {size[0]} pixels")
        visitor.page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("theme", "language"), LOOKS)
def test_axe_finds_nothing_at_the_beginning_in_the_palette_and_outside(
    visit: Visit, theme: Theme, language: Language
) -> None:
    wrong: list[str] = []
    inside = visit("/", theme=theme, language=language)
    organization = inside.call("GET", "/sessions/current")["organizations"][0]
    name = f"Empty {theme} {language}"
    empty = inside.call("POST", f"/organizations/{organization['id']}/projects", {"name": name})
    for path in ("/", "/keys", "/requests"):
        inside.go(f"{path}?project={empty['id']}")
        settle(inside)
        wrong += inside.violations()
    inside.page.keyboard.press("Control+k")
    inside.page.get_by_role("dialog").wait_for()
    settle(inside)
    wrong += inside.violations()
    outside = visit("/login", signed_in=False, theme=theme, language=language)
    for path in ("/login", "/setup", "/invite"):
        outside.go(path)
        settle(outside)
        wrong += outside.violations()
    assert not wrong, "\n".join(wrong)


def name_of(path: str) -> str:
    """Return the name of a page's pictures."""
    words = path.partition("?")[0].strip("/").replace("/", "-") or "home"
    name, _, value = path.partition("?")[2].partition("=")
    return "-".join(filter(None, (words, name, value)))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_a_phone(visit: Visit, theme: Theme) -> None:
    visitor = visit("/", theme=theme, language="zh", size=PHONE)
    settle(visitor)
    found = visitor.violations()
    visitor.page.get_by_role("button", name="打开导航").click()
    visitor.page.get_by_role("dialog").wait_for()
    settle(visitor)
    found += visitor.violations()
    visitor.go("/requests")
    settle(visitor)
    found += visitor.violations()
    assert not found, "\n".join(found)
