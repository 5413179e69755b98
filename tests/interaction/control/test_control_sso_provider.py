"""Signing in by a real, certified OpenID provider, from the first redirect to the sign-out."""

from pathlib import Path
from urllib.parse import urlsplit

import httpx

from mainspring.app.control.wiring import Control
from tests.fixtures.control import Api, control_settings
from tests.fixtures.oidc import OidcProvider, sign_in

API = "/api/v1"
URL = "https://control.test"


async def test_a_person_signs_in_and_out_by_a_certified_provider(
    database_dsn: str, tmp_path: Path
) -> None:
    settings = control_settings(
        tmp_path / "home", database_dsn, public_url=URL, oidc_network="loopback"
    )
    control = Control(settings)
    await control.preparation.run()
    control.start()
    api = Api(control, tmp_path / "no-console")
    provider = OidcProvider()
    try:
        org_id, _ = await api.tenant("Certified")
        async with api.admin() as admin, api.client() as browser:
            browser.base_url = httpx.URL(URL)
            body = {
                "name": "certified",
                "issuer": provider.issuer,
                "client_id": "web",
                "client_secret": "web-secret",
                "allowed_domains": ["example.com"],
                "rules": [
                    {"role": "developer", "group": "engineering"},
                    {"role": "guest", "group": "nobody"},
                ],
            }
            made = await admin.post(f"{API}/organizations/{org_id}/identity-providers", json=body)
            assert made.status_code == 201, made.text
            provider.redirect_uris = (made.json()["redirect_uri"],)
            provider.after_logout = (f"{URL}/login",)
            await provider.start()
            check = await admin.post(f"{API}/identity-providers/{made.json()['id']}/check")
            assert check.json() == {"problem": None}

            async def enter(login: str) -> httpx.Response:
                ways = await browser.get(f"{API}/sso/ways", params={"email": "x@example.com"})
                begun = await browser.get(ways.json()["providers"][-1]["url"])
                async with httpx.AsyncClient(timeout=30) as pages:
                    returned = await sign_in(pages, begun.headers["location"], login)
                return await browser.get(returned)

            refused = await enter("bob")  # of other groups
            assert refused.headers["location"] == f"{URL}/login?error=sso_not_allowed"
            entered = await enter("ada")
            assert entered.headers["location"] == f"{URL}/"
            session = (await browser.get(f"{API}/sessions/current")).json()
            assert (session["user"]["name"], session["user"]["email"]) == (
                "Ada Lovelace",
                "ada@example.com",
            )
            models = await browser.get(f"{API}/organizations/{org_id}")
            assert models.status_code == 200

            signed_out = await browser.post(
                f"{API}/sso/sign-out", headers={"X-CSRF-Token": session["csrf_token"]}
            )
            assert (await browser.get(f"{API}/sessions/current")).status_code == 401
            farewell: str = signed_out.json()["url"]
            async with httpx.AsyncClient(timeout=30) as pages:
                page = await pages.get(farewell)
            assert page.status_code == 200, page.text
            assert urlsplit(farewell).path == "/session/end"
    finally:
        provider.stop()
        await control.close()
