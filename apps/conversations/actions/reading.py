"""Reading what others have said with customers is written down (AUD-1)."""

from hashlib import sha256
from typing import Final

from django.core.cache import cache
from django.db import transaction

from apps.accounts.models import User
from apps.audit.actions import audit_record
from apps.conversations.choices import AuditVerb
from apps.conversations.models import Conversation, Segment

AGAIN_SECONDS: Final = 3600
"""For how long reading on is the same reading."""


@transaction.atomic
def conversation_read_record(*, conversation: Conversation, actor: User) -> None:
    """Somebody reads a conversation: an entry once an hour, unless it is with them. One's own costs nothing."""
    if conversation.agent_id != actor.pk and _is_new("conversation", conversation, actor):
        audit_record(AuditVerb.READ, actor=actor, target=conversation, conversation=conversation.pk)


@transaction.atomic
def conversation_download_record(*, conversation: Conversation, name: str, actor: User) -> None:
    """Somebody has fetched a file of a conversation that is not theirs: an entry once an hour for each file.

    Args:
        conversation: where it was sent.
        name: the file's.
        actor: who has it now.
    """
    if conversation.agent_id != actor.pk and _is_new(f"file:{name}", conversation, actor):
        audit_record(
            AuditVerb.DOWNLOAD, actor=actor, target=conversation, detail={"file": name}, conversation=conversation.pk
        )


def _is_new(what: str, conversation: Conversation, actor: User) -> bool:
    """Whether it has not been asked for within the hour, and the conversation never was with whoever asks."""
    key = f"audit:{actor.pk}:{conversation.pk}:{_short(what)}"
    if not cache.add(key, 1, AGAIN_SECONDS):
        return False
    return not Segment.objects.filter(conversation=conversation, agent=actor).exists()


def _short(text: str) -> str:
    """A text as part of a key: of any characters and any length."""
    return sha256(text.encode()).hexdigest()[:16]
