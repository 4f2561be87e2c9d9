"""What Django tells of sign-ins, whichever page or library they come by (AUD-1).

These are signals of Django's own: the only place that every way of signing in goes through.
"""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from apps.accounts.actions.sign_ins import sign_in_failure_record, sign_in_record, sign_out_record
from apps.accounts.models import User
from apps.accounts.signin_stages import came_by_openid


@receiver(user_logged_in)
def on_signed_in(user: Any, request: Any = None, **_facts: Any) -> None:
    """A session has begun."""
    sign_in_record(user=user, by_openid=request is not None and came_by_openid(request, user))


@receiver(user_logged_out)
def on_signed_out(user: Any, **_facts: Any) -> None:
    """A session was ended by whoever had it."""
    if isinstance(user, User):
        sign_out_record(user=user)


@receiver(user_login_failed)
def on_refused(credentials: dict[str, Any], **_facts: Any) -> None:
    """Nobody was signed in."""
    sign_in_failure_record(email=str(credentials.get("username") or credentials.get("email") or ""))
