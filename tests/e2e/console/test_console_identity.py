"""Who vouches for people and machines: providers, a directory, service accounts, issuers."""

import re
import secrets
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.console.visitor import Visit, Visitor
from tests.fixtures.platform import CHAT_MODEL, Platform, eventually

pytestmark = [pytest.mark.xdist_group("console"), pytest.mark.timeout(240)]

_NOBODY = "https://127.0.0.1:1"
"""An address that answers nobody."""


def test_a_provider_is_added_with_its_mapping_and_checked(visit: Visit) -> None:
    page = visit("/identity").page
    name = f"corp-{secrets.token_hex(3)}"
    page.get_by_role("button", name="Add provider").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill(name)
    dialog.get_by_label("Issuer").fill(_NOBODY)
    dialog.get_by_label("E-mail domains").fill(f"{name}.example.com")
    dialog.get_by_label("Client id").fill("mainspring")
    dialog.get_by_label("Client secret").fill("a secret of the provider")
    dialog.get_by_role("button", name="Add a rule").click()
    dialog.get_by_label("Group of line 1").fill("engineering")
    dialog.get_by_label("Role of line 1").select_option("developer")
    dialog.get_by_role("button", name="Save").click()

    drawer = page.get_by_role("dialog").filter(has_text="Register this at the provider")
    expect(drawer).to_contain_text("/api/v1/sso/")
    expect(drawer.locator("[data-rule=developer]")).to_contain_text("engineering")
    assert "a secret of the provider" not in page.content()
    drawer.get_by_role("button", name="Check").click()
    expect(drawer.locator("[data-healthy=false]")).to_be_visible()
    drawer.get_by_role("button", name="Remove").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_role("row").filter(has_text=name)).to_have_count(0)


def test_a_directory_gets_a_token_that_is_shown_once_and_can_be_revoked(
    platform: Platform, visit: Visit
) -> None:
    page = visit("/identity?part=directory").page
    name = f"directory {secrets.token_hex(3)}"
    page.get_by_role("button", name="New directory token").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_role("button", name="New directory token").click()
    secret = dialog.locator("[data-secret]").inner_text()
    expect(dialog).to_contain_text("/scim/v2")

    def scim() -> int:
        answer = httpx.get(
            f"{platform.state().control_url}/scim/v2/Users",
            headers={"Authorization": f"Bearer {secret}"},
            trust_env=False,
        )
        return answer.status_code

    assert scim() == 200
    dialog.get_by_role("button", name="I have saved it").click()
    page.reload()
    expect(page.locator(f"[data-token='{name}']")).to_contain_text("Last used")
    assert secret not in page.content()
    page.get_by_role("button", name=f"Revoke {name}").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Revoke").click()
    expect(page.locator(f"[data-token='{name}']")).to_have_count(0)
    assert scim() == 401


def test_a_service_account_gets_tokens_until_it_is_suspended(
    platform: Platform, visit: Visit
) -> None:
    page = visit("/identity?part=accounts").page
    name = f"nightly-{secrets.token_hex(3)}"
    page.get_by_role("button", name="New service account").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_role("button", name="New service account").click()
    secret = dialog.locator("[data-secret]").inner_text()
    client_id = str(dialog.get_by_role("group").first.inner_text()).strip()

    def token() -> httpx.Response:
        return httpx.post(
            f"{platform.state().control_url}/oauth2/token",
            data={"grant_type": "client_credentials"},
            auth=(client_id, secret),
            trust_env=False,
        )

    client = platform.openai().with_options(api_key=token().json()["access_token"])
    eventually(
        lambda: CHAT_MODEL in {model.id for model in client.models.list()},
        within_s=10,
        what="the gateway knows the account",
    )
    dialog.get_by_role("button", name="I have saved it").click()

    page.get_by_role("row").filter(has_text=name).get_by_role("button").click()
    drawer = page.get_by_role("dialog").filter(has_text=name)
    drawer.get_by_role("button", name="New secret").click()
    page.get_by_role("alertdialog").get_by_role("button", name="New secret").click()
    expect(page.locator("[data-secret]")).not_to_have_text(secret)
    page.get_by_role("button", name="I have saved it").click()
    expect(drawer.locator("[data-account-secret]")).to_have_count(2)
    drawer.get_by_role("button", name="Suspend").click()
    expect(drawer.get_by_role("button", name="Resume")).to_be_visible()
    assert token().status_code == 401
    drawer.get_by_role("button", name="Remove").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_role("row").filter(has_text=name)).to_have_count(0)


