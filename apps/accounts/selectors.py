"""Reads of people."""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.utils.crypto import constant_time_compare

from apps.accounts.models import User
from apps.accounts.permissions import Permission

CONSOLE = "/console/"
ADMIN = "/admin/"


def home_path(user: User) -> str | None:
    """Where a user goes after signing in: agents to the console, who sets things up to the admin, others nowhere."""
    # `agent` is the other end of a relation that an app above defines.
    if user.may(Permission.CONSOLE) and hasattr(user, "agent"):
        return CONSOLE
    return ADMIN if user.is_staff else None


def session_exists(session: SessionBase) -> bool:
    """Whether a session, which may have been loaded long ago, has not ended since."""
    return bool(import_module(settings.SESSION_ENGINE).SessionStore().exists(session.session_key))


def session_has_password_of(session: SessionBase, user: User) -> bool:
    """Whether a session was begun with the password that its user has now."""
    return constant_time_compare(session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())
