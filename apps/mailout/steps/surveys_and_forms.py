"""A mail brings a customer what is theirs alone: the survey after their conversation, a form (SRV-5, FRM-2).

It is written with what causes it, and leaves by the outbox as every other one. Neither it nor its line in the
conversation holds the link: see `links.py`.
"""

from django.utils import timezone

from apps.conversations.models import Message
from apps.conversations.steps import system_message_post
from apps.email.body import address_pairs, message_body
from apps.email.choices import OutboundKind, OutboundState
from apps.email.models import MailMessage, OutboundMail
from apps.email.steps.threads import participants_add
from apps.forms.models import SentForm
from apps.mailout.content import (
    html_page,
    outbound_mail_id,
    reply_to_address,
    tagged_subject,
    thread_headers,
)
from apps.mailout.link_texts import form_mail_text, survey_mail_text
from apps.mailout.recipient import Recipient, customer_recipient
from apps.mailout.steps.queue import delivery_schedule
from apps.mime.replies import reply_subject
from apps.mime.types import Address
from apps.surveys.models import SurveyRequest


def survey_mail_send(request: SurveyRequest) -> OutboundMail | None:
    """A conversation by mail has ended and its customer is asked: by a mail, once (SRV-5).

    Inside the transaction of the end, under the conversation's lock. One that ends a second time sends no second mail:
    the link of the first is good again, for as long as the survey is open.

    Args:
        request: what is asked.

    Returns:
        The mail, queued; none where the customer has it already, or nobody can be asked by mail.
    """
    conversation = request.conversation
    way = customer_recipient(conversation)
    if way is None or OutboundMail.objects.filter(conversation=conversation, kind=OutboundKind.SURVEY).exists():
        return None
    text = survey_mail_text(request, conversation)
    message = system_message_post(
        conversation=conversation, body=message_body(text, way.thread.subject), may_be_over=True
    )
    row = OutboundMail(kind=OutboundKind.SURVEY, survey=request)
    return _queue(row, message, way, text)


def form_mail_send(sent: SentForm) -> OutboundMail | None:
    """An agent has sent a form in a conversation by mail: its link goes to the customer (FRM-2).

    Inside the transaction of the sending, under the conversation's lock. The mail has no line of its own: the form's
    says that it was sent, and by its card how far the mail has come.

    Args:
        sent: the form.

    Returns:
        The mail, queued; none where no mail reaches the customer: then the agent hands the link on.
    """
    way = customer_recipient(sent.conversation)
    if way is None:
        return None
    row = OutboundMail(kind=OutboundKind.FORM, form=sent, agent=sent.agent)
    return _queue(row, sent.message, way, form_mail_text(sent, way))


# --- How they leave


def _queue(row: OutboundMail, message: Message, way: Recipient, text: str) -> OutboundMail:
    now = timezone.now()
    row.state, row.conversation, row.channel = OutboundState.QUEUED, message.conversation, way.channel
    row.created_at = row.tried_since = now
    row.recipients = [way.target.address]
    row.mail_id = outbound_mail_id(row)
    row.message = _write(row, message, way, text)
    row.save(force_insert=True)
    # Whoever the contact's address is by now, they have read the ids of the thread.
    participants_add(row.conversation.pk, [way.target])
    delivery_schedule(row.pk)
    return row


def _write(row: OutboundMail, message: Message, way: Recipient, text: str) -> MailMessage:
    answered, references = thread_headers(way.answers)
    written = MailMessage(
        message=message,
        conversation=message.conversation,
        is_outgoing=True,
        mail_id=row.mail_id,
        in_reply_to=answered,
        references=references,
        subject=tagged_subject(reply_subject(way.thread.subject), way.thread),
        sender=address_pairs((Address(way.channel.display_name, way.channel.address),)),
        to=address_pairs((way.target,)),
        date=message.created_at,
        text=text,
        html=html_page(text),
    )
    answers_to = reply_to_address(way.channel, written)
    written.reply_to = address_pairs((answers_to,)) if answers_to else []
    written.save(force_insert=True)
    return written
