"""TEN-2: an operator enters a tenant by a pass alone, which its people see and end."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_tenants.utils import schema_context, tenant_context

from apps.accounts.actions import user_update
from apps.accounts.models import Role, User
from apps.accounts.permissions import OPERATOR, Permission
from apps.accounts.selectors import grantable_roles
from apps.audit.models import AuditEntry
from apps.conversations.selectors import contacts_readable_by, conversation_readers, conversations_readable_by
from apps.core.errors import DomainError
from apps.imports.models import ImportJob
from apps.operators.actions import pass_end, pass_enter, pass_expire, pass_issue
from apps.operators.models import OperatorPass
from apps.operators.seeds import PASS_PERMISSIONS
from apps.tenants.actions import tenant_freeze
from tests.support.browser import Browser, signed_in, user_as
from tests.support.people import arrive, make_operator

REASON = "Ticket 42: mail of the shop does not arrive"


@pytest.fixture
def operator(acme: Any) -> User:
    return make_operator()


def issue(tenant: Any, operator: User, *, minutes: int = 30, reason: str = REASON) -> str:
    with schema_context("public"):
        return pass_issue(tenant=tenant, reason=reason, minutes=minutes, operator=operator)


def entered(key: str, host: str = "acme.localhost") -> Browser:
    browser = Browser(host)
    answer = browser.post(f"/operator-pass/{key}/")
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    return browser


@pytest.fixture
def inside(acme: Any, operator: User) -> Iterator[Browser]:
    """An operator who is in."""
    return entered(issue(acme, operator))


def test_an_operator_takes_a_pass_on_the_tenants_page_and_enters_by_its_link(acme: Any, operator: User) -> None:
    console = signed_in(operator, "localhost")
    page = f"/admin/tenants/tenant/{acme.pk}/enter/"
    assert "end it" in console.get(page).content.decode()
    answer = console.post(page, {"reason": REASON, "minutes": "15"}).content.decode()
    link = re.search(r'href="http://acme\.localhost[:\d]*(/operator-pass/[^"]+/)"', answer)
    assert link is not None
    here = Browser("acme.localhost")
    assert REASON in here.get(link[1]).content.decode()
    assert here.get("/admin/").status_code == 302  # looking at the page is no entering
    assert here.post(link[1]).status_code == 302
    assert here.get("/admin/").status_code == 200
    row = OperatorPass.objects.get()
    assert row.expires_at - row.issued_at == timedelta(minutes=15)


def test_the_link_works_once_and_for_two_minutes(acme: Any, operator: User) -> None:
    key = issue(acme, operator)
    entered(key)
    again = Browser("acme.localhost")
    assert again.post(f"/operator-pass/{key}/").status_code == 404
    assert again.get(f"/operator-pass/{key}/").status_code == 404
    late = issue(acme, operator)
    OperatorPass.objects.update(link_expires_at=timezone.now() - timedelta(seconds=1))
    assert again.post(f"/operator-pass/{late}/").status_code == 404
    assert again.get("/admin/").status_code == 302


def test_the_link_of_one_tenant_leads_into_no_other(acme: Any, globex: Any, operator: User) -> None:
    key = issue(acme, operator)
    assert Browser("globex.localhost").post(f"/operator-pass/{key}/").status_code == 404
    assert Browser("localhost").post(f"/operator-pass/{key}/").status_code == 404
    with tenant_context(globex), pytest.raises(DomainError, match="link_invalid"):
        pass_enter(key=key)


def test_a_pass_opens_settings_and_no_conversations(inside: Browser, acme: Any) -> None:
    user = OperatorPass.objects.get().user
    assert {each for each in Permission if user.may(each)} == set(PASS_PERMISSIONS)
    for path, status in {
        "/admin/queues/queue/": 200,
        "/admin/tenants/company/": 302,
        "/admin/conversations/conversation/": 403,
        "/admin/contacts/contact/": 403,
        "/admin/notes/note/": 403,
        "/admin/forms/sentform/": 403,
        "/admin/surveys/surveyrequest/": 403,
        "/console/": 403,
    }.items():
        assert inside.get(path).status_code == status, path


def test_the_tenants_people_see_who_is_in_and_end_it(inside: Browser, acme: Any) -> None:
    owner = signed_in(user_as("owner"))
    row = OperatorPass.objects.get()
    page = owner.get("/admin/operators/operatorpass/").content.decode()
    assert REASON in page
    assert "Valid now" in page
    end = f"/admin/operators/operatorpass/{row.pk}/end/"
    assert owner.post(end, {"post": "yes"}).status_code == 302
    assert inside.get("/admin/").status_code == 302
    row.refresh_from_db()
    assert row.ended_by is not None
    assert row.user.deleted_at is not None


def test_a_supervisor_neither_sees_nor_ends_passes(inside: Browser, acme: Any) -> None:
    browser = signed_in(user_as("supervisor"))
    row = OperatorPass.objects.get()
    assert browser.get("/admin/operators/operatorpass/").status_code == 403
    assert browser.post(f"/admin/operators/operatorpass/{row.pk}/end/", {"post": "yes"}).status_code == 403
    assert inside.get("/admin/").status_code == 200


def test_a_pass_ends_by_itself_even_while_no_deadline_fires(inside: Browser, acme: Any) -> None:
    row = OperatorPass.objects.get()
    User.objects.filter(pk=row.user_id).update(leaves_at=timezone.now() - timedelta(seconds=1))
    assert inside.get("/admin/queues/queue/").status_code in {302, 403}
    assert not User.objects.get(pk=row.user_id).may(Permission.SETUP)
    pass_expire(pass_id=row.pk, due_at=row.expires_at - timedelta(seconds=1))
    assert OperatorPass.objects.get().ended_at is None
    pass_expire(pass_id=row.pk, due_at=row.expires_at)
    row.refresh_from_db()
    assert row.ended_at is not None
    assert row.ended_by is None


def test_signing_out_ends_the_pass(inside: Browser, acme: Any) -> None:
    assert inside.post("/signout/").status_code == 302
    assert OperatorPass.objects.get().ended_at is not None


def test_ending_twice_is_ending_once(inside: Browser, acme: Any) -> None:
    row, owner = OperatorPass.objects.get(), user_as("owner")
    ended = pass_end(operator_pass=row, actor=owner).ended_at
    assert pass_end(operator_pass=row, actor=None).ended_at == ended
    assert AuditEntry.objects.filter(verb="operator_pass.end").count() == 1


def test_both_logs_say_so(inside: Browser, acme: Any) -> None:
    pass_end(operator_pass=OperatorPass.objects.get(), actor=None)
    here = list(AuditEntry.objects.filter(verb__startswith="operator_pass").order_by("at", "id"))
    assert [each.verb.split(".")[1] for each in here] == ["issue", "enter", "end"]
    assert [each.actor_kind for each in here] == ["operator", "operator", "system"]
    assert here[0].detail["reason"] == REASON
    with schema_context("public"):
        there = AuditEntry.objects.get(verb="operator_pass.issue")
        assert (there.target_name, there.detail["minutes"]) == ("Acme", 30)


def test_the_account_of_a_pass_is_nobodys_to_give_or_change(inside: Browser, acme: Any) -> None:
    owner, row = user_as("owner"), OperatorPass.objects.get()
    assert OPERATOR not in {role.code for role in grantable_roles(owner)}
    for actor in (owner, row.user):
        with pytest.raises(DomainError, match="not_allowed"):
            user_update(user=row.user, fields={"email": "mine@acme.test"}, actor=actor)
    with pytest.raises(DomainError, match="not_allowed"):
        user_update(user=user_as("agent"), fields={"role": Role.objects.get(code=OPERATOR)}, actor=owner)
    browser = signed_in(owner)
    assert row.user.email not in browser.get("/admin/accounts/user/").content.decode()
    assert browser.get(f"/admin/accounts/user/{row.user_id}/change/").status_code == 302


def test_who_may_not_take_a_pass(acme: Any, operator: User) -> None:
    for wrong, code in (
        ({"minutes": 10_000}, "length_invalid"),
        ({"reason": "  "}, "reason_missing"),
    ):
        with pytest.raises(DomainError, match=code):
            issue(acme, operator, **wrong)
    with pytest.raises(DomainError, match="operator_only"):
        issue(acme, user_as("owner"))
    tenant_freeze(tenant=acme, frozen=True)
    with pytest.raises(DomainError, match="tenant_frozen"):
        issue(acme, operator)
    assert not OperatorPass.objects.exists()


def test_no_way_round_opens_what_customers_have_said(inside: Browser, acme: Any) -> None:
    """Not the check of an import, which shows what stands in rows; nor the selectors behind pages to come."""
    visitor, conversation = OperatorPass.objects.get().user, arrive()
    assert not conversations_readable_by(visitor).exists()
    assert not contacts_readable_by(visitor).exists()
    assert visitor not in conversation_readers(conversation)
    assert inside.get("/admin/imports/importjob/new/skills/").status_code == 200
    assert inside.get("/admin/imports/importjob/new/contacts/").status_code == 403
    job = ImportJob.objects.create(
        kind="contacts", state="failed", ended_at=timezone.now(), size=1, started_by=user_as("owner")
    )
    assert inside.get(f"/admin/imports/importjob/{job.pk}/change/").status_code == 403