def test_an_account_whose_owner_left_is_found_and_handed_over(
    visit: Visit, colleague: dict[str, Any]
) -> None:
    visitor = visit("/")
    organization = visitor.call("GET", "/sessions/current")["organizations"][0]
    place, name = f"/organizations/{organization['id']}", f"orphan-{secrets.token_hex(3)}"
    leaver = visitor.call(
        "POST",
        "/users",
        {
            "email": f"{name}@example.com",
            "name": "Grace Hopper",
            "password": secrets.token_urlsafe(),
        },
    )
    visitor.call("PUT", f"{place}/members/{leaver['id']}", {"role": "guest"})
    account = visitor.call(
        "POST",
        f"{place}/service-accounts",
        {"name": name, "project_ids": [organization["projects"][0]["id"]]},
    )
    visitor.call("PATCH", f"/service-accounts/{account['id']}", {"owner_id": leaver["id"]})
    visitor.call("POST", f"/users/{leaver['id']}/disable")
    visitor.go("/identity?part=accounts")
    page = visitor.page
    page.get_by_label("Which accounts").select_option("left")
    expect(page).to_have_url(re.compile("left=true"))
    row = page.get_by_role("row").filter(has_text=name)
    expect(row).to_contain_text("Owner has left")
    row.get_by_role("button").click()
    drawer = page.get_by_role("dialog").filter(has_text=account["id"])
    expect(drawer.locator("[data-owner-left]")).to_contain_text("Grace Hopper")
    drawer.get_by_role("button", name="Hand over").click()
    dialog = page.get_by_role("dialog").filter(has_text="answers for it. Its secrets")
    dialog.get_by_label("Owner").select_option(label=f"Mary Somerville ({colleague['email']})")
    dialog.get_by_role("button", name="Hand over").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(row).to_have_count(0)
    page.get_by_label("Which accounts").select_option("")
    expect(row).to_contain_text("Mary Somerville")
    visitor.call("DELETE", f"/service-accounts/{account['id']}")


def test_an_issuer_without_keys_says_so(visit: Visit) -> None:
    page = visit("/identity?part=issuers").page
    name = f"issuer-{secrets.token_hex(3)}"
    page.get_by_role("button", name="Add issuer").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill(name)
    dialog.get_by_label("Issuer").fill(_NOBODY)
    dialog.get_by_label("Audience").fill("mainspring")
    dialog.get_by_role("button", name="Save").click()
    drawer = page.get_by_role("dialog").filter(has_text=name)
    expect(drawer).to_contain_text("every bearer")
    drawer.get_by_role("button", name="Fetch keys").click()
    expect(drawer).to_contain_text("not to be had")
    drawer.get_by_role("button", name="Remove").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_role("row").filter(has_text=name)).to_have_count(0)


def test_a_developer_does_not_see_it_and_is_told_why(
    platform: Platform, browser: Browser, colleague: dict[str, Any]
) -> None:
    with Visitor(browser, platform, state=colleague["state"]) as mary:
        mary.go("/identity?part=accounts")
        navigation = mary.page.get_by_role("navigation", name="Navigation")
        expect(navigation.get_by_role("link", name=re.compile("Identity"))).to_have_count(0)
        reason = mary.page.locator("[data-missing='service_account:read']")
        expect(reason.first).to_contain_text("service_account:read")
