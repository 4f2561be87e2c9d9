"""Reading what others have said with customers is written down (AUD-1)."""

from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.actions import audit_record
from apps.audit.selectors import was_recorded
from apps.conversations.choices import AuditVerb
from apps.conversations.models import Conversation, Segment

AGAIN_AFTER: Final = timedelta(hours=1)
"""How long reading on is the same reading."""


@transaction.atomic
def conversation_read_record(*, conversation: Conversation, actor: User) -> None:
    """Somebody reads a conversation: an entry once an hour, unless it is, or was, with them."""
    _record(AuditVerb.READ, conversation, actor)


@transaction.atomic
def conversation_download_record(*, conversation: Conversation, name: str, actor: User) -> None:
    """Somebody has fetched a file of a conversation that is not theirs: an entry once an hour for each file.

    Args:
        conversation: where it was sent.
        name: the file's.
        actor: who has it now.
    """
    _record(AuditVerb.DOWNLOAD, conversation, actor, file=name)


def _record(verb: AuditVerb, conversation: Conversation, actor: User, **detail: Any) -> None:
    if conversation.agent_id == actor.pk or Segment.objects.filter(conversation=conversation, agent=actor).exists():
        return
    since = timezone.now() - AGAIN_AFTER
    # The log itself says so: what is only remembered elsewhere may be remembered of a page that nobody got.
    if not was_recorded(verb, actor=actor.pk, conversation=conversation.pk, since=since, detail=detail):
        audit_record(verb, actor=actor, target=conversation, detail=detail, conversation=conversation.pk)
