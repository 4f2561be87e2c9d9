"""Drafts: what an agent has begun to write in a conversation, kept until it is sent or the conversation ends."""

import re
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.conversations.steps import conversation_lock
from apps.conversations.text import MAX_LENGTH
from apps.core.errors import DomainError
from apps.core.rows import rows_delete
from apps.masking.choices import Speaker
from apps.masking.selectors import mask_text
from apps.responses.choices import DRAFT_STATES, Refusal
from apps.responses.models import Draft

_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")
"""What PostgreSQL can't hold; everything else is the agent's business until it is sent."""


@transaction.atomic
def draft_save(*, conversation_id: UUID, body: str, actor: User) -> Draft | None:
    """Keep what stands in an agent's compose bar; nothing but blanks is kept as nothing.

    Only the agent who has the conversation keeps one, and nobody else is ever shown it. The conversation's lock comes
    first, so that no draft is left behind by an end that happens at the same time.

    Args:
        conversation_id: a conversation of the actor's that has not ended.
        body: as it stands there, at most `MAX_LENGTH` characters; it is kept as it would be stored when sent (FRM-6).
        actor: the agent who writes.

    Returns:
        The draft, or nothing where there is none now.

    Raises:
        DomainError: ``conversation_unknown``, ``not_yours``, ``conversation_ended``, ``message_too_long``,
            ``masking_too_long``.
    """
    conversation = conversation_lock(conversation_id)
    if conversation.agent_id != actor.pk:
        raise DomainError(Refusal.NOT_YOURS, _("This conversation is not with you."))
    if conversation.state not in DRAFT_STATES:
        raise DomainError(Refusal.CONVERSATION_ENDED, _("This conversation has ended."))
    text = _UNSTORABLE.sub("", body)
    if len(text) > MAX_LENGTH:
        message = _("This message is too long: %(max)s characters at most.") % {"max": MAX_LENGTH}
        raise DomainError(Refusal.MESSAGE_TOO_LONG, message, max=MAX_LENGTH)
    if not text.strip():
        rows_delete(Draft, conversation=conversation.pk, agent=actor.pk)
        return None
    text = mask_text(text, queue_id=conversation.queue_id, who=Speaker.AGENT).text
    (draft,) = Draft.objects.bulk_create(
        [Draft(conversation=conversation, agent=actor, body=text, saved_at=timezone.now())],
        update_conflicts=True,
        unique_fields=["conversation", "agent"],
        update_fields=["body", "saved_at"],
    )
    return draft
