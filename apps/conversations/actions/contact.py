"""Whose conversation it is, once that is known better (CHAT-12, CON-5)."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from apps.contacts.actions import contact_get_or_create
from apps.contacts.models import Contact, ProvenEmail
from apps.contacts.selectors import contact_by_proven_email
from apps.conversations.choices import EventKind, Side
from apps.conversations.events import ConversationContactChanged
from apps.conversations.models import Conversation, Segment
from apps.conversations.steps import rows as steps
from apps.core.events import announce
from apps.core.rows import row_add_once


@transaction.atomic
def conversation_change_contact(*, conversation_id: UUID, contact: Contact) -> Conversation:
    """Give a conversation to the contact whose it has been proven to be (CHAT-12).

    Whoever has it from now on serves that contact, and may see what came before; who had it earlier may not.

    Raises:
        DomainError: ``conversation_unknown``.
    """
    conversation = steps.conversation_lock(conversation_id)
    if conversation.contact_id == contact.pk:
        return conversation
    before = conversation.contact_id
    conversations_change_contact([conversation.pk], contact=contact, is_proven=True)
    conversation.refresh_from_db(fields=["contact", "began_with", "joined_at"])
    steps.fields_update(conversation, version=conversation.version + 1)
    at = timezone.now()
    words = {"before": str(before), "contact": str(contact.pk)}
    steps.timeline_record(conversation, EventKind.CONTACT_CHANGED, at=at, actor=None, side=Side.CUSTOMER, **words)
    steps.state_publish(conversation)
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
    conversation = steps.conversation_lock(conversation_id)
    contact = conversation.contact
    if contact_by_proven_email(email) is None and contact.email == email and _is_all_of(contact, conversation):
        row_add_once(ProvenEmail(email=email, contact=contact))
    return conversation_change_contact(
        conversation_id=conversation_id, contact=contact_get_or_create(email=email, name=contact.name)
    )


def _is_all_of(contact: Contact, conversation: Conversation) -> bool:
    return not Conversation.objects.filter(contact=contact).exclude(pk=conversation.pk).exists()


def conversations_change_contact(keys: Iterable[UUID], *, contact: Contact, is_proven: bool) -> None:
    """Give conversations to another contact, and keep what decides who may read them from then on. The caller locks.

    Args:
        keys: of the conversations.
        contact: whose they are from now on.
        is_proven: their customer has proven to be that contact: who talks with them now serves the contact.
    """
    joined, now = list(keys), timezone.now()
    if not joined:
        return
    Conversation.objects.filter(pk__in=joined).update(
        began_with=Coalesce("began_with", "contact"), joined_at=now, contact=contact
    )
    if is_proven:
        going_on = Segment.objects.filter(conversation__in=joined, wrap_up_at=None, ended_at=None)
        going_on.update(proven_at=now)


def conversation_inherit_origin(*, conversation: Conversation, source: Conversation) -> None:
    """What was split off another conversation of the same contact began with whom that one did (CON-5).

    As its own beginning counts the contact's: whoever splits it off and takes it serves nobody anew. The caller holds
    both locks.

    Args:
        conversation: the new one, with nobody yet.
        source: the one that it was a part of.
    """
    if conversation.contact_id != source.contact_id:
        return
    began_with, joined_at = source.began_with or source.contact_id, source.joined_at or source.contact.created_at
    steps.fields_update(conversation, began_with=began_with, joined_at=joined_at)
    Segment.objects.filter(conversation=conversation).update(proven_at=steps.proof_time(source))
