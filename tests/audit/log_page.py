"""The audit log's page, and who reads it."""

from apps.accounts.actions import user_update
from apps.accounts.models import Role
from apps.accounts.permissions import Permission, Scope
from tests.support.browser import Browser, signed_in, user_as

LIST = "/admin/audit/auditentry/"


def auditor(scope: Scope = Scope.OWN) -> Browser:
    """The browser of an auditor, signed in."""
    role = Role.objects.create(code="auditor", name="Auditor", scope=scope, permissions=[Permission.AUDIT])
    user = user_as("administrator")
    browser = signed_in(user)
    user_update(user=user, fields={"role": role}, actor=None)
    return browser
