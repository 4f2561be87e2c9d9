"""Signing in at the small provider of `openid_provider`, without a browser."""

from typing import Any

from apps.accounts import actions
from apps.accounts.models import OpenIDProvider, User
from tests.support.browser import Browser
from tests.support.openid_provider import CLIENT, SECRET, Provider

BEGIN, BACK = "/signin/openid/", "/signin/openid/callback/"


def set_up(provider: Provider, *, actor: User | None = None, **fields: Any) -> OpenIDProvider:
    row = OpenIDProvider.load()
    row.is_on, row.label, row.issuer, row.client_id = True, "Sign in with Acme", provider.issuer, CLIENT
    for name, value in fields.items():
        setattr(row, name, value)
    return actions.openid_provider_save(provider=row, secret=SECRET, actor=actor)


def says(provider: Provider, user: User, **claims: Any) -> None:
    provider.claims = {"sub": f"subject of {user.email}", "email": user.email, "email_verified": True, **claims}


def sign_in(provider: Provider, browser: Browser | None = None, wanted: str = "", **extra: Any) -> tuple[Browser, Any]:
    browser = browser or Browser("acme.localhost")
    begun = browser.get(BEGIN, data={"next": wanted})
    return browser, browser.get(f"{BACK}?{provider.authorize(begun['Location'])}", **extra)


def is_in(browser: Browser) -> bool:
    return "_auth_user_id" in browser.client.session
