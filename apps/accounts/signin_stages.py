"""What stands between a right password and a session: the second factor, then a last look at the account."""

from typing import Any

from allauth.account.stages import LoginStage
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare

from apps.accounts.models import User

STAGES = ["allauth.mfa.stages.AuthenticateStage", "apps.accounts.signin_stages.LastLookStage"]
SIGNATURE = "signature"
OPENID = "openid"
"""How allauth's record of a sign-in calls one at a provider."""


def login_state(user: User) -> dict[str, Any]:
    """What a sign-in remembers of the account until its second step."""
    return {SIGNATURE: user.get_session_auth_hash()}


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
