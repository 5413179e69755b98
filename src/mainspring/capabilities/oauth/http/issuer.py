"""The platform as an OAuth2 issuer: its token endpoint, its metadata, its keys.

Paths and shapes are those of RFC 6749, RFC 8414 and RFC 7517; errors have RFC 6749's form.
"""

import base64
import binascii
from typing import Annotated, Any
from urllib.parse import parse_qsl, unquote_plus

from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse, Response

from mainspring.capabilities.oauth.api import (
    InvalidClientError,
    InvalidScopeError,
    TokenIssuing,
)
from mainspring.infra.web import provided
from mainspring.wire.scopes import SCOPES

standard_routes = APIRouter(include_in_schema=False)
Issuing = Annotated[TokenIssuing, Depends(provided(TokenIssuing))]

TOKEN_PATH = "/oauth2/token"  # noqa: S105 - a path
KEYS_PATH = "/.well-known/jwks.json"
_NOT_KEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}


@standard_routes.post(TOKEN_PATH)
async def token(request: Request, issuing: Issuing) -> Response:
    """Issue a token by client credentials (RFC 6749, section 4.4)."""
    body = await request.body()
    try:
        found = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=20)
    except ValueError:
        return _refused("invalid_request", "the body is not a form")
    fields = dict(found)
    if len(fields) != len(found):
        return _refused("invalid_request", "a parameter is there twice")
    if fields.get("grant_type") != "client_credentials":
        return _refused("unsupported_grant_type", "only client_credentials is supported")
    try:
        client_id, secret = _credentials(request, fields)
        issued = await issuing.issue(client_id, secret, fields.get("scope"))
    except InvalidClientError:
        return _refused("invalid_client", "the client or its secret is not valid", 401)
    except InvalidScopeError:
        return _refused("invalid_scope", "the client does not have all of these scopes")
    except ValueError as error:
        return _refused("invalid_request", str(error))
    return JSONResponse(
        {
            "access_token": issued.token,
            "token_type": "Bearer",
            "expires_in": issued.expires_in_s,
            "scope": " ".join(issued.scopes),
        },
        headers=_NOT_KEPT,
    )


@standard_routes.get("/.well-known/oauth-authorization-server")
async def metadata(issuing: Issuing) -> dict[str, Any]:
    """Tell what this issuer offers (RFC 8414)."""
    return {
        "issuer": issuing.issuer,
        "token_endpoint": issuing.issuer + TOKEN_PATH,
        "jwks_uri": issuing.issuer + KEYS_PATH,
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "scopes_supported": list(SCOPES),
    }


@standard_routes.get(KEYS_PATH)
async def keys(issuing: Issuing) -> Response:
    """Show the public keys that verify this issuer's tokens."""
    shown = {"keys": await issuing.published_keys()}
    return JSONResponse(shown, headers={"Cache-Control": "public, max-age=300"})


def _credentials(request: Request, fields: dict[str, str]) -> tuple[str, str]:
    """Return the client's id and secret, from the header or the form but not from both."""
    scheme, _, shown = request.headers.get("authorization", "").partition(" ")
    if not scheme:
        if "client_id" not in fields or "client_secret" not in fields:
            raise InvalidClientError
        return fields["client_id"], fields["client_secret"]
    if scheme.lower() != "basic":
        raise InvalidClientError
    if "client_secret" in fields:
        raise ValueError("the client shows its secret in two ways")
    try:
        client_id, colon, secret = base64.b64decode(shown, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise InvalidClientError from None
    if not colon:
        raise InvalidClientError
    return unquote_plus(client_id), unquote_plus(secret)


def _refused(error: str, description: str, status: int = 400) -> Response:
    headers = dict(_NOT_KEPT)
    if status == 401:
        headers["WWW-Authenticate"] = 'Basic realm="mainspring"'
    return JSONResponse({"error": error, "error_description": description}, status, headers)
