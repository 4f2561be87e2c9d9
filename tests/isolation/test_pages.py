"""Every address of a tenant's host, tried by everybody who has no business there."""

from contextlib import nullcontext
from uuid import uuid4

import pytest
from django_tenants.utils import tenant_context

from apps.accounts.actions import user_deactivate
from apps.accounts.models import Role
from apps.accounts.permissions import Permission
from apps.agents.models import Agent
from apps.conversations.models import Conversation, ConversationEvent, Message
from apps.routing.models import Offer
from apps.tenants.actions import tenant_freeze
from tests.support import addresses
from tests.support.browser import Browser, signed_in, user_as
from tests.support.people import arrive, make_agent, ringing, talk

# Offers follow the commit.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

OPEN = {"operator-pass", "", "signin", "pictures", "widget.js", "widget", "demo", "files", "mail", "survey", "form"}
"""Areas that anybody may see; what they may do there is the business of their own tests."""
OWN = {"signout", "password", "account"}
"""Areas of whoever is signed in."""
AREAS = OPEN | OWN | {"console", "admin"}

SIGN_IN = "/signin/"
ADMIN_DOOR = "/admin/login/"
"""Leads to the sign-in page, and refuses those who are signed in and have no business in the admin."""
DOORS = (SIGN_IN, ADMIN_DOOR, "/admin/")

EVERY = addresses.every()
GUARDED = [address for address in EVERY if address.area not in OPEN]
CONSOLE = [address for address in EVERY if address.area == "console"]
ADMIN = [address for address in EVERY if address.area == "admin"]


def ask(browser, address, ids=None):
    """Try an address in both ways; 405 is no way in."""
    path = address.path({"uuid": str(uuid4()), **(ids or {})})
    answers = [browser.get(path), browser.post(path)]
    return [answer for answer in answers if answer.status_code != 405]


def ask_all(browser, where, ids=None):
    """What each of these addresses answers: status, and where a redirection leads."""
    return {address.route: {said(answer) for answer in ask(browser, address, ids)} for address in where}


def said(answer):
    """An answer in a word."""
    return answer.headers["Location"].split("?")[0] if answer.status_code == 302 else answer.status_code


def other_than(answers, *expected):
    """Addresses that answer anything else, or nothing."""
    return {route: got for route, got in answers.items() if not got or not got <= set(expected)}


def everything():
    """What a trespasser might change."""
    return {
        "conversations": list(Conversation.objects.order_by("pk").values_list("pk", "state", "version", "agent")),
        "offers": list(Offer.objects.order_by("pk").values_list("pk", "state")),
        "messages": Message.objects.count(),
        "timeline": ConversationEvent.objects.count(),
        "agents": list(Agent.objects.order_by("pk").values_list("pk", "status", "console_id")),
    }


@pytest.fixture
def busy(acme):
    """An agent of acme with a conversation, and another that rings."""
    agent = make_agent()
    return {"agent": agent, "active": talk(agent), "offer": ringing(arrive())}


def ids_of(busy):
    return {"conversation_id": str(busy["active"].pk), "offer_id": str(busy["offer"].pk)}


def test_every_address_has_its_area(acme):
    """A new address belongs into a list above, or under one that is there."""
    assert {address.area for address in EVERY} <= AREAS
    assert len(CONSOLE) >= 8
    assert len(ADMIN) >= 20


def test_nobody_is_sent_to_the_sign_in(busy):
    before = everything()
    answers = ask_all(Browser("acme.localhost"), GUARDED, ids_of(busy))
    assert other_than(answers, *DOORS) == {}
    assert everything() == before


def test_who_has_not_the_console_is_refused(busy):
    role = Role.objects.create(code="reports", name="Reports", permissions=[Permission.REPORTS])
    user = user_as("agent")
    browser = signed_in(user)
    user.role = role
    user.save(update_fields=["role"])
    before = everything()
    assert other_than(ask_all(browser, CONSOLE, ids_of(busy)), 403) == {}
    assert everything() == before


def test_an_agent_has_no_business_in_the_admin(busy):
    browser = signed_in(user_as("agent"))
    before = everything()
    assert other_than(ask_all(browser, ADMIN, ids_of(busy)), 403, 404, *DOORS[1:]) == {}
    assert said(browser.get(ADMIN_DOOR)) == 403
    assert everything() == before


def test_a_session_of_another_tenant_is_nobody(busy, globex):
    """TEN-1: even a user of the same id, name and password."""
    thief = Browser("acme.localhost")
    with tenant_context(globex):
        theirs = user_as("owner", id=busy["agent"].pk, email=busy["agent"].user.email)
        thief.steal_cookies(signed_in(theirs, "globex.localhost"))
    before = everything()
    assert other_than(ask_all(thief, GUARDED, ids_of(busy)), *DOORS) == {}
    assert everything() == before


@pytest.mark.parametrize("whose", ["globex", "acme"])
def test_ids_of_others_do_not_exist(busy, globex, whose):
    """TEN-1, TEN-5: of another tenant, of another agent: 404 where something is shown, 409 where something is done."""
    with tenant_context(globex) if whose == "globex" else nullcontext():
        browser = signed_in(make_agent(available=False).user, f"{whose}.localhost")
    before = everything()
    name = busy["active"].contact.display_name
    for address in CONSOLE:
        if address.arguments:
            for answer in ask(browser, address, ids_of(busy)):
                assert answer.status_code in {404, 409}, address.route
                assert name not in answer.content.decode(), address.route
    assert everything() == before


def test_a_frozen_tenant_answers_nothing(busy, acme):
    """TEN-2: not even to its own agents, and none of its open pages."""
    browser = signed_in(busy["agent"].user)
    before = everything()
    tenant_freeze(tenant=acme, frozen=True)
    assert other_than(ask_all(browser, EVERY, ids_of(busy)), 503) == {}
    assert everything() == before


def test_a_deactivated_user_is_nobody(busy):
    """TEN-6: the session that was open ends at once."""
    user = user_as("administrator")
    browser = signed_in(user)
    assert browser.get("/console/").status_code == 200
    user_deactivate(user=user, actor=None)
    assert other_than(ask_all(browser, GUARDED, ids_of(busy)), *DOORS) == {}
