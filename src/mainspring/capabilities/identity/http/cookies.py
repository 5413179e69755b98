"""The two cookies of the console."""

from fastapi import Request, Response

from mainspring.capabilities.identity.api import OpenedSession

SESSION_COOKIE = "mainspring_session"
"""Holds the session's secret; scripts in the page cannot read it."""

CSRF_COOKIE = "mainspring_csrf"
"""Holds what the console repeats in ``X-CSRF-Token``; scripts in the page must read it."""


def put_cookies(request: Request, response: Response, opened: OpenedSession) -> None:
    """Sign this browser in."""
    secure = request.url.scheme == "https"
    for name, value, hidden in (
        (SESSION_COOKIE, opened.secret, True),
        (CSRF_COOKIE, opened.csrf_token, False),
    ):
        response.set_cookie(
            name,
            value,
            expires=opened.session.expires_at,
            httponly=hidden,
            secure=secure,
            samesite="lax",
        )


def drop_cookies(response: Response) -> None:
    """Make this browser forget."""
    response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="lax")
    response.delete_cookie(CSRF_COOKIE, samesite="lax")
