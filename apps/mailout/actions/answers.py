"""An agent who writes an answer answers a newer mail instead: what came while they were writing (EML-9)."""

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.conversations.steps import conversation_lock
from apps.core.errors import DomainError
from apps.email.choices import DraftKind
from apps.email.models import MailDraft, MailMessage
from apps.mailout.actions.drafts import draft_save
from apps.mailout.choices import Refusal
from apps.mailout.draft_content import DraftContent
from apps.mailout.draft_refusals import refuse_writing
from apps.mailout.selectors.answers import Answer, answer_prefill, mail_to_answer
from apps.mime.types import Address


@transaction.atomic
def draft_answer_newest(
    *,
    draft_id: UUID,
    version: int,
    content: DraftContent,
    actor: User,
    conversation_id: UUID,
    kind: DraftKind,
    answers_id: UUID | None = None,
) -> MailDraft:
    """Have a draft answer the newest mail of its conversation, with the text that it has (EML-9).

    It goes to whom an answer to that one goes, and to whoever its writer had added; under its subject, unless its
    writer had chosen another.

    Args:
        draft_id: the editor's own key.
        version: of the draft that the editor has; nought while it was never saved.
        content: what it holds.
        actor: who writes.
        conversation_id: where.
        kind: reply or reply all: one that hands a mail on is about that one.
        answers_id: the message that it has answered so far.

    Raises:
        DomainError: ``mail_unknown`` where there is none to answer, or what `draft_save` refuses while an editor
            closes.
    """
    conversation = conversation_lock(conversation_id)
    refuse_writing(conversation, actor)
    newest = mail_to_answer(conversation.pk)
    if newest is None or kind not in (DraftKind.REPLY, DraftKind.REPLY_ALL):
        raise DomainError(Refusal.MAIL_UNKNOWN, _("There is no such mail."))
    before = MailMessage.objects.filter(pk=answers_id, conversation=conversation).first()
    draft = draft_save(
        draft_id=draft_id,
        version=version,
        content=_answering(
            content, answer_prefill(before.pk, kind) if before else None, answer_prefill(newest.pk, kind)
        ),
        actor=actor,
        conversation_id=conversation.pk,
        kind=kind,
        answers_id=newest.pk,
        seen=conversation.last_number,
        closing=True,
    )
    if draft.answers_id != newest.pk:
        draft.answers, draft.version = newest, draft.version + 1
        draft.save(update_fields=["answers", "version"])
    return draft


def _answering(content: DraftContent, before: Answer | None, now: Answer) -> DraftContent:
    """What an editor holds once it answers another mail."""
    proposed = (*before.to, *before.cc) if before else ()
    cc = _without(now.cc, _without(proposed, (*content.to, *content.cc)))
    everybody = (*now.to, *cc)
    more_to = _without(content.to, (*proposed, *everybody))
    more_cc = _without(content.cc, (*proposed, *everybody, *more_to))
    keeps_subject = before is not None and content.subject != before.subject
    return replace(
        content,
        to=(*now.to, *more_to),
        cc=(*cc, *more_cc),
        subject=content.subject if keeps_subject else now.subject,
    )


def _without(addresses: Collection[Address], others: Collection[Address]) -> tuple[Address, ...]:
    keys = {each.key for each in others}
    return tuple(each for each in addresses if each.key not in keys)
