"""What the office does for stories of signing in."""

from importlib import import_module
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.sessions.models import Session

from apps.accounts.actions import signin_settings_save
from apps.accounts.models import Role, SignInSettings
from apps.accounts.permissions import Permission, Scope
from tests.support.browser import user_as
from tests.support.desk import Person
from tests.support.people import UserFactory

RECORDS = "account_authentication_methods"


def person(role: str) -> Person:
    """Somebody new with a stock role."""
    user = user_as(role, email=f"{uuid4().hex[:12]}@acme.test")
    return Person(str(user.pk), user.email, user.full_name)


def auditor() -> Person:
    """Somebody new who reads the audit log, and nothing else."""
    role, _made = Role.objects.get_or_create(
        code="auditor", defaults={"name": "Auditor", "scope": Scope.ALL, "permissions": [Permission.AUDIT]}
    )
    user = UserFactory(role=role, first_name="Aud", last_name=uuid4().hex[:8], email=f"{uuid4().hex[:12]}@acme.test")
    return Person(str(user.pk), user.email, user.full_name)


def force(*roles: str) -> None:
    """These roles, and no others, must have a second factor."""
    signin_settings_save(settings=SignInSettings.load(), roles=Role.objects.filter(code__in=roles), actor=None)


def age_sessions(user_id: str) -> None:
    """Have all that somebody has proven been an hour ago."""
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore
    for row in Session.objects.all():
        session = store(row.session_key)
        if session.get("_auth_user_id") == user_id:
            session[RECORDS] = [each | {"at": each["at"] - 3600} for each in session.get(RECORDS, [])]
            session.save()
