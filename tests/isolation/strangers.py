"""An agent, and somebody whom a colleague of theirs has served."""

from typing import Any
from uuid import uuid4

from apps.accounts.models import User
from apps.agents.models import Agent, Membership
from apps.console.panel.selectors import conversations_of_contact, past_conversation_of
from apps.contacts.models import Contact
from apps.conversations.actions import (
    conversation_end,
)
from apps.conversations.choices import Side
from apps.conversations.models import Conversation
from apps.conversations.selectors import (
    conversation_readers,
    conversations_readable_by,
)
from apps.core.errors import DomainError
from apps.forms.actions import form_reveal
from apps.forms.selectors import sent_form_for
from apps.notes.actions import note_add
from apps.notes.models import Note
from apps.notes.selectors import note_of, notes_of_contact
from apps.queues.models import Queue
from apps.routing.actions import offer_accept
from apps.transfers.actions import transfer_to_queue
from tests.support.forms import ANSWERS, fill, send, talked
from tests.support.people import ContactFactory, make_agent, ringing, talk

ANA = "ana@example.test"


class Stranger:
    """Ana, whom a colleague has served in another queue: a conversation, a note, a form with secured values."""

    def __init__(self) -> None:
        self.queue = Queue.objects.create(name="Elsewhere")
        self.colleague = make_agent(queues=[self.queue], chat=9)
        self.contact = ContactFactory(name="Ana Ruiz", email=ANA)
        self.conversation = talked(self.colleague, contact=self.contact, queue=self.queue, body="My secret")
        self.form = fill(send(self.colleague, conversation=self.conversation), **ANSWERS)
        self.note = write_note(self.conversation, self.colleague.user)

    def is_open_to(self, user: User) -> bool:
        """Whether anything of hers is: all doors say the same."""
        contact = Conversation.objects.get(pk=self.conversation.pk).contact
        ways = {
            "read": conversations_readable_by(user).filter(pk=self.conversation.pk).exists(),
            "reader": conversation_readers(Conversation.objects.get(pk=self.conversation.pk))
            .filter(pk=user.pk)
            .exists(),
            "listed": self.conversation in conversations_of_contact(user, contact.pk).conversations,
            "past": past_conversation_of(user, self.conversation.pk) is not None,
            "note": note_of(user, self.note.pk) is not None,
            "notes": self.note in notes_of_contact(contact.pk, user=user).notes,
            "form": sent_form_for(user, self.form.pk) is not None,
            "reveal": self._reveals(user),
        }
        assert len(set(ways.values())) == 1, ways
        return ways["read"]

    def _reveals(self, user: User) -> bool:
        try:
            form_reveal(sent_id=self.form.pk, name="card", reason="", actor=user)
        except DomainError as refused:
            assert refused.code == "form_unknown"
            return False
        return True


def write_note(conversation: Conversation, author: User, *, on_contact: bool = True) -> Note:
    return note_add(
        conversation_id=conversation.pk, key=uuid4(), body="She is ill", on_contact=on_contact, actor=author
    ).note


def ended(conversation: Conversation) -> Conversation:
    conversation_end(conversation_id=conversation.pk, by=Side.CUSTOMER, actor=None)
    return conversation


def again(agent: Agent, contact: Contact, **arrival: Any) -> Conversation:
    return talk(agent, contact=Contact.objects.get(pk=contact.pk), **arrival)


def conversation_retake(agent: Agent, conversation: Conversation) -> Conversation:
    """Given to another queue of one's own, and accepted from there."""
    queue = Queue.objects.create(name=f"Next {uuid4()}")
    Membership.objects.create(agent=agent, queue=queue)
    transfer_to_queue(conversation_id=conversation.pk, queue_id=queue.pk, actor=agent.user)
    return offer_take(agent, conversation)


def offer_take(agent: Agent, conversation: Conversation) -> Conversation:
    offer = ringing(conversation)
    assert offer is not None
    assert offer.agent_id == agent.pk
    offer_accept(offer_id=offer.pk, actor=agent.user)
    return Conversation.objects.get(pk=conversation.pk)
