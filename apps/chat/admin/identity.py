"""The page on which a widget gets a secret by which its site proves who the customer is (CHAT-12)."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from apps.chat.actions import identity_key_make, identity_keys_revoke
from apps.chat.models import IdentityKey, WidgetChannel
from apps.tenants.admin_base import SetupAdmin
from apps.tenants.admin_questions import question_page

KEEPS = ((24, _("For 24 hours")), (168, _("For 7 days")), (0, _("Not at all: it leaked")))


class SecretForm(forms.Form):
    """What becomes of the secret that there is."""

    keep_hours = forms.TypedChoiceField(
        label=_("Tokens signed with the present secret are still taken"),
        choices=KEEPS,
        coerce=int,
        initial=24,
        widget=UnfoldAdminSelectWidget,
    )


def secret_page(page: SetupAdmin, request: HttpRequest, row: WidgetChannel) -> HttpResponse:
    """Ask, or make a new secret and show it: this once, and on no other page.

    Args:
        page: the widgets' admin page.
        request: GET asks, POST makes.
        row: the widget.
    """
    has_one = IdentityKey.objects.filter(channel=row, ends_at=None).exists()
    form = SecretForm(request.POST or None) if has_one else None
    if request.method == "POST" and (form is None or form.is_valid()):
        hours = form.cleaned_data["keep_hours"] if form else 0
        secret = identity_key_make(channel=row, keep=timedelta(hours=hours))
        return _render(page, request, row, {"secret": secret})
    return _render(page, request, row, {"form": form, "has_one": has_one})


def _render(page: SetupAdmin, request: HttpRequest, row: WidgetChannel, facts: dict[str, Any]) -> HttpResponse:
    back = reverse("admin:chat_widgetchannel_change", args=[row.pk])
    context = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "original": row,
        "title": _t("Identity secret"),
        "back": back,
        **facts,
    }
    response = TemplateResponse(request, "chat/admin_secret.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


def revoke_page(page: SetupAdmin, request: HttpRequest, row: WidgetChannel) -> HttpResponse:
    """Ask, or take every secret back."""

    def do(_data: dict[str, Any]) -> str:
        identity_keys_revoke(channel=row)
        return _t("“%s” takes no proof of identity any more.") % row

    words = {
        "title": _t("Revoke identity secrets"),
        "intro": _t("No token is taken any more until there is a new secret. Customers who write stay as they are."),
        "button": _t("Revoke"),
        "danger": True,
    }
    form = forms.Form(request.POST if request.method == "POST" else None)
    return question_page(page, request, row, words=words, form=form, do=do)
