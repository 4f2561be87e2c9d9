"""The skills bar: what a conversation asks for, changed by its agent (XFR-1, RTE-1)."""

from uuid import uuid4

import pytest

from apps.conversations.actions import conversation_end
from apps.conversations.choices import ReturnCause
from apps.conversations.steps import conversation_return
from apps.routing.actions import conversation_requeue, queue_reevaluate
from apps.transfers.actions import conversation_skill_add, conversation_skill_remove
from apps.transfers.models import TransferSettings
from tests.support import invariants
from tests.support.people import default_queue, make_agent, ringing, talk
from tests.support.transfers import asked_for, asks, refused, settings, skill

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _tenant(acme):
    settings(skills_live=True)
    yield
    invariants.check_all()


def change(conversation, agent, *, add=None, remove=None):
    if add is not None:
        return conversation_skill_add(conversation_id=conversation.pk, skill_id=add.pk, actor=agent.user)
    return conversation_skill_remove(conversation_id=conversation.pk, skill_id=remove.pk, actor=agent.user)


def test_skill_modification_is_off_by_default(acme):
    """XFR-1."""
    TransferSettings.objects.all().delete()
    made = TransferSettings.load()
    assert (made.skills_live, made.skills_on_transfer, made.enforces_skills) == (False, False, False)
    assert made.destinations == "both"


def test_adding_and_removing_is_seen_and_written_down():
    agent = make_agent()
    mine = talk(agent)
    spanish = skill("Spanish")
    version = mine.version
    assert change(mine, agent, add=spanish) == [spanish]
    mine.refresh_from_db()
    assert mine.version == version + 1
    event = mine.timeline.get(kind="skills_changed")
    assert (event.actor, event.data) == (agent.user, {"added": ["Spanish"], "removed": []})
    assert change(mine, agent, remove=spanish) == []
    assert asked_for(mine) == []


def test_doing_it_twice_is_doing_it_once():
    agent = make_agent()
    mine, spanish = talk(agent), skill("Spanish")
    for _ in range(2):
        change(mine, agent, add=spanish)
    for _ in range(2):
        change(mine, agent, remove=spanish)
    assert mine.timeline.filter(kind="skills_changed").count() == 2


def test_what_the_queue_asked_for_can_be_removed_and_stays_removed():
    """XFR-1: the conversation's skills, whoever asked for them."""
    agent = make_agent()
    billing = skill("Billing", holders=(agent,))
    asks(default_queue(), billing)
    mine = talk(agent)
    assert asked_for(mine) == ["Billing"]
    change(mine, agent, remove=billing)
    assert asked_for(mine) == []
    queue_reevaluate(queue=default_queue())
    assert asked_for(mine) == []
    change(mine, agent, add=billing)
    assert asked_for(mine) == ["Billing"]


def test_a_skill_that_would_expire_is_made_to_stay():
    agent = make_agent()
    billing = skill("Billing", holders=(agent,))
    asks(default_queue(), billing, seconds=600)
    mine = talk(agent)
    change(mine, agent, add=billing)
    assert mine.requirements.get().expires_at is None


def test_it_comes_back_to_the_queue_with_them():
    """RTE-1: who gets it next must hold what the agent added."""
    agent = make_agent()
    mine = talk(agent)
    speaker = make_agent()
    spanish = skill("Spanish", holders=(speaker,))
    change(mine, agent, add=spanish)
    from django.db import transaction

    from apps.conversations.steps import conversation_lock

    with transaction.atomic():
        conversation_return(conversation=conversation_lock(mine.pk), cause=ReturnCause.REQUEUED)
    assert ringing(mine).agent_id == speaker.pk
    assert conversation_requeue is not None


@pytest.mark.parametrize(
    ("wrong", "code"),
    [("off", "skills_fixed"), ("other", "not_yours"), ("ended", "not_active"), ("unknown", "skill_unknown")],
)
def test_who_may_not(wrong, code):
    agent, other = make_agent(), make_agent(queues=[])
    mine, spanish = talk(agent), skill("Spanish")
    actor = other if wrong == "other" else agent
    if wrong == "off":
        settings(skills_live=False)
    if wrong == "ended":
        conversation_end(conversation_id=mine.pk, by="agent", actor=agent.user)
    if wrong == "unknown":
        spanish.pk = uuid4()
    for kind in ("add", "remove"):
        assert refused(lambda kind=kind: change(mine, actor, **{kind: spanish})) == code
    assert not mine.requirements.exists()
