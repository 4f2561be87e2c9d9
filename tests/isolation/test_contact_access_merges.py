"""A merge, or a request for one, of somebody whom an agent never served (CON-5)."""

import pytest

from apps.accounts.models import User
from apps.agents.models import Agent, Membership
from apps.contacts.actions import contact_create
from apps.contacts.models import Contact
from apps.conversations.actions import (
    contact_merge_checked,
    merge_request_create,
    merge_request_decide,
)
from apps.conversations.models import Conversation
from apps.conversations.selectors import (
    contacts_readable_by,
    contacts_writable_by,
    conversation_readers,
    conversations_readable_by,
    merge_requests_decidable_by,
)
from apps.core.errors import DomainError
from apps.notes.selectors import notes_of_contact
from tests.isolation.strangers import ANA, Stranger, again, conversation_retake, ended, write_note
from tests.support.browser import user_as
from tests.support.people import ContactFactory, default_queue, talk

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_may_not_be_read_is_not_merged(ana: Stranger, agent: Agent) -> None:
    mine = talk(agent)
    for kept, gone in ((mine.contact_id, ana.contact.pk), (ana.contact.pk, mine.contact_id)):
        with pytest.raises(DomainError, match="contact_unknown"):
            contact_merge_checked(kept_id=kept, gone_id=gone, taken=(), actor=agent.user)
    assert not contacts_readable_by(agent.user).filter(pk=ana.contact.pk).exists()
    assert not ana.is_open_to(agent.user)


@pytest.mark.parametrize("keeps", ["theirs", "mine"])
def test_a_merge_opens_nothing_to_who_served_one_of_them_before(
    ana: Stranger, agent: Agent, boss: User, keeps: str
) -> None:
    """Both ways round, whoever merges, for the stay that goes on and for those that are over."""
    mine = talk(agent)
    before = ended(again(agent, mine.contact))
    write_note(mine, agent.user)
    kept, gone = (ana.contact.pk, mine.contact_id) if keeps == "theirs" else (mine.contact_id, ana.contact.pk)
    contact_merge_checked(kept_id=kept, gone_id=gone, taken=(), actor=boss)
    assert not ana.is_open_to(agent.user)
    assert ana.is_open_to(ana.colleague.user)
    mine_still = conversations_readable_by(agent.user).values_list("pk", flat=True)
    assert set(mine_still) == {mine.pk, before.pk}
    theirs = conversations_readable_by(ana.colleague.user).values_list("pk", flat=True)
    assert set(theirs) == {ana.conversation.pk}
    contact = Contact.objects.get(pk=kept)
    assert [each.author for each in notes_of_contact(contact.pk, user=agent.user).notes] == [agent.user]
    assert [each.author for each in notes_of_contact(contact.pk, user=ana.colleague.user).notes] == [ana.colleague.user]


def test_a_stay_after_a_merge_is_one_with_both(ana: Stranger, agent: Agent, boss: User) -> None:
    mine = ended(talk(agent))
    contact_merge_checked(kept_id=ana.contact.pk, gone_id=mine.contact_id, taken=(), actor=boss)
    again(agent, ana.contact)
    assert ana.is_open_to(agent.user)
    assert conversation_readers(Conversation.objects.get(pk=mine.pk)).filter(pk=agent.pk).exists()


def test_a_chain_of_merges_opens_nothing(ana: Stranger, agent: Agent, boss: User) -> None:
    mine, third = talk(agent).contact, ContactFactory()
    contact_merge_checked(kept_id=third.pk, gone_id=mine.pk, taken=(), actor=boss)
    contact_merge_checked(kept_id=ana.contact.pk, gone_id=third.pk, taken=(), actor=boss)
    assert not ana.is_open_to(agent.user)


