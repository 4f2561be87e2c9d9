"""Who is guessing: what failed sign-ins are counted by, and for whom that counts (TEN-6).

| counted by | how many | for whom |
| --- | --- | --- |
| account and device | 8 in 15 minutes | a browser that has signed in to this account before |
| account and network (axes) | 8, then 15 minutes | everybody else |
| network | 20 in an hour | everybody else |
| wider network | 60 in an hour | networks that nobody signed in from to this account |
| account | 30 in an hour | networks that nobody signed in from to this account |
| account | 8 in 15 minutes | who is signed in and confirms that it is them: by password, code or key |
| account and device | 8 in 15 minutes | second factors, from a browser that has signed in to this account before |
| account | 10 in an hour | second factors, from everybody else whose password was right |
| network | 60 in an hour | passkeys |
| network | 60 in an hour | answers of a provider that sign nobody in |
| network | 20 in an hour | links for a new password that are asked for |
| account | 3 in an hour | the same, to one account |
| account | 5 in an hour | links to new addresses, by whoever is signed in |

So nobody locks a stranger out: whoever guesses at an account uses up what is left for places that it does not know. A
known browser is one with our signed cookie (the device cookies of OWASP), a known network one of the account's sign-ins
of late.
"""

import secrets
from datetime import timedelta
from typing import Any, Final

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username
from axes.models import AccessLog
from django.conf import settings
from django.core import signing
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from apps.accounts.models import User
from apps.core.client_addresses import SITE_PREFIX, client_address, client_network
from apps.core.errors import DomainError
from apps.core.limits import Limit, limit_give_back, limit_take

BY_DEVICE = Limit("signin.device", 8, 900)
BY_NETWORK = Limit("signin.network", 20, 3600)
BY_WIDE_NETWORK = Limit("signin.wide-network", 60, 3600)
BY_ACCOUNT = Limit("signin.account", 30, 3600)
BY_OLD_PASSWORD = Limit("password.old", 8, 900)
BY_FACTOR_DEVICE = Limit("factor.device", 8, 900)
BY_FACTOR = Limit("factor.account", 10, 3600)
BY_PASSKEY = Limit("passkey.network", 60, 3600)
BY_PROVIDER = Limit("openid.network", 60, 3600)
RESET_BY_NETWORK = Limit("reset.network", 20, 3600)
RESET_BY_ACCOUNT = Limit("reset.account", 3, 3600)
EMAIL_BY_ACCOUNT = Limit("email.account", 5, 3600)

COOKIE: Final = "parley_device"
COOKIE_SECONDS: Final = 365 * 86_400
ACCOUNTS: Final = 10
"""How many accounts one browser is known to: people share machines."""
KNOWN_FOR: Final = timedelta(days=90)
"""How long a network is known after a sign-in."""
SALT: Final = "accounts.device"


