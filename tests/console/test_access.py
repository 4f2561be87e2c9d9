"""What the console's addresses say to nobody, without a token, and to whom an offer or conversation is not."""

from typing import Any
from uuid import UUID

import pytest

from apps.conversations.models import Conversation
from tests.support.browser import Browser
from tests.support.dispositions import ended, outcome
from tests.support.pages import browser_of
from tests.support.people import arrive, make_agent, ringing, talk

pytestmark = pytest.mark.django_db(transaction=True)

NOBODY = UUID(int=7)


@pytest.mark.parametrize(
    "path",
    [
        "/console/status/",
        f"/console/offers/{NOBODY}/accept/",
        f"/console/offers/{NOBODY}/reject/",
        f"/console/pick/{NOBODY}/",
        f"/console/c/{NOBODY}/end/",
        f"/console/c/{NOBODY}/close/",
    ],
)
def test_nobody_presses_a_button(acme: Any, path: str) -> None:
    assert Browser("acme.localhost").post(path)["Location"] == "/signin/?next=/console/"
    agent = make_agent()
    assert browser_of(agent.user).get(path).status_code == 405
    assert browser_of(agent.user, enforce_csrf_checks=False).post(path).status_code in {404, 409}


def test_a_button_needs_its_token(acme: Any) -> None:
    agent = make_agent(available=False)
    browser = browser_of(agent.user)
    browser.client.handler.enforce_csrf_checks = True
    assert browser.post("/console/status/", {"code": "available"}).status_code == 403
    agent.refresh_from_db()
    assert agent.base == "away"


def test_another_agents_offer_and_conversation_are_refused(acme: Any) -> None:
    mine = make_agent(chat=2)
    live, over, offer = talk(mine), ended(mine), ringing(arrive())
    assert offer is not None
    browser = browser_of(make_agent(available=False).user)
    for path in (
        f"/console/offers/{offer.pk}/accept/",
        f"/console/c/{live.pk}/end/",
        f"/console/c/{over.pk}/close/",
    ):
        assert browser.post(path, outcome()).status_code == 409
    states = Conversation.objects.in_bulk([live.pk, over.pk, offer.conversation_id])
    assert [states[pk].state for pk in (live.pk, over.pk, offer.conversation_id)] == ["active", "wrap_up", "offered"]
