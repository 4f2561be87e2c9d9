"""What is shown below the form of a user: where they are signed in, and how they did of late (TEN-6)."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from apps.accounts.models import User
from apps.accounts.permissions import Permission
from apps.accounts.selectors import sessions_of, sign_in_entries
from apps.tenants.admin_panels import admin_panel
from apps.tenants.admin_reach import has_full_reach


@admin_panel(User)
def user_sign_ins(request: HttpRequest, user: User) -> SafeString | None:
    """Sessions and journal, for those who read the audit log of everything; None for all others."""
    if user.is_operator or not request.user.may(Permission.AUDIT) or not has_full_reach(request):  # type: ignore[union-attr]
        return None
    facts = {"sessions": sessions_of(user), "entries": sign_in_entries(user)}
    return SafeString(render_to_string("accounts/admin_sign_ins.html", facts, request))
