"""What is done with a user's account from their page: a question, and what follows from yes (TEN-6)."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from apps.accounts import actions
from apps.accounts.models import User
from apps.queues.admin.pages import question_page
from apps.tenants.admin_base import SetupAdmin, acting_user


def remove_factors(page: SetupAdmin, request: HttpRequest, row: User) -> HttpResponse:
    """Take the second factors of somebody away who has lost theirs."""
    words = {
        "title": _("Remove second factors"),
        "intro": _(
            "All keys, the authenticator app and the recovery codes of this user stop working, and they are signed out"
            " everywhere. Be sure that it is them who asks. They can set up new ones after signing in."
        ),
        "button": _("Remove"),
        "danger": True,
    }

    def do(_data: dict[str, Any]) -> str:
        actions.user_remove_factors(user=row, actor=acting_user(request))
        return _("The second factors of %(name)s are removed.") % {"name": row.full_name}

    return question_page(page, request, row, words=words, form=forms.Form(_posted(request)), do=do)


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None
