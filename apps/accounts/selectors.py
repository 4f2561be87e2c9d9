"""Reads of people."""

from apps.accounts.models import User
from apps.accounts.permissions import Permission

CONSOLE = "/console/"
ADMIN = "/admin/"


def home_of(user: User) -> str | None:
    """Where a user goes after signing in: agents to the console, who sets things up to the admin, others nowhere."""
    # `agent` is the other end of a relation that an app above defines.
    if user.may(Permission.CONSOLE) and hasattr(user, "agent"):
        return CONSOLE
    return ADMIN if user.is_staff else None
