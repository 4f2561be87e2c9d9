"""Whose conversation it is, once that is known better (CHAT-12, CON-5)."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.contacts.actions import contact_get_or_create
from apps.contacts.models import Contact, ProvenEmail
from apps.contacts.selectors import contact_by_proven_email
from apps.conversations.choices import EventKind, Side
from apps.conversations.events import ConversationContactChanged
from apps.conversations.models import Conversation
from apps.conversations.steps.contact import conversations_change_contact
from apps.conversations.steps.rows import conversation_lock, fields_update, state_publish, timeline_record
from apps.core.events import announce
from apps.core.rows import row_add_once


@transaction.atomic
def conversation_change_contact(*, conversation_id: UUID, contact: Contact) -> Conversation:
    """Give a conversation to the contact whose it has been proven to be (CHAT-12).

    Whoever has it from now on serves that contact, and may see what came before; who had it earlier may not.

    Raises:
        DomainError: ``conversation_unknown``.
    """
    conversation = conversation_lock(conversation_id)
    if conversation.contact_id == contact.pk:
        return conversation
    before = conversation.contact_id
    conversations_change_contact([conversation.pk], contact=contact, is_proven=True)
    conversation.refresh_from_db(fields=["contact", "began_with", "joined_at"])
    fields_update(conversation, version=conversation.version + 1)
    at = timezone.now()
    words = {"before": str(before), "contact": str(contact.pk)}
    timeline_record(conversation, EventKind.CONTACT_CHANGED, at=at, actor=None, side=Side.CUSTOMER, **words)
    state_publish(conversation)
    announce(ConversationContactChanged(conversation))
    return conversation


@transaction.atomic
def conversation_prove_contact(*, conversation_id: UUID, email: str) -> Conversation:
    """A mail has come that is proven to be this address's: the conversation is that address's, too (CHAT-12).

    Something vouches for it, or it answers a mail that had gone to that address alone.

    The conversation, and no more: whoever answers a mail has not said whose a browser is that gave their address. It
    becomes the contact's whose address that is proven to be. Where it is nobody's yet, it is the conversation's own
    contact's, if they are known by it and have no other conversation, else somebody new's.

    Args:
        conversation_id: the conversation in which the answer came.
        email: cleaned.

    Raises:
        DomainError: ``conversation_unknown``.
    """
    conversation = conversation_lock(conversation_id)
    contact = conversation.contact
    if contact_by_proven_email(email) is None and contact.email == email and _is_all_of(contact, conversation):
        row_add_once(ProvenEmail(email=email, contact=contact))
    return conversation_change_contact(
        conversation_id=conversation_id, contact=contact_get_or_create(email=email, name=contact.name)
    )


def _is_all_of(contact: Contact, conversation: Conversation) -> bool:
    return not Conversation.objects.filter(contact=contact).exclude(pk=conversation.pk).exists()
