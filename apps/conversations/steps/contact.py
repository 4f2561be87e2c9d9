"""Whose conversations are (CON-5): the caller holds their locks."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models.functions import Coalesce
from django.utils import timezone

from apps.contacts.models import Contact
from apps.conversations.models import Conversation, Segment
from apps.conversations.steps.rows import fields_update
from apps.conversations.steps.segments import proof_time


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
    fields_update(conversation, began_with=began_with, joined_at=joined_at)
    Segment.objects.filter(conversation=conversation).update(proven_at=proof_time(source))
