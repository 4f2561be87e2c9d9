"""Outcomes that are corrected after the closing: by whom, with what, and what is kept of it (WRP-6, WRP-7)."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.agents.actions import agent_status_choose
from apps.agents.models import Membership
from apps.conversations.models import Conversation, ConversationEvent
from apps.core.errors import DomainError
from apps.dispositions.actions import outcome_correct, wrap_up_close
from apps.dispositions.models import Code, Outcome
from tests.support import invariants
from tests.support.browser import signed_in, user_as
from tests.support.dispositions import end, resolution
from tests.support.people import default_queue, make_agent, talk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def closed(acme: Any) -> Conversation:
    agent = make_agent()
    conversation = end(talk(agent))
    wrap_up_close(conversation_id=conversation.pk, chosen=[resolution()], description="Refunded", actor=agent.user)
    return conversation


def test_a_correction_is_logged(closed: Conversation) -> None:
    """WRP-6: supervisors may correct after closing."""
    supervisor = user_as("supervisor")
    Membership.objects.create(agent=supervisor.agent, queue=default_queue())
    outcome_correct(
        conversation_id=closed.pk, chosen=[resolution("Pending")], description="To be refunded", actor=supervisor
    )
    choice = closed.dispositions.get()
    assert (choice.code_name, choice.chosen_by, choice.description) == ("Pending", supervisor, "To be refunded")
    event = ConversationEvent.objects.get(kind="outcome_corrected")
    assert (event.actor, event.data) == (
        supervisor,
        {"was": {"Resolution": "Resolved", "": "Refunded"}, "now": {"Resolution": "Pending", "": "To be refunded"}},
    )
    outcome = Outcome.objects.get()
    assert (outcome.description, outcome.corrected_by) == ("To be refunded", supervisor)
    invariants.check_all()


def test_a_correction_may_keep_a_code_that_was_switched_off(closed: Conversation) -> None:
    """WRP-7."""
    Code.objects.filter(name="Resolved").update(is_enabled=False)
    before = closed.dispositions.get()
    outcome_correct(
        conversation_id=closed.pk, chosen=[resolution()], description="More", actor=user_as("administrator")
    )
    after = closed.dispositions.get()
    assert (after.pk, after.code_name, after.chosen_by, after.description) == (
        before.pk,
        "Resolved",
        before.chosen_by,
        "More",
    )


def test_who_may_not_correct(closed: Conversation) -> None:
    agent_status_choose(agent_id=closed.agent_id, code="away")
    open_one = end(talk(make_agent()))
    for actor, conversation, code in (
        (user_as("agent"), closed, "not_allowed"),
        (user_as("supervisor"), closed, "not_allowed"),
        (user_as("administrator"), open_one, "illegal_transition"),
    ):
        with pytest.raises(DomainError) as refused:
            outcome_correct(conversation_id=conversation.pk, chosen=[resolution()], description="", actor=actor)
        assert refused.value.code == code
    with pytest.raises(DomainError, match="disposition_required"):
        outcome_correct(conversation_id=closed.pk, chosen=[], description="", actor=user_as("owner"))


def test_the_page_of_outcomes_corrects(closed: Conversation) -> None:
    """WRP-6; a supervisor sees those of their own queues."""
    supervisor = user_as("supervisor")
    browser = signed_in(supervisor)
    name = closed.contact.display_name
    assert name not in browser.get("/admin/dispositions/outcome/").content.decode()
    address = f"/admin/dispositions/outcome/{closed.pk}/correct/"
    assert browser.get(address).status_code == 404
    Membership.objects.create(agent=supervisor.agent, queue=default_queue())
    assert name in browser.get("/admin/dispositions/outcome/").content.decode()
    page = browser.get(f"/admin/dispositions/outcome/{closed.pk}/change/").content.decode()
    assert "Resolved" in page
    assert address in page
    assert "Refunded" in browser.get(address).content.decode()
    pending = resolution("Pending")
    answer = browser.post(address, {str(pending.code_set): str(pending.code), "description": "Later"})
    assert answer.status_code == 302
    assert closed.dispositions.get().code_name == "Pending"
    refused = browser.post(address, {str(pending.code_set): "", "description": "Later"})
    assert refused.status_code == 200
    assert timezone.now() - Outcome.objects.get().corrected_at < timedelta(minutes=5)  # type: ignore[operator]
