"""A customer has their conversation mailed to themselves (CHAT-1)."""

import hashlib
from dataclasses import asdict
from uuid import UUID

from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from apps.chat import limits, selectors
from apps.chat.choices import Refusal
from apps.chat.models import Visitor, WidgetChannel
from apps.chat.text import clean_email
from apps.chat.transcript import PAGE, transcript_of, transcript_text
from apps.conversations.mail_sender import AutomaticMail, automatic_mail_send
from apps.conversations.models import Conversation, Message
from apps.conversations.steps import conversation_lock, system_message_post
from apps.core.dates import date_text
from apps.core.errors import DomainError

MOST = 2_000_000
"""Characters that are mailed at most: far more than anybody says."""


@transaction.atomic
def visitor_mail_transcript(
    *, channel: WidgetChannel, visitor_id: UUID, conversation_id: UUID, client_id: UUID, email: str
) -> str:
    """Mail a conversation to its customer as it stands now, in the language and time zone that are in force.

    It holds what the file holds. A line of the conversation says to whom it goes. Anybody can type any address, so one
    in which no agent has been is mailed to nobody, and one address gets a few a day.

    Args:
        channel: the browser's widget.
        visitor_id: the browser.
        conversation_id: one that it may see; it may be over.
        client_id: the page's own key of this wish: the same again is sent once.
        email: as typed.

    Returns:
        The address as it is written to.

    Raises:
        DomainError: ``bad_frame`` (``field`` is email), ``conversation_unknown``, ``transcript_not_mailed``,
            ``slow_down``, ``channel_cannot_send``, ``mail_recipient_ours``, ``mail_address_invalid``.
    """
    email = clean_email(email)
    if not email:
        raise DomainError(Refusal.BAD_FRAME, _("Please tell us your email address."), field="email")
    selectors.conversation_of(visitor_id, conversation_id)
    conversation = conversation_lock(conversation_id)
    if Message.objects.filter(conversation=conversation, client_id=client_id).exists():
        return email
    _check(channel, conversation)
    limits.limit_take(limits.MAIL_TO, hashlib.sha256(email.encode()).hexdigest()[:32])
    letter = _letter(channel, visitor_id, conversation, email)
    message = system_message_post(
        conversation=conversation,
        body=_("This conversation goes to %(email)s by email.") % {"email": email},
        client_id=client_id,
        may_be_over=True,
    )
    automatic_mail_send(message, letter)
    return email


def _check(channel: WidgetChannel, conversation: Conversation) -> None:
    wanted = selectors.mails_transcripts(channel) and selectors.had_agent(conversation)
    # Who is blocked is not told so (CON-10).
    if not wanted or conversation.is_spam or conversation.contact.blocked_at is not None:
        raise DomainError(Refusal.TRANSCRIPT_NOT_MAILED, _("This conversation can’t be sent by email."))


def _letter(channel: WidgetChannel, visitor_id: UUID, conversation: Conversation, email: str) -> AutomaticMail:
    visitor = Visitor.objects.get(pk=visitor_id)
    content = transcript_of(channel, visitor, conversation)
    text = transcript_text(content)
    if len(text) > MOST:
        raise DomainError(
            Refusal.TRANSCRIPT_NOT_MAILED, _("This conversation is too long for an email. Save it instead.")
        )
    return AutomaticMail(
        address=email,
        name=visitor.name,
        subject=f"{content.title}, {date_text(content.began, 'full')}",
        text=text,
        html=render_to_string(PAGE, asdict(content)),
    )
