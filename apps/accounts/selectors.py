"""Reads of people."""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.utils.crypto import constant_time_compare

from apps.accounts.models import Role, User
from apps.accounts.permissions import OPERATOR, OWNER, Permission, Scope

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


_REACH = {Scope.OWN: 0, Scope.QUEUES: 1, Scope.ALL: 2}


def grantable_roles(actor: User) -> list[Role]:
    """The roles that somebody may give to others (TEN-5)."""
    given = [role for role in Role.objects.exclude(code=OPERATOR) if not role_exceeds(role, actor.role)]
    return [role for role in given if role.code != OWNER or actor.is_owner]


def role_exceeds(role: Role | None, measure: Role | None) -> bool:
    """Whether a role may do something, or reach somewhere, that another can't."""
    if role is None:
        return False
    if measure is None:
        return True
    further = _REACH[Scope(role.scope)] > _REACH[Scope(measure.scope)]
    return further or not set(role.permissions) <= set(measure.permissions)


def is_user_picture(path: str) -> bool:
    """Whether a file of the storage is somebody's picture.

    Args:
        path: as `User.picture` holds it.
    """
    return User.objects.filter(picture=path).exists()
