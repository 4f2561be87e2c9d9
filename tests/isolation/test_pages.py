"""Every address of a tenant's host, with ids of others: nothing changes or is told; a frozen tenant answers nothing.

Who is answered what by role is in tests/access.
"""

from contextlib import nullcontext
from uuid import uuid4

import pytest
from django_tenants.utils import tenant_context

from apps.agents.models import Agent
from apps.conversations.models import Conversation, ConversationEvent, Message
from apps.routing.models import Offer
from apps.tenants.actions import tenant_freeze
from tests.support import addresses
from tests.support.browser import signed_in
from tests.support.people import arrive, make_agent, ringing, talk

# Offers follow the commit.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

OPEN = {"operator-pass", "", "signin", "pictures", "widget.js", "widget", "demo", "files", "mail", "survey", "form"}
"""Areas that anybody may see; what they may do there is the business of their own tests."""
OWN = {"signout", "password", "account"}
"""Areas of whoever is signed in."""
PROGRAMS = {"scim"}
"""Areas of programs, which show a token."""
AREAS = OPEN | OWN | PROGRAMS | {"console", "admin"}

EVERY = addresses.every()
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


def test_programs_without_a_token_are_told_nothing(acme):
    """Nor are people who are signed in."""
    browser = signed_in(make_agent(available=False).user)
    answers = ask_all(browser, [address for address in EVERY if address.area in PROGRAMS])
    assert answers
    assert other_than(answers, 401) == {}


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
