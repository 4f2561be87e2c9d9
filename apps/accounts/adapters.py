"""How django-allauth works here: its hooks, filled with what accounts already know.

No page of allauth's is shown, no address of its own stored: `User.email` is the only place of emails.
"""

import base64
import time
from io import BytesIO
from typing import Any, Final
from uuid import UUID

import qrcode
from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import login as start_session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from qrcode.image.svg import SvgPathImage

from apps.accounts.actions.sign_ins import sign_in_failure_record
from apps.accounts.factors import FACTOR_MISSING, factor_is_last_required, factors_has, second_factor_required
from apps.accounts.models import User
from apps.accounts.selectors import home_path, openid_identity, openid_provider, password_opens
from apps.accounts.session_use import session_begin
from apps.accounts.signin_stages import OPENID, STAGES, came_by_openid
from apps.accounts.throttle import device_is_known, device_remember
from apps.vault.encryption import decrypt_value, encrypt_value

BACKEND: Final = "django.contrib.auth.backends.ModelBackend"
PURPOSE: Final = "factors"
OWNER: Final = UUID(int=0)
"""Secrets of second factors are sealed for their tenant; allauth does not say whose one is."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Signing in as this application does it."""

    def get_login_stages(self) -> list[str]:
        """What a sign-in goes through after its first step."""
        return STAGES

    def pre_login(self, request: HttpRequest, user: User, **_options: Any) -> HttpResponse | None:
        """Refuse those who could go nowhere, also when they come by a passkey."""
        if not user.is_active or home_path(user) is None:
            messages.error(request, _("This account can't be used. Please ask an administrator of your company."))
        elif not came_by_openid(request, user) and not password_opens(user):
            sign_in_failure_record(email=user.email)
            messages.error(request, _("People sign in at your company’s provider here: use the button for it."))
        else:
            return None
        return redirect("signin")

    def login(self, request: HttpRequest, user: Any) -> None:
        """Begin the session, and note in it whether a second factor has to be set up first."""
        is_strange = user.last_login is not None and not device_is_known(request, user.email)
        start_session(request, user, backend=BACKEND)
        session_begin(request, user, is_strange=is_strange)
        proven = came_by_openid(request, user, with_factor=True)
        if second_factor_required(user) and not factors_has(user) and not proven:
            request.session[FACTOR_MISSING] = True

    def post_login(self, request: HttpRequest, user: User, **options: Any) -> HttpResponse:
        """To where they wanted to go, with this browser known to the account."""
        response = redirect(options.get("redirect_url") or self.get_login_redirect_url(request))
        device_remember(request, response, user.email)
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where the user belongs."""
        user = request.user
        return (home_path(user) if isinstance(user, User) else None) or "/"

    def add_message(self, *_args: Any, **_options: Any) -> None:
        """Nothing: our pages say what has happened."""

    def send_notification_mail(self, *_args: Any, **_options: Any) -> None:
        """Nothing: what people are told by mail is decided by our actions."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: users are made by administrators."""
        del request
        return False

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Not right after signing in; with a second factor, only where that was part of it."""
        del app
        request = context.request
        records = get_authentication_records(request, request.user)
        if factors_has(request.user):
            records = [each for each in records if each.get("method") == "mfa"]
        since = time.time() - account_settings.REAUTHENTICATION_TIMEOUT
        return not any(each["at"] > since for each in records)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Who has a second factor confirms by it: a password alone takes no factor away. Who has neither signs in at
        the provider once more.
        """
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if not user.is_authenticated:
            return methods
        if factors_has(user) or not password_opens(user):
            methods = [each for each in methods if each["id"] != "reauthenticate"]
        if not methods and openid_identity(user) is not None and (provider := openid_provider()) is not None:
            methods.append({"id": OPENID, "description": provider.label, "url": reverse("openid_begin")})
        return methods


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors as this application keeps them."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": gettext_lazy("Your role needs a second factor: add another one first."),
        "incorrect_code": gettext_lazy("That didn't work. Please try again."),
    }

    def get_totp_issuer(self) -> str:
        """What the authenticator app calls us: the tenant, by its name."""
        return _site_name()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The host that keys belong to, and its name."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": _site_name()}

    def build_totp_svg(self, url: str) -> str:
        """The picture of the secret, made here: nobody else is told it."""
        image, out = qrcode.make(url, image_factory=SvgPathImage, border=2), BytesIO()
        image.save(out)
        return out.getvalue().decode()

    def encrypt(self, text: str) -> str:
        """Seal a secret with the vault's key of this tenant."""
        return base64.b64encode(encrypt_value(text.encode(), purpose=PURPOSE, owner=OWNER)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Read a sealed secret."""
        return decrypt_value(base64.b64decode(encrypted_text), purpose=PURPOSE, owner=OWNER).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one of somebody who has to have one."""
        return not factor_is_last_required(authenticator)

    def generate_authenticator_name(self, user: User, type: Any) -> str:  # noqa: A002 - the name is allauth's
        """What a new key is called until its owner says."""
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Key %(number)d") % {"number": count + 1}


def _site_name() -> str:
    tenant = getattr(context.request, "tenant", None)
    return getattr(tenant, "name", "") or "Parley"
