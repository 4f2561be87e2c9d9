"""Whose conversation it is, once that is known better."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.contacts.models import Contact
from apps.conversations.actions import _steps as steps
from apps.conversations.choices import EventKind, Side
from apps.conversations.events import ConversationContactChanged
from apps.conversations.models import Conversation
from apps.core.events import announce


@transaction.atomic
def conversation_contact_change(*, conversation_id: UUID, contact: Contact) -> Conversation:
    """Give a conversation to the contact whose it has turned out to be (CHAT-12).

    Raises:
        DomainError: ``conversation_unknown``.
    """
    conversation = steps.lock(conversation_id)
    if conversation.contact_id == contact.pk:
        return conversation
    before = conversation.contact_id
    steps.change(conversation, contact=contact, version=conversation.version + 1)
    at = timezone.now()
    words = {"before": str(before), "contact": str(contact.pk)}
    steps.record(conversation, EventKind.CONTACT_CHANGED, at=at, actor=None, side=Side.CUSTOMER, **words)
    steps.tell_state(conversation)
    announce(ConversationContactChanged(conversation))
    return conversation
