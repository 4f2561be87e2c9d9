"""What is done with a user's account from their page: a question, and what follows from yes (TEN-6)."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts import actions
from apps.accounts.choices import LinkKind
from apps.accounts.factors import factors_has
from apps.accounts.models import User
from apps.accounts.selectors import link_is_open, openid_identity, password_opens, sessions_of
from apps.tenants.admin_base import SetupAdmin, acting_user
from apps.tenants.admin_questions import question_page


def possible(row: User) -> dict[str, bool]:
    """Which of these can be done with a user now."""
    may_have_password = row.is_active and password_opens(row)
    has_none = not row.has_usable_password()
    return {
        "invite": may_have_password and has_none,
        "revoke_invitation": link_is_open(row, LinkKind.INVITATION),
        "send_reset": may_have_password and not has_none,
        "remove_factors": factors_has(row),
        "unlink_openid": openid_identity(row) is not None,
        "end_sessions": bool(sessions_of(row)),
    }


def invite(page: SetupAdmin, request: HttpRequest, row: User) -> HttpResponse:
    """Invite somebody by mail, once more."""
    words = {
        "title": _("Send an invitation"),
        "intro": _(
            "A mail to %(email)s with a link by which they choose a password. It is good for 7 days; links sent before"
            " it end."
        )
        % {"email": row.email},
        "button": _("Send"),
    }

    def do(_data: dict[str, Any]) -> str:
        actions.user_invite(user=row, actor=acting_user(request))
        return _("The invitation is on its way to %(email)s.") % {"email": row.email}

    return question_page(page, request, row, words=words, form=forms.Form(_posted(request)), do=do)


def revoke_invitation(page: SetupAdmin, request: HttpRequest, row: User) -> HttpResponse:
    """End an invitation."""
    words = {
        "title": _("Revoke the invitation"),
        "intro": _("The link that they were sent stops working."),
        "button": _("Revoke"),
        "danger": True,
    }

    def do(_data: dict[str, Any]) -> str:
        actions.invitation_revoke(user=row, actor=acting_user(request))
        return _("The invitation is revoked.")

    return question_page(page, request, row, words=words, form=forms.Form(_posted(request)), do=do)


def send_reset(page: SetupAdmin, request: HttpRequest, row: User) -> HttpResponse:
    """Send somebody a link for a new password."""
    words = {
        "title": _("Send a link for a new password"),
        "intro": _("A mail to %(email)s with a link that is good for an hour. Their password stays until they use it.")
        % {"email": row.email},
        "button": _("Send"),
    }

    def do(_data: dict[str, Any]) -> str:
        actions.user_send_reset(user=row, actor=acting_user(request))
        return _("The link is on its way to %(email)s.") % {"email": row.email}

    return question_page(page, request, row, words=words, form=forms.Form(_posted(request)), do=do)


def end_sessions(page: SetupAdmin, request: HttpRequest, row: User) -> HttpResponse:
    """Sign somebody out everywhere."""
    words = {
        "title": _("End all sessions"),
        "intro": _("They are signed out in every browser at once, and sign in again with what they have."),
        "button": _("End all sessions"),
        "danger": True,
    }

    def do(_data: dict[str, Any]) -> str:
        count = actions.sessions_end(user=row, rows=row.sessions.all(), actor=acting_user(request))
        return ngettext("%(count)d session is ended.", "%(count)d sessions are ended.", count) % {"count": count}

    return question_page(page, request, row, words=words, form=forms.Form(_posted(request)), do=do)


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


def unlink_openid(page: SetupAdmin, request: HttpRequest, row: User) -> HttpResponse:
    """Have the provider know somebody no more."""
    words = {
        "title": _("Unlink from the sign-in provider"),
        "intro": _(
            "They are signed out everywhere. Whoever next comes from the provider with the verified email %(email)s is"
            " linked to this user."
        )
        % {"email": row.email},
        "button": _("Unlink"),
        "danger": True,
    }

    def do(_data: dict[str, Any]) -> str:
        actions.openid_identity_unlink(user=row, actor=acting_user(request))
        return _("%(name)s is unlinked.") % {"name": row.full_name}

    return question_page(page, request, row, words=words, form=forms.Form(_posted(request)), do=do)


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None
