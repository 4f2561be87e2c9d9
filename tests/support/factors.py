"""Second factors without a phone."""

import re
import time

from allauth.core import context
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import RequestFactory

from apps.accounts.models import User
from tests.support.browser import Browser

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def give_app(user: User, secret: str = SECRET) -> None:
    """Have somebody an authenticator app with this secret."""
    with context.request_context(RequestFactory().get("/")):
        TOTP.activate(user, secret)


def code_now(secret: str = SECRET, steps: int = 0) -> str:
    """What their app shows, so many periods from now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def set_up_app(browser: Browser) -> str:
    """Set up an authenticator app as its page says, and tell its secret."""
    page = browser.get("/account/factors/app/").content.decode()
    found = re.search(r'account-secret">([A-Z2-7 ]+)<', page)
    assert found, page
    secret = found[1].replace(" ", "")
    answer = browser.post("/account/factors/app/", {"code": code_now(secret)})
    assert answer.status_code == 302, answer.content.decode()
    return secret
