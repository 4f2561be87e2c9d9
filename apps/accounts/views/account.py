"""One's own account: how one signs in, where one is signed in, and who has tried (TEN-6)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.actions import sessions_end
from apps.accounts.factors import factors_of
from apps.accounts.models import UserSession
from apps.accounts.selectors import session_of, sessions_of, sign_in_entries


@never_cache
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """What there is."""
    user: Any = request.user
    rows = sessions_of(user)
    context = {
        "sessions": [(row, _is_this(request, row)) for row in rows],
        "others": sum(not _is_this(request, row) for row in rows),
        "entries": sign_in_entries(user),
        "factors": len(factors_of(user)),
    }
    return render(request, "accounts/account.html", context)


@require_POST
def session_end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End one of one's own sessions; one that has ended meanwhile is no error."""
    user: Any = request.user
    row = session_of(user, pk)
    if row is not None and _is_this(request, row):
        raise Http404  # This one is ended by signing out.
    if row is not None:
        sessions_end(user=user, rows=[row], actor=user)
    messages.success(request, _("The session is ended."))
    return redirect("account")


@require_POST
def other_sessions_end(request: HttpRequest) -> HttpResponse:
    """End all of one's own sessions but this one."""
    user: Any = request.user
    rows = [row for row in sessions_of(user) if not _is_this(request, row)]
    count = sessions_end(user=user, rows=rows, actor=user)
    said = ngettext("%(count)d other session is ended.", "%(count)d other sessions are ended.", count)
    messages.success(request, said % {"count": count})
    return redirect("account")


def _is_this(request: HttpRequest, row: UserSession) -> bool:
    return bool(row.session_key == request.session.session_key)
