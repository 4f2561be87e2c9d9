"""What agents write and have not sent: kept for them, on whatever device they go on (EML-9)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.permissions import Permission
from apps.conversations.models import Conversation
from apps.core.errors import DomainError
from apps.core.rows import row_get, row_lock
from apps.email.body import address_pairs
from apps.email.choices import DraftKind
from apps.email.models import MailDraft, MailDraftFile, MailMessage
from apps.files.models import Uploader
from apps.files.steps import files_attach, files_detach
from apps.mailout.choices import Refusal
from apps.mailout.draft_content import DraftContent, cleaned_content, missing_fields
from apps.mailout.draft_refusals import (
    draft_gone_error,
    draft_incomplete_error,
    draft_outdated_error,
    not_yours_error,
    refuse_held,
    refuse_writing,
)
from apps.mailout.selectors.answers import mail_to_answer
from apps.mailout.selectors.outbox import sending_channels
from apps.mailout.steps.drafts import draft_drop, draft_file_ids
from apps.masking.choices import Speaker
from apps.masking.selectors import ruleset_for


@transaction.atomic
def draft_save(
    *,
    draft_id: UUID,
    version: int,
    content: DraftContent,
    actor: User,
    conversation_id: UUID | None = None,
    kind: DraftKind = DraftKind.NEW,
    answers_id: UUID | None = None,
    seen: int | None = None,
    closing: bool = False,
) -> MailDraft:
    """Keep what an agent is writing (EML-9). The same save sent twice is one.

    Args:
        draft_id: the editor's own key.
        version: of the draft that the editor has; nought while it was never saved.
        content: what it holds.
        actor: who writes.
        conversation_id: where; none for a new mail. Counts, as `kind` and `answers_id`, when it is saved first.
        kind: reply, reply all, forward, or a new mail.
        answers_id: the message that it answers; none means what `mail_to_answer` says.
        seen: the number of the conversation's last line that its writer knows of; all of them by default.
        closing: the editor closes: fields may be missing.

    Raises:
        DomainError: ``draft_incomplete`` (`missing` says what), ``draft_empty``, ``draft_outdated`` (saved elsewhere
            since), ``draft_gone``, ``draft_sent``, ``not_yours``, ``conversation_ended``, ``not_by_mail``,
            ``not_allowed``, ``queue_unknown``, ``mail_address_invalid``, ``too_many_recipients``, ``too_many_files``,
            ``message_too_long``, ``masking_too_long``, or what `files_attach` refuses.
    """
    content = cleaned_content(content, closing=closing)
    draft = row_lock(MailDraft, draft_id)
    if draft is None:
        if version:
            raise draft_gone_error()
        draft = _new(draft_id, actor, conversation_id, kind, answers_id, seen)
        content = _masked(content, draft)
    else:
        content = _masked(content, draft)
        _refuse(draft, version, content, actor)
        _tell(draft, seen)
        if _says(draft, content):
            return draft
        draft.version += 1
    if missing := [] if closing else missing_fields(content, DraftKind(draft.kind)):
        raise draft_incomplete_error(missing)
    if closing and not content.body and not content.file_ids:
        raise DomainError(Refusal.DRAFT_EMPTY, _("There is nothing to keep."))
    _write(draft, content, actor)
    return draft


@transaction.atomic
def draft_delete(*, draft_id: UUID, actor: User) -> None:
    """Throw a draft away, and what was to go with it; nothing happens where it is gone already.

    Raises:
        DomainError: ``draft_sent``.
    """
    draft = row_lock(MailDraft, draft_id)
    if draft is None or draft.agent_id != actor.pk:
        return
    refuse_held(draft)
    draft_drop(draft)


# --- What speaks against it


def _refuse(draft: MailDraft, version: int, content: DraftContent, actor: User) -> None:
    if draft.agent_id != actor.pk:
        raise draft_gone_error()
    refuse_held(draft)
    if version != draft.version and not _says(draft, content):
        raise draft_outdated_error(draft)


# --- What is written


def _masked(content: DraftContent, draft: MailDraft) -> DraftContent:
    """What an agent writes as it may be kept and sent: by the rules of the queue that it is written in (FRM-6)."""
    queue_id = draft.conversation.queue_id if draft.conversation is not None else content.queue_id
    ruleset = ruleset_for(queue_id=queue_id, who=Speaker.AGENT)
    return replace(content, subject=ruleset.apply(content.subject).text, body=ruleset.apply(content.body).text)


def _new(
    draft_id: UUID,
    actor: User,
    conversation_id: UUID | None,
    kind: DraftKind,
    answers_id: UUID | None,
    seen: int | None,
) -> MailDraft:
    if conversation_id is None:
        if not actor.may(Permission.OUTBOUND):
            raise DomainError(Refusal.NOT_ALLOWED, _("Your role does not begin conversations by email."))
        return MailDraft(pk=draft_id, agent=actor, kind=DraftKind.NEW)
    conversation = row_get(Conversation, conversation_id)
    if conversation is None:
        raise not_yours_error()
    refuse_writing(conversation, actor)
    mails = MailMessage.objects.filter(conversation=conversation)
    answers = mails.filter(pk=answers_id).first() if answers_id else mail_to_answer(conversation.pk)
    last = conversation.last_number
    return MailDraft(
        pk=draft_id,
        agent=actor,
        kind=DraftKind.REPLY if kind == DraftKind.NEW else kind,
        conversation=conversation,
        answers=answers,
        began_after=last if seen is None else min(seen, last),
    )


def _tell(draft: MailDraft, seen: int | None) -> None:
    """Its writer knows of more by now: nobody warns them of that again, on whatever device."""
    if seen is None or draft.conversation is None or seen <= draft.began_after:
        return
    draft.began_after = min(seen, draft.conversation.last_number)
    draft.save(update_fields=["began_after"])


def _values(content: DraftContent) -> dict[str, Any]:
    return {
        "to": address_pairs(content.to),
        "cc": address_pairs(content.cc),
        "bcc": address_pairs(content.bcc),
        "subject": content.subject,
        "body": content.body,
        "quotes": content.quotes,
        "queue_id": content.queue_id,
    }


def _says(draft: MailDraft, content: DraftContent) -> bool:
    """Whether a stored draft says just that."""
    same = all(getattr(draft, name) == value for name, value in _values(content).items())
    return same and draft_file_ids(draft) == list(content.file_ids)


def _write(draft: MailDraft, content: DraftContent, actor: User) -> None:
    if content.queue_id is not None and not any(
        queue.pk == content.queue_id for queue, _channel in sending_channels(actor)
    ):
        raise DomainError(Refusal.QUEUE_UNKNOWN, _("No mail can be sent from this queue."))
    for name, value in _values(content).items():
        setattr(draft, name, value)
    draft.saved_at = timezone.now()
    before = draft_file_ids(draft)
    draft.save()
    _enclose(draft, before, content.file_ids)


def _enclose(draft: MailDraft, before: list[UUID], now: Sequence[UUID]) -> None:
    if before == list(now):
        return
    added = [each for each in now if each not in before]
    if added:
        scope = draft.conversation_id or draft.pk
        files_attach(file_ids=added, uploader=Uploader(user_id=draft.agent_id), scope=scope, came_by_mail=True)
    draft.files.all().delete()
    MailDraftFile.objects.bulk_create(
        MailDraftFile(draft=draft, file_id=file_id, position=position) for position, file_id in enumerate(now)
    )
    files_detach(file_ids=[each for each in before if each not in now])
