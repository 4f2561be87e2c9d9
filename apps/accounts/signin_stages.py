"""What stands between a right password and a session: the second factor, then a last look at the account."""

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.stages import LoginStage
from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare

from apps.accounts.models import User

STAGES = ["apps.accounts.signin_stages.SecondFactorStage", "apps.accounts.signin_stages.LastLookStage"]
SIGNATURE = "signature"
OPENID = "openid"
"""How allauth's record of a sign-in calls one at a provider."""
FACTOR = "factor"
"""What such a record holds where the provider's second factor counts."""


def login_state(user: User) -> dict[str, Any]:
    """What a sign-in remembers of the account until its second step."""
    return {SIGNATURE: user.get_session_auth_hash()}


def came_by_openid(request: HttpRequest, user: User, *, with_factor: bool = False) -> bool:
    """Whether somebody was identified by the provider in this session; also by a second factor that counts here."""
    records = [each for each in get_authentication_records(request, user) if each["method"] == OPENID]
    return any(not with_factor or each.get(FACTOR) for each in records)


class SecondFactorStage(AuthenticateStage):  # type: ignore[misc]
    """Asks for the second factor, unless the provider has, and the tenant counts that (TEN-6)."""

    def _should_handle(self, request: HttpRequest) -> bool:
        user = self.login.user
        return not came_by_openid(request, user, with_factor=True) and bool(super()._should_handle(request))


class LastLookStage(LoginStage):  # type: ignore[misc]
    """Refuses those who were deactivated, or given a new password, between the two steps (TEN-6)."""

    key = "last_look"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Go on, or back to the sign-in page."""
        user = self.login.user
        known = self.login.state.get(SIGNATURE, "")
        if user.is_active and constant_time_compare(known, user.get_session_auth_hash()):
            return None, True
        return redirect("signin"), False