def axes_username(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """The email as an account knows it: another spelling of the same address is no fresh start."""
    value = (credentials or {}).get("username") or request.POST.get("username", "")
    return str(value).strip().lower()[:254]


def axes_client_network(request: HttpRequest) -> str | None:
    """What axes takes for the address: all of an IPv6 line or machine is one."""
    address = client_address(request)
    return client_network(address) or address or None


class SignInLimitHandler(AxesDatabaseHandler):  # type: ignore[misc]
    """Axes, with slower limits beside its own, and with an exception for those who are known."""

    def is_allowed(self, request: Any, credentials: dict[str, Any] | None = None) -> bool:
        """Whether this attempt may be made; it counts as failed until it has succeeded."""
        account = _account_key(get_client_username(request, credentials))
        request.device = _device(request, account)
        if not request.device and not super().is_allowed(request, credentials):
            return False
        request.taken = []
        try:
            for limit, who in _limits(request, account, credentials):
                request.taken.append((limit, limit_take(limit, who)))
        except DomainError as refused:
            request.pause = timedelta(seconds=refused.extra["retry_after"])
            guesses_forgive(request)
            return False
        return True

    def user_login_failed(
        self, sender: object, credentials: dict[str, Any], request: Any = None, **options: Any
    ) -> None:
        """Note it by account and network, unless the browser is known: then it is counted already."""
        if request is not None and request.axes_locked_out:
            request.axes_credentials = credentials
        elif not getattr(request, "device", ""):
            super().user_login_failed(sender, credentials, request, **options)

    def user_logged_in(self, sender: object, request: Any, user: Any, **options: Any) -> None:
        """Note from where, and that it was no guess."""
        super().user_logged_in(sender, request, user, **options)
        guesses_forgive(request)


def _limits(request: Any, account: str, credentials: dict[str, Any] | None) -> list[tuple[Limit, str]]:
    """What an attempt is counted by."""
    if request.device:
        return [(BY_DEVICE, f"{request.device}.{account}")]
    limits = [(BY_NETWORK, client_network(client_address(request)))]
    since = timezone.now() - KNOWN_FOR
    log = AccessLog.objects.filter(ip_address=request.axes_ip_address, attempt_time__gte=since)
    if log.filter(username__iexact=get_client_username(request, credentials)).exists():
        return limits
    return [*limits, (BY_WIDE_NETWORK, client_network(client_address(request), SITE_PREFIX)), (BY_ACCOUNT, account)]


def guesses_forgive(request: Any) -> None:
    """Take back what this attempt was counted by: the password was right, whatever is asked next."""
    for limit, key in getattr(request, "taken", []):
        limit_give_back(limit, key)
    request.taken = []


# --- Second factors


def factor_limit(request: HttpRequest, user: User) -> tuple[Limit, str]:
    """What a second factor is counted by. Who has only the password uses up what is left for strange browsers."""
    account = _account_key(user.email.strip().lower())
    if device := _device(request, account):
        return BY_FACTOR_DEVICE, f"{device}.{account}"
    return BY_FACTOR, account


def passkey_limit(request: HttpRequest) -> tuple[Limit, str]:
    """What a passkey is counted by: nobody guesses one, but each costs a signature."""
    return BY_PASSKEY, client_network(client_address(request))


def provider_answer_limit(request: HttpRequest) -> tuple[Limit, str]:
    """What comes back from a provider is counted by: each costs it and us a request, and a row of the audit log."""
    return BY_PROVIDER, client_network(client_address(request))


def reset_may_be_sent(request: HttpRequest, email: str) -> bool:
    """Whether another link may be sent to an account. Who asks too often is not told: the last link works."""
    try:
        limit_take(RESET_BY_NETWORK, client_network(client_address(request)))
        limit_take(RESET_BY_ACCOUNT, _account_key(email.strip().lower()))
    except DomainError:
        return False
    return True


# --- The device


def device_remember(request: HttpRequest, response: HttpResponse, email: str) -> None:
    """Have a browser known to an account that it has just signed in to.

    Args:
        request: the sign-in.
        response: its answer, which gets the cookie.
        email: the account's.
    """
    device, accounts = _known(request)
    account = _account_key(email.strip().lower())
    accounts = [account, *(each for each in accounts if each != account)][:ACCOUNTS]
    response.set_cookie(
        COOKIE,
        signing.dumps([device or secrets.token_hex(8), accounts], salt=SALT),
        max_age=COOKIE_SECONDS,
        path=settings.LOGIN_URL,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def device_is_known(request: HttpRequest, email: str) -> bool:
    """Whether an account has been signed in to with this browser before."""
    return bool(_device(request, _account_key(email.strip().lower())))


def _device(request: HttpRequest, account: str) -> str:
    """The browser, where this account has been signed in to with it."""
    device, accounts = _known(request)
    return device if account in accounts else ""


def _known(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        device, accounts = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=COOKIE_SECONDS)
    except signing.BadSignature:
        return "", []
    return device, accounts


def _account_key(email: str) -> str:
    """An account of this tenant, in a word that tells nobody which."""
    schema = connection.schema_name  # type: ignore[attr-defined]
    return salted_hmac(SALT, f"{schema}/{email}", algorithm="sha256").hexdigest()[:32]
