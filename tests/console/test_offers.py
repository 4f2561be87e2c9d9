"""Offers are accepted and rejected, with htmx and without (CON-2, AGT-6, AGT-7)."""

from typing import Any

import pytest

from apps.conversations.actions import conversation_end
from apps.conversations.choices import Side
from apps.routing.choices import OfferState
from apps.routing.models import ChannelRules, Offer
from tests.support.pages import HTMX, browser_of, card_ids, elements
from tests.support.people import arrive, make_agent, ringing

pytestmark = pytest.mark.django_db(transaction=True)


def test_accepting_opens_the_conversation(acme: Any) -> None:
    """CON-2."""
    agent = make_agent()
    offer = ringing(arrive())
    assert offer is not None
    answer = browser_of(agent.user).post(f"/console/offers/{offer.pk}/accept/", headers=HTMX)
    address = f"/console/c/{offer.conversation_id}/"
    assert answer["HX-Push-Url"] == address
    assert elements(answer, "main", id="pane", data_state="active")
    assert card_ids(answer) == [str(offer.conversation_id)]
    assert not elements(answer, "li", data_offer=str(offer.pk))


def test_accepting_without_scripts_goes_to_the_conversation(acme: Any) -> None:
    agent = make_agent()
    offer = ringing(arrive())
    assert offer is not None
    answer = browser_of(agent.user).post(f"/console/offers/{offer.pk}/accept/")
    assert (answer.status_code, answer["Location"]) == (302, f"/console/c/{offer.conversation_id}/")


def test_an_offer_that_is_gone_says_so(acme: Any) -> None:
    agent = make_agent()
    offer = ringing(arrive())
    assert offer is not None
    conversation_end(conversation_id=offer.conversation_id, by=Side.CUSTOMER, actor=None)
    answer = browser_of(agent.user).post(f"/console/offers/{offer.pk}/accept/", headers=HTMX)
    assert answer.status_code == 409
    assert b"This offer is gone" in answer.content


@pytest.mark.parametrize("allowed", [False, True])
def test_rejecting_where_it_is_allowed(acme: Any, allowed: bool) -> None:
    """AGT-7."""
    ChannelRules.objects.filter(family="chat").update(may_reject=allowed)
    agent = make_agent()
    offer = ringing(arrive())
    assert offer is not None
    answer = browser_of(agent.user).post(f"/console/offers/{offer.pk}/reject/", headers=HTMX)
    assert answer.status_code == (200 if allowed else 409)
    expected = OfferState.REJECTED if allowed else OfferState.RINGING
    assert Offer.objects.get(pk=offer.pk).state == expected
