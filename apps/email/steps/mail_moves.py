"""Mails move from one conversation to another, with all that belongs to them (EML-3). Both are locked."""

from collections.abc import Sequence
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.contacts.actions import contact_of_address
from apps.contacts.models import Contact
from apps.conversations.choices import ENDED_STATES, Side
from apps.conversations.models import Conversation, Message
from apps.conversations.steps import MessageDraft, conversation_inherit_origin, messages_move, timeline_record
from apps.core.ids import uuid7
from apps.email.body import addresses_from_pairs
from apps.email.choices import ShiftKind
from apps.email.models import MailMessage, MailNotice, MailShift, MailThread, OutboundMail, RawMail
from apps.email.steps.threads import mail_conversation_start, participants_add
from apps.email.tokens import subject_tag
from apps.mime.types import Address


def split_target_start(source: Conversation, first: Message) -> Conversation:
    """The new conversation, with a line that the first mail replaces at once."""
    mail = MailMessage.objects.get(pk=first.pk)
    sender = next((each for each in addresses_from_pairs(mail.sender) if each.is_valid), None)
    target = mail_conversation_start(
        MailThread.objects.get(conversation=source).channel,
        mail.subject,
        queue=source.queue,
        contact=_contact_for(source, sender),
        start_key=uuid7(),
        first=MessageDraft(client_id=uuid7(), body=first.body),
        language=source.language,
        follows=source,
    )
    conversation_inherit_origin(conversation=target, source=source)
    return target


def _contact_for(source: Conversation, sender: Address | None) -> Contact:
    """Whose a mail is that is split off: the same customer's, unless somebody else took part with it.

    They only say who they are: an agent who splits it off serves nobody else by that (CHAT-12).
    """
    theirs = {source.contact.email, *source.contact.more_emails}
    if sender is None or sender.key in theirs:
        return source.contact
    return contact_of_address(email=sender.key, name=sender.name)


def shift_create(
    kind: ShiftKind, source: Conversation, target: Conversation, moved: Sequence[Message], actor: User
) -> MailShift:
    """Keep what was moved from where to where, so that it can be taken back.

    Args:
        kind: a split or a merge.
        source: where the messages were.
        target: where they are going.
        moved: they, by the numbers that they have in the source.
        actor: who moves them.
    """
    return MailShift.objects.create(
        kind=kind,
        source=source,
        target=target,
        moved={str(each.pk): each.number for each in moved},
        was_open=source.state not in ENDED_STATES,
        by=actor,
    )


def mails_move(
    source: Conversation, target: Conversation, moved: Sequence[Message], *, places: dict[UUID, int]
) -> None:
    """Move the messages, and everything of mail that belongs to them; who takes part in them takes part there, too."""
    keys = [each.pk for each in moved]
    messages_move(source=source, target=target, messages=moved, note=_note(target), places=places)
    mails = list(MailMessage.objects.filter(pk__in=keys))
    MailMessage.objects.filter(pk__in=keys).update(conversation=target)
    OutboundMail.objects.filter(message__in=keys).update(conversation=target)
    RawMail.objects.filter(mail__in=keys).update(conversation=target)
    notices = MailNotice.objects.filter(about__in=keys)
    RawMail.objects.filter(notice__in=notices).update(conversation=target)
    notices.update(conversation=target)
    everybody = [pair for mail in mails for pair in (*mail.sender, *mail.reply_to, *mail.to, *mail.cc, *mail.bcc)]
    participants_add(target.pk, list(addresses_from_pairs(everybody)))


def _note(target: Conversation) -> str:
    thread = MailThread.objects.filter(conversation=target).first()
    return _("Moved to the conversation %(tag)s.") % {"tag": subject_tag(thread.reference) if thread else ""}


def shift_record(kind: str, source: Conversation, target: Conversation, actor: User) -> None:
    """In both timelines, each naming the other."""
    now = timezone.now()
    words = {"source": str(source.pk), "target": str(target.pk)}
    for each in (source, target):
        timeline_record(each, kind, at=now, actor=actor, side=Side.AGENT, **words)
