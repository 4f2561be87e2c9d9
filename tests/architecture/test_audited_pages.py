"""AUD-1: whatever an admin page of a tenant changes stands in the audit log."""

from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.test import RequestFactory

from apps.audit.models import AuditEntry
from apps.audit.registry import audited_models
from apps.core.models import Singleton
from apps.tenants.admin_fields import DurationField
from apps.tenants.admin_sites import tenant_site
from tests.support.admin_pages import fields
from tests.support.browser import Browser, signed_in, user_as
from tests.support.people import make_agent

pytestmark = pytest.mark.django_db

ELSEWHERE = {
    "tenants.company": "by the event that tells of it, to the operators as well (`audit.handlers`)",
    "contacts.mergerequest": "a decision, in the timeline of the conversation and in the contact's history",
    "dispositions.outcome": "corrections stand on the conversation's timeline (WRP-7)",
}
"""Models that pages change and that no app has registered with the audit log: where their changes stand instead."""
TABLES_ELSEWHERE = {
    "agents.membership": "`queue_set_members` writes it down of the queue, and of each agent",
}


def request_of_owner() -> Any:
    request = RequestFactory().get("/admin/")
    request.user = user_as("owner")
    return request


def changing_pages(request: Any) -> list[Any]:
    """The pages on which somebody may change rows."""
    pages = tenant_site._registry.values()
    return [page for page in pages if page.has_change_permission(request)]


def test_every_model_that_a_page_changes_is_registered(acme: Any) -> None:
    registered = {said.model._meta.label_lower: said for said in audited_models()}
    changed = {page.model._meta.label_lower for page in changing_pages(request_of_owner())}
    assert changed - registered.keys() - ELSEWHERE.keys() == set()
    assert ELSEWHERE.keys() - (changed - registered.keys()) == set(), "exceptions that are none any more"


def test_every_table_of_a_page_is_a_part_of_its_row(acme: Any) -> None:
    registered = {said.model: said for said in audited_models()}
    missing, request = set(), request_of_owner()
    for page in changing_pages(request):
        for inline in page.inlines:
            built = inline(page.model, tenant_site)
            parent = built.parent_model
            names = {each.related_model: each.get_accessor_name() for each in parent._meta.related_objects}
            related = registered[parent].related if parent in registered else ()
            if names[built.model] not in related and built.model not in registered:
                missing.add(built.model._meta.label_lower)
    assert missing == TABLES_ELSEWHERE.keys()


def test_saving_a_page_leaves_an_entry_of_its_row(acme: Any) -> None:
    make_agent(available=False)
    browser, request = signed_in(user_as("owner")), request_of_owner()
    saved, silent = 0, []
    for page in changing_pages(request):
        rows = [page.model.load()] if issubclass(page.model, Singleton) else page.get_queryset(request).order_by("pk")
        row = next((each for each in rows if page.has_change_permission(request, each)), None)
        if row is None or page.model._meta.label_lower in ELSEWHERE:
            continue
        before = set(AuditEntry.objects.values_list("pk", flat=True))
        if not changed(browser, page, row):
            silent.append(f"{page.model._meta.label_lower}: nothing could be changed")
        elif not AuditEntry.objects.exclude(pk__in=before).filter(target_id=str(row.pk)).exclude(changes={}).exists():
            silent.append(page.model._meta.label_lower)
        saved += 1
    assert silent == []
    assert saved >= 20, "a tenant that was just made has rows on most pages"


def changed(browser: Browser, page: Any, row: Any) -> bool:
    """Change the first field of a row's page that takes another value."""
    address = f"/admin/{page.opts.app_label}/{page.opts.model_name}/{row.pk}/change/"
    answer = browser.get(address)
    form = answer.context["adminform"].form
    return any(browser.post(address, other).status_code == 302 for other in _others(form, fields(answer)))


def _others(form: forms.BaseForm, sent: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What would be sent with one field changed, for one field after the other."""
    for bound in form:
        name, field = bound.html_name, bound.field
        if isinstance(field, forms.BooleanField):
            yield {key: value for key, value in sent.items() if key != name} if name in sent else sent | {name: "on"}
        elif isinstance(field, forms.IntegerField | DurationField):
            yield sent | {name: str(int(bound.initial or 0) + 1) if not isinstance(bound.initial, list) else "61 min"}
        elif isinstance(field, forms.ModelMultipleChoiceField):
            yield sent | {name: [str(field.queryset[0].pk)]}
        elif isinstance(field, forms.CharField) and not isinstance(field, forms.EmailField | forms.JSONField):
            yield sent | {name: f"{bound.value() or ''} x"}