def test_who_reads_a_part_of_somebody_makes_them_one_with_nobody(ana: Stranger, agent: Agent, boss: User) -> None:
    """The next chat of the one would open the rest of the other; a supervisor is asked."""
    mine, accomplice = ended(talk(agent)), talk(agent)
    contact_merge_checked(kept_id=ana.contact.pk, gone_id=mine.contact_id, taken=(), actor=boss)
    assert contacts_readable_by(agent.user).filter(pk=ana.contact.pk).exists()
    assert set(contacts_writable_by(agent.user)) == {accomplice.contact}
    for kept, gone in ((accomplice.contact_id, ana.contact.pk), (ana.contact.pk, accomplice.contact_id)):
        with pytest.raises(DomainError, match="contact_unknown"):
            contact_merge_checked(kept_id=kept, gone_id=gone, taken=(), actor=agent.user)
    again(agent, accomplice.contact)
    assert not ana.is_open_to(agent.user)
    merge_request_create(conversation_id=accomplice.pk, about=ANA, reason="", actor=agent.user)
    again(agent, ana.contact)
    assert contacts_writable_by(agent.user).filter(pk=ana.contact.pk).exists()
    assert ana.is_open_to(agent.user)


def test_who_supervises_makes_one_of_all_whom_they_may_know(ana: Stranger, agent: Agent, boss: User) -> None:
    supervisor, mine = user_as("supervisor"), talk(agent)
    Membership.objects.create(agent=supervisor.agent, queue=default_queue())
    contact_merge_checked(kept_id=ana.contact.pk, gone_id=mine.contact_id, taken=(), actor=boss)
    for user in (supervisor, boss):
        assert contacts_writable_by(user).filter(pk=ana.contact.pk).exists()


def test_a_further_stay_in_what_went_on_opens_nothing(ana: Stranger, agent: Agent, boss: User) -> None:
    mine = talk(agent)
    contact_merge_checked(kept_id=ana.contact.pk, gone_id=mine.contact_id, taken=(), actor=boss)
    conversation_retake(agent, mine)
    assert not ana.is_open_to(agent.user)
    assert conversations_readable_by(agent.user).filter(pk=mine.pk).exists()


def test_an_agent_asks_and_a_supervisor_of_both_decides(ana: Stranger, agent: Agent) -> None:
    """CON-5: what the agent says opens nothing by being confirmed; the next stay does."""
    mine = talk(agent)
    of_one, of_both = user_as("supervisor"), user_as("supervisor")
    for user, queues in ((of_one, [default_queue()]), (of_both, [default_queue(), ana.queue])):
        for queue in queues:
            Membership.objects.create(agent=user.agent, queue=queue)
    request = merge_request_create(conversation_id=mine.pk, about=ANA.upper(), reason="She said so", actor=agent.user)
    assert [merge_requests_decidable_by(user).exists() for user in (of_both, of_one, agent.user)] == [
        True,
        False,
        False,
    ]
    for user in (of_one, agent.user):
        with pytest.raises(DomainError, match="request_unknown"):
            merge_request_decide(request_id=request.pk, other_id=ana.contact.pk, actor=user)
    merge_request_decide(request_id=request.pk, other_id=ana.contact.pk, actor=of_both)
    mine.refresh_from_db()
    assert mine.contact == ana.contact
    assert "has confirmed that" in agent.notices.get().text
    assert not ana.is_open_to(agent.user)
    with pytest.raises(DomainError, match="request_decided"):
        merge_request_decide(request_id=request.pk, other_id=None, actor=of_both)


def test_a_request_that_is_declined_changes_nothing_and_is_told(ana: Stranger, agent: Agent, boss: User) -> None:
    mine = talk(agent, contact=contact_create(name="Somebody", email=ANA))
    request = merge_request_create(conversation_id=mine.pk, about="", reason="", actor=agent.user)
    with pytest.raises(DomainError, match="merge_requested"):
        merge_request_create(conversation_id=mine.pk, about="", reason="", actor=agent.user)
    merge_request_decide(request_id=request.pk, other_id=None, actor=boss)
    contact = Contact.objects.get(pk=mine.contact_id)
    assert (contact.claims, contact.merged_into) == (None, None)
    assert "has declined" in agent.notices.get().text
    assert not ana.is_open_to(agent.user)


def test_only_ones_own_conversation_is_asked_about(ana: Stranger, agent: Agent) -> None:
    with pytest.raises(DomainError, match="not_yours"):
        merge_request_create(conversation_id=ana.conversation.pk, about="Ana", reason="", actor=agent.user)
    with pytest.raises(DomainError, match="merge_about_nobody"):
        merge_request_create(conversation_id=talk(agent).pk, about="  ", reason="", actor=agent.user)
