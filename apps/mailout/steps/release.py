"""A held mail becomes a message of its conversation, and is handed to a worker (EML-10).

Under the locks of the conversation and of the mail.
"""

from uuid import UUID

from django.utils import timezone

from apps.conversations.choices import Side, State
from apps.conversations.models import Conversation, Message
from apps.conversations.steps import (
    AttachedFiles,
    MessageDraft,
    conversation_raise_version,
    message_write,
    outbound_begin,
)
from apps.email.body import address_pairs, addresses_from_pairs, message_body
from apps.email.choices import OutboundState
from apps.email.models import MailDraft, MailMessage, MailPart, MailThread, OutboundMail
from apps.email.steps.threads import participants_add, thread_create
from apps.files.models import StoredFile, Uploader
from apps.files.steps import files_detach
from apps.mailout.content import draft_texts, reply_to_address, signature_text, tagged_subject, thread_headers
from apps.mailout.steps.drafts import draft_file_ids, draft_mask
from apps.mailout.steps.queue import RELEASE_DEADLINE, delivery_schedule
from apps.mime.types import Address
from apps.timers.steps import wakeup_clear


def held_mails_release(conversation: Conversation, agent_id: UUID) -> None:
    """What an agent has sent in a locked conversation leaves now: they are about to end it."""
    held = OutboundMail.objects.select_for_update(no_key=True).filter(
        conversation=conversation, agent=agent_id, state=OutboundState.HELD
    )
    for row in held.order_by("created_at"):
        held_mail_release(row, conversation)


def held_mail_release(row: OutboundMail, conversation: Conversation) -> None:
    """Release a held mail; both are locked, and the conversation is written through the instance that is given."""
    draft = row.draft
    if draft is None or row.agent is None:
        raise ValueError("only what an agent has written can be held")
    if conversation.state == State.ARRIVED:
        outbound_begin(conversation=conversation, agent=row.agent)
    thread = MailThread.objects.filter(pk=conversation.pk).select_related("channel").first()
    if thread is None:
        thread = thread_create(conversation, row.channel, draft.subject)
    draft_mask(draft, queue_id=conversation.queue_id)
    file_ids = draft_file_ids(draft)
    draft.files.all().delete()
    message = _post(row, draft, conversation, file_ids)
    row.message = _write(row, draft, message, thread)
    parts = _parts(row.message, file_ids)
    MailPart.objects.bulk_create(parts)
    everybody = addresses_from_pairs([*draft.to, *draft.cc, *draft.bcc])
    participants_add(conversation.pk, list(everybody))
    row.recipients = list({each.key: each.address for each in everybody}.values())
    row.state, row.draft, row.tried_since = OutboundState.QUEUED, None, timezone.now()
    row.save()
    draft.delete()
    wakeup_clear(kind=RELEASE_DEADLINE, object_id=row.pk)
    delivery_schedule(row.pk)
    # Its number is on the screens already, by the message; its tile is not.
    conversation_raise_version(conversation=conversation)


def _post(row: OutboundMail, draft: MailDraft, conversation: Conversation, file_ids: list[UUID]) -> Message:
    # Taken when the draft was saved: given back and taken anew, so that they go with the message as any others do.
    files_detach(file_ids=file_ids)
    StoredFile.objects.filter(pk__in=file_ids).update(scope=conversation.pk)
    uploader = Uploader(user_id=draft.agent_id)
    return message_write(
        conversation,
        MessageDraft(
            row.pk,
            message_body(draft.body, draft.subject),
            AttachedFiles(tuple(file_ids), uploader, came_by_mail=True) if file_ids else None,
            side=Side.AGENT,
            author=draft.agent,
        ),
        sent_at=row.created_at,
    )


def _write(row: OutboundMail, draft: MailDraft, message: Message, thread: MailThread) -> MailMessage:
    conversation, channel = message.conversation, row.channel
    contact, queue = conversation.contact, conversation.queue
    written = draft_texts(
        draft,
        signature=signature_text(channel, queue, contact, draft.agent),
        language=conversation.language or contact.language,
    )
    answered, references = thread_headers(draft.answers)
    mail = MailMessage(
        message=message,
        conversation=conversation,
        is_outgoing=True,
        mail_id=row.mail_id,
        in_reply_to=answered,
        references=references,
        subject=tagged_subject(draft.subject, thread),
        sender=address_pairs((Address(channel.display_name, channel.address),)),
        to=draft.to,
        cc=draft.cc,
        bcc=draft.bcc,
        date=message.created_at,
        text=written.text,
        quoted=written.quoted,
        html=written.html,
    )
    answers_to = reply_to_address(channel, mail)
    mail.reply_to = address_pairs((answers_to,)) if answers_to else []
    mail.save(force_insert=True)
    return mail


def _parts(mail: MailMessage, file_ids: list[UUID]) -> list[MailPart]:
    files = StoredFile.objects.in_bulk(file_ids)
    return [
        MailPart(mail=mail, position=position, file=files[file_id], name=files[file_id].name, size=files[file_id].size)
        for position, file_id in enumerate(file_ids)
    ]
