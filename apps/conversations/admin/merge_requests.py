"""Admin page on which supervisors decide whether two contacts are one person (CON-5)."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminRadioSelectWidget

from apps.accounts.models import User
from apps.contacts.choices import MergeState
from apps.contacts.models import Contact, MergeRequest
from apps.contacts.selectors import matching_contacts
from apps.contacts.text import phone_text
from apps.conversations.actions import merge_request_decide
from apps.conversations.selectors import contacts_readable_by, conversations_readable_by, merge_requests_decidable_by
from apps.tenants.admin_base import AnyForm, SetupAdmin, acting_user, exact_time
from apps.tenants.admin_sites import tenant_site

NOBODY = "nobody"
"""The decision that they stay two."""


class DecisionForm(AnyForm):
    """Who it is, too, or nobody."""

    decision = forms.ChoiceField(label=_("Decision"), widget=UnfoldAdminRadioSelectWidget)

    class Meta:
        model = MergeRequest
        fields = ()


@admin.register(MergeRequest, site=tenant_site)
class MergeRequestAdmin(SetupAdmin):
    """Merges that agents have asked for, of contacts whom one may read."""

    permission = "monitor"
    can_add = can_delete = False
    form = DecisionForm
    list_display = ("contact", "says", "requested_by", "requested", "state", "decided_by")
    list_filter = ("state",)
    list_select_related = ("contact", "other", "requested_by", "decided_by")
    list_per_page = 50
    show_full_result_count = False
    readonly_fields = ("both", "says", "reason", "requested_by", "requested", "state", "decided_by", "decided")

    def get_queryset(self, request: HttpRequest) -> QuerySet[MergeRequest]:
        """Those that this user may decide."""
        mine = merge_requests_decidable_by(acting_user(request))
        return mine.select_related(*self.list_select_related).order_by("-requested_at")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever sees one that waits decides it."""
        return self.has_view_permission(request) and (obj is None or obj.state == MergeState.WAITING)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """The decision, while there is one to make."""
        shown = ["both", "says", "reason", "requested_by", "requested"]
        if self.has_change_permission(request, obj):
            return [*shown, "decision"]
        return [*shown, "state", "decided_by", "decided"]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[AnyForm]:
        """Who can be chosen is whoever may be meant, of those whom this user may read."""
        form: type[AnyForm] = super().get_form(request, obj, change=change, **kwargs)
        if obj is not None:
            user = acting_user(request)
            # What is shown of both depends on who looks: pages' own columns are not told of the request.
            obj.reader = user
            decision = form.base_fields.get("decision")
            if isinstance(decision, forms.ChoiceField):
                decision.choices = list(_choices(obj, _meant(obj, user)))
        return form

    def store(self, request: HttpRequest, row: MergeRequest, form: AnyForm) -> None:
        """Confirm it or decline it."""
        chosen = form.cleaned_data["decision"]
        other_id = None if chosen == NOBODY else UUID(chosen)
        merge_request_decide(request_id=row.pk, other_id=other_id, actor=acting_user(request))

    @admin.display(description=_("who it is"))
    def says(self, row: MergeRequest) -> str:
        """Who says what."""
        if row.is_claim:
            return gettext("The customer says so: %(email)s") % {"email": row.contact.email}
        return gettext("The agent says so: %(about)s") % {"about": row.about}

    @admin.display(description=_("requested"), ordering="requested_at")
    def requested(self, row: MergeRequest) -> str:
        """When."""
        return exact_time(row.requested_at)

    @admin.display(description=_("decided"))
    def decided(self, row: MergeRequest) -> str:
        """When."""
        return exact_time(row.decided_at)

    @admin.display(description=_("side by side"))
    def both(self, row: MergeRequest) -> SafeString:
        """What is known of the contact, and of whoever may be meant."""
        user: User = row.reader  # type: ignore[attr-defined]
        columns = [row.contact, *_meant(row, user)]
        lines = format_html_join(
            "", "<tr><th>{}</th>{}</tr>", ((label, _cells(columns, read)) for label, read in _rows(user))
        )
        return format_html('<table class="side-by-side">{}</table>', lines)


def _meant(row: MergeRequest, user: User) -> list[Contact]:
    """Whoever may be meant, of those whom this user may read."""
    readable = contacts_readable_by(user).exclude(pk=row.contact_id)
    if row.other_id is not None:
        return list(readable.filter(pk=row.other_id))
    return matching_contacts(row.about, among=readable, but=row.contact_id)


def _choices(row: MergeRequest, meant: list[Contact]) -> Iterator[tuple[str, str]]:
    for contact in meant:
        said = {"name": row.contact, "other": contact}
        if row.is_claim:
            words = gettext(
                "%(name)s is %(other)s: whoever has a conversation of theirs now may read what %(other)s said before"
            )
        else:
            words = gettext("%(name)s is %(other)s")
        yield str(contact.pk), words % said
    yield NOBODY, gettext("They stay two")


def _rows(user: User) -> Iterator[tuple[str, Callable[[Contact], str]]]:
    yield gettext("Name"), lambda each: each.name
    yield gettext("Email"), lambda each: ", ".join(filter(None, [each.email, *each.more_emails]))
    yield gettext("Phone"), lambda each: ", ".join(phone_text(one) for one in [each.phone, *each.more_phones] if one)
    yield gettext("Language"), lambda each: each.language
    yield gettext("External id"), lambda each: each.external_id
    yield gettext("Identity proven"), lambda each: exact_time(each.proven_at)
    yield gettext("Blocked"), lambda each: exact_time(each.blocked_at)
    yield gettext("First seen"), lambda each: exact_time(each.created_at)
    yield gettext("Conversations"), lambda each: str(conversations_readable_by(user).filter(contact=each).count())


def _cells(columns: list[Contact], read: Callable[[Contact], str]) -> SafeString:
    return format_html_join("", '<td dir="auto">{}</td>', ((read(each) or "–",) for each in columns))
