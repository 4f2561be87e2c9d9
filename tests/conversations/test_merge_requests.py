"""Supervisors see what agents ask about whose a customer is, and decide it in the admin (CON-5)."""

import re
from typing import Any

import pytest

from apps.accounts.models import User
from apps.agents.models import Membership
from apps.contacts.actions import contact_create
from apps.contacts.models import Contact, MergeRequest
from apps.conversations.actions import contact_merge_checked, merge_request_create, merge_request_decide
from apps.conversations.models import Conversation
from apps.queues.models import Queue
from tests.support.browser import signed_in, user_as
from tests.support.people import ContactFactory, arrive, default_queue, make_agent, talk

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "/admin/contacts/mergerequest/"


@pytest.fixture
def known(acme: Any) -> Contact:
    """Somebody whom a colleague has served elsewhere."""
    queue = Queue.objects.create(name="Elsewhere")
    contact = ContactFactory(name="Ana Ruiz", email="ana@example.test", phone="+34600123456")
    talk(make_agent(queues=[queue]), contact=contact, queue=queue)
    return contact


@pytest.fixture
def mine(known: Contact) -> Conversation:
    return talk(make_agent(first_name="Lena"), contact=contact_create(name="Somebody", email="ana@example.test"))


def supervisor(*queues: Queue) -> User:
    user = user_as("supervisor")
    for queue in queues:
        Membership.objects.create(agent=user.agent, queue=queue)
    return user


def ask(mine: Conversation, about: str = "") -> MergeRequest:
    assert mine.agent is not None
    return merge_request_create(conversation_id=mine.pk, about=about, reason="She knows her number", actor=mine.agent)


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_a_supervisor_of_both_sees_both_side_by_side_and_confirms(mine: Conversation, known: Contact) -> None:
    request = ask(mine)
    browser = signed_in(supervisor(default_queue(), Queue.objects.get(name="Elsewhere")))
    page = f"{LIST}{request.pk}/change/"
    assert "Somebody" in text(browser.get(LIST))
    shown = text(browser.get(page))
    for words in ("Somebody", "Ana Ruiz", "+34 600 12 34 56", "She knows her number", "The customer says so", "Lena"):
        assert words in shown
    wrong = browser.post(page, {"decision": str(mine.contact_id)})
    assert (wrong.status_code, Contact.objects.filter(merged_into=None).count()) == (200, 2)
    assert browser.post(page, {"decision": str(known.pk)}).status_code == 302
    request.refresh_from_db()
    assert (request.state, request.other, request.decided_at is not None) == ("confirmed", known, True)
    assert Conversation.objects.get(pk=mine.pk).contact == known
    assert "Confirmed" in text(browser.get(page))
    assert browser.post(page, {"decision": "nobody"}).status_code == 403


def test_of_an_address_or_a_name_whoever_may_be_meant_is_shown(mine: Conversation, known: Contact) -> None:
    request = ask(mine, about="ruiz")
    browser = signed_in(user_as("administrator"))
    page = f"{LIST}{request.pk}/change/"
    assert "Ana Ruiz" in text(browser.get(page))
    assert browser.post(page, {"decision": "nobody"}).status_code == 302
    request.refresh_from_db()
    assert (request.state, Conversation.objects.get(pk=mine.pk).contact) == ("declined", mine.contact)


def test_whoever_may_read_both_and_merges_them_has_answered(mine: Conversation, known: Contact) -> None:
    request = ask(mine)
    boss = user_as("owner")
    contact_merge_checked(kept_id=mine.contact_id, gone_id=known.pk, taken=(), actor=boss)
    request.refresh_from_db()
    assert (request.state, request.decided_by) == ("confirmed", boss)


def test_who_was_asked_about_may_have_become_part_of_a_third(mine: Conversation, known: Contact) -> None:
    request = ask(mine)
    third = arrive().contact
    contact_merge_checked(kept_id=third.pk, gone_id=mine.contact_id, taken=(), actor=user_as("owner"))
    merge_request_decide(request_id=request.pk, other_id=known.pk, actor=user_as("administrator"))
    assert Conversation.objects.get(pk=mine.pk).contact == known
    assert Contact.objects.get(pk=third.pk).merged_into == known


def test_frm_6_what_an_agent_writes_to_a_supervisor_is_masked(mine: Conversation, known: Contact) -> None:
    assert mine.agent is not None
    request = merge_request_create(
        conversation_id=mine.pk, about="", reason="It is 4111 1111 1111 1111", actor=mine.agent
    )
    assert "4111" not in request.reason


def test_a_supervisor_of_one_of_them_sees_nothing_of_it(mine: Conversation, known: Contact) -> None:
    request = ask(mine)
    browser = signed_in(supervisor(default_queue()))
    assert "Somebody" not in text(browser.get(LIST))
    assert browser.get(f"{LIST}{request.pk}/change/").status_code == 302
    assert browser.post(f"{LIST}{request.pk}/change/", {"decision": str(known.pk)}).status_code == 302
    request.refresh_from_db()
    assert request.state == "waiting"


def test_who_may_be_meant_is_only_whom_the_supervisor_may_read(mine: Conversation, known: Contact) -> None:
    request = ask(mine, about="ruiz")
    browser = signed_in(supervisor(default_queue()))
    assert "Ana Ruiz" not in text(browser.get(f"{LIST}{request.pk}/change/"))
    assert browser.post(f"{LIST}{request.pk}/change/", {"decision": str(known.pk)}).status_code == 200
    request.refresh_from_db()
    assert request.state == "waiting"
