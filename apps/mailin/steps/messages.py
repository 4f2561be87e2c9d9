"""A person's mail becomes a message: of the conversation that it belongs to, or of a new one (EML-2, EML-3, WRP-8)."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.contacts.actions import contact_create, contact_get_or_create, contact_tell
from apps.contacts.models import Contact
from apps.contacts.selectors import claimed_contact, contact_by_proven_email
from apps.contacts.text import clean_line
from apps.conversations.actions import conversation_prove_contact, conversation_start, message_post
from apps.conversations.choices import ENDED_STATES, Side
from apps.conversations.models import Conversation, Message
from apps.conversations.steps import AttachedFiles, MessageDraft, conversation_lock
from apps.core.errors import DomainError
from apps.core.events import announce
from apps.email.body import MailBody, address_pairs, addresses_from_pairs, mail_body, stored_mail_id, stored_subject
from apps.email.choices import RawState
from apps.email.events import CustomerMailFiled
from apps.email.masking import MaskedMail, customer_ruleset, mail_mask
from apps.email.models import MailChannel, MailMessage, MailNotice, MailShift, Participant, RawMail
from apps.email.steps.threads import participants_add, thread_create
from apps.mailin.authentication.results import Authentication
from apps.mailin.matching import Candidate, is_sender_verified
from apps.mailin.steps.parts import Kept, parts_write, sent_by
from apps.mime.types import Address, ParsedMail
from apps.queues.choices import Family
from apps.queues.models import Queue
from apps.routing.steps import conversation_reopen

MOST_NAMED = 100
"""Ids of its thread that a mail is believed to answer, the nearest first."""


def converse(
    raw: RawMail, cleared: MaskedMail, sender: Address, best: Candidate | None, kept: list[Kept]
) -> tuple[RawState, UUID]:
    """Put a mail before people.

    Args:
        raw: the mail as it was received, locked.
        cleared: it, parsed, without what the rules of the channel's queue take out.
        sender: who has written it.
        best: the conversation that most speaks for, if any.
        kept: what came with it.

    Returns:
        As what it was filed, and where.

    Raises:
        DomainError: ``mail_copy``, ``mail_blocked``, ``mail_spam``.
    """
    is_vouched = is_sender_verified(sender, cleared.mail, Authentication.read(raw.authentication))
    before = _matched(best)
    if before is not None and is_vouched and _was_in_their_name(before, sender):
        before = best = None
    if before is not None and not is_vouched:
        is_vouched = _answers_alone(cleared.mail, sender, before)
    # Whoever was blocked for a claim blocks not whose address it is (CON-10).
    _refuse_blocked(contact_by_proven_email(sender.key) if is_vouched else claimed_contact(sender.key))
    cleared, kept = _cleared_for(before, raw, cleared, kept)
    mail, reading, enclosed = cleared.mail, mail_body(cleared.mail), _enclosed(raw, kept)
    if before is not None:
        _refuse(raw, mail, before)
        goes_on = _goes_on(raw.channel, before)
        if goes_on and before.state in ENDED_STATES:
            # First, so that what the mail proves is proven in the stay that begins with it.
            conversation_reopen(conversation=before, queue=_serving(before.queue))
        if is_vouched and before.contact.email == sender.key:
            conversation_prove_contact(conversation_id=before.pk, email=sender.key)
            before.refresh_from_db()
        if goes_on:
            return RawState.MATCHED, _go_on(raw, cleared, before, reading, enclosed, kept)
    elif raw.released_at is None and _copies(raw, mail).filter(raw__channel=raw.channel).exists():
        raise _copy()
    contact = sender_contact(sender, is_vouched=is_vouched)
    return RawState.NEW, _begin(raw, cleared, contact, reading, enclosed, kept, before=before, best=best)


def _cleared_for(
    before: Conversation | None, raw: RawMail, cleared: MaskedMail, kept: list[Kept]
) -> tuple[MaskedMail, list[Kept]]:
    """The mail by the rules of the queue that it comes to as well, where that is not its channel's (FRM-6)."""
    comes_to = {before.queue_id} if before is not None else set()
    comes_to |= {_serving(raw.channel.queue).pk}
    for queue_id in comes_to - {raw.channel.queue_id}:
        again = mail_mask(cleared.mail, customer_ruleset(queue_id))
        names = {
            id(old.content): new for old, new in zip(cleared.mail.attachments, again.mail.attachments, strict=True)
        }
        kept = [replace(each, part=names.get(id(each.part.content), each.part)) for each in kept]
        cleared = MaskedMail(again.mail, tuple(dict.fromkeys((*cleared.removed, *again.removed))))
    return cleared, kept


def _answers_alone(mail: ParsedMail, sender: Address, conversation: Conversation) -> bool:
    """Whether a mail answers one of ours that nobody but its sender can have: it names its id, and no other takes part.

    Each of ours went to its sender alone, whoever the contact was by then: its References name those before it
    (RFC 5322, 3.6.4). Whoever else is in the conversation has read that id in what was quoted to them.
    """
    named = {stored_mail_id(each) for each in mail.thread_ids[:MOST_NAMED]}
    sent = MailMessage.objects.filter(conversation=conversation, is_outgoing=True)
    ours = list(sent.only("mail_id", "to", "cc", "bcc"))
    others = Participant.objects.filter(conversation=conversation).exclude(address=sender.key)
    # Who took part where a mail was before it was moved has read its id as well.
    moved = MailShift.objects.filter(Q(source=conversation) | Q(target=conversation))
    # Machines quote the head of what they answer or return (RFC 3464, 2), and agents read that.
    quoted = MailNotice.objects.filter(conversation=conversation)
    is_named = any(each.mail_id in named for each in ours)
    is_theirs = all(_went_to(each) == {sender.key} for each in ours)
    return is_named and is_theirs and not (others.exists() or moved.exists() or quoted.exists())


def _went_to(mail: MailMessage) -> set[str]:
    """Everybody to whom a mail of ours was sent."""
    return {each.key for each in addresses_from_pairs([*mail.to, *mail.cc, *mail.bcc])}


# --- What speaks against it


def _was_in_their_name(conversation: Conversation, sender: Address) -> bool:
    """Whether somebody was refused here who only said that they are a verified sender (CON-10)."""
    contact = conversation.contact
    is_refused = conversation.is_spam or contact.blocked_at is not None
    return is_refused and contact.email == sender.key and contact_by_proven_email(sender.key) != contact


def _refuse(raw: RawMail, mail: ParsedMail, conversation: Conversation) -> None:
    if conversation.is_spam:
        raise DomainError("mail_spam", _("The conversation that it answers was marked as spam."))
    _refuse_blocked(conversation.contact)
    if raw.released_at is None and _copies(raw, mail).filter(conversation=conversation).exists():
        raise _copy()


def _refuse_blocked(contact: Contact | None) -> None:
    if contact is not None and contact.blocked_at is not None:
        raise DomainError("mail_blocked", _("%(name)s is blocked.") % {"name": contact.display_name})


def _copies(raw: RawMail, mail: ParsedMail) -> QuerySet[MailMessage]:
    """Mails of the same sender under the same id; none where it has none."""
    if not mail.message_id:
        return MailMessage.objects.none()
    return MailMessage.objects.filter(mail_id=stored_mail_id(mail.message_id), raw__sender=raw.sender)


def _copy() -> DomainError:
    return DomainError("mail_copy", _("A mail with the same id and sender is filed already."))


# --- Into a conversation that is there


def _matched(best: Candidate | None) -> Conversation | None:
    """The conversation that a mail belongs to, locked."""
    if best is None or not best.fits:
        return None
    conversation = conversation_lock(best.conversation_id)
    return conversation if conversation.channel == Family.EMAIL else None


def _goes_on(channel: MailChannel, conversation: Conversation) -> bool:
    """Whether it is not over, or not for long (WRP-8)."""
    closed = conversation.closed_at
    return closed is None or closed > timezone.now() - timedelta(days=channel.reopen_days)


def _go_on(
    raw: RawMail,
    cleared: MaskedMail,
    conversation: Conversation,
    reading: MailBody,
    enclosed: AttachedFiles | None,
    kept: list[Kept],
) -> UUID:
    message = message_post(
        conversation_id=conversation.pk,
        draft=MessageDraft(
            side=Side.CUSTOMER, client_id=raw.pk, body=reading.body, attached=enclosed, removed=cleared.removed
        ),
    )
    mail = cleared.mail
    _write(raw, mail, message, reading, kept)
    announce(CustomerMailFiled(conversation.pk, mail, raw.channel, is_new=False))
    return conversation.pk


# --- Into a new one


def _begin(
    raw: RawMail,
    cleared: MaskedMail,
    contact: Contact,
    reading: MailBody,
    enclosed: AttachedFiles | None,
    kept: list[Kept],
    *,
    before: Conversation | None,
    best: Candidate | None,
) -> UUID:
    mail, first = cleared.mail, MessageDraft(raw.pk, reading.body, enclosed, removed=cleared.removed)
    conversation = conversation_start(
        channel=Family.EMAIL,
        queue=_serving(raw.channel.queue),
        contact=contact,
        start_key=raw.pk,
        first=first,
        follows=before,
    )
    hint = best.conversation_id if best is not None and before is None else None
    thread_create(conversation, raw.channel, stored_subject(mail), may_belong_to=hint)
    _write(raw, mail, conversation.messages.get(client_id=raw.pk), reading, kept)
    announce(CustomerMailFiled(conversation.pk, mail, raw.channel, is_new=True))
    return conversation.pk


def sender_contact(sender: Address, *, is_vouched: bool) -> Contact:
    """Whose a new conversation is: the address's, where something vouches for it, else a claimant's (CHAT-12).

    What is known already stays: anybody can write any name.
    """
    name = clean_line(sender.name[:160], 160)
    if not is_vouched:
        return contact_create(name=name, email=sender.key)
    found = contact_get_or_create(email=sender.key, name=name)
    return found if found.name or not name else contact_tell(contact_id=found.pk, values={"name": name})


def _serving(queue: Queue) -> Queue:
    """A queue that takes conversations: this one, unless it was deactivated."""
    return queue if queue.is_active else Queue.objects.get(is_default=True)


# --- What stands beside the message


def _enclosed(raw: RawMail, kept: list[Kept]) -> AttachedFiles | None:
    files = tuple(each.file_id for each in kept if each.file_id is not None)
    return AttachedFiles(files, sent_by(raw), came_by_mail=True) if files else None


def _write(raw: RawMail, mail: ParsedMail, message: Message, reading: MailBody, kept: list[Kept]) -> None:
    row = MailMessage.objects.create(
        message=message,
        conversation_id=message.conversation_id,
        raw=raw,
        mail_id=stored_mail_id(mail.message_id),
        in_reply_to=stored_mail_id(next(iter(mail.in_reply_to), "")),
        references=[stored_mail_id(each) for each in mail.references],
        subject=stored_subject(mail),
        sender=address_pairs(mail.from_),
        reply_to=address_pairs(mail.reply_to),
        to=address_pairs(mail.to),
        cc=address_pairs(mail.cc),
        date=mail.date,
        text=reading.text,
        quoted=reading.quoted,
        html=reading.html,
        has_remote_images=reading.has_remote_images,
    )
    parts_write(row, kept)
    participants_add(message.conversation_id, [*mail.from_, *mail.reply_to, *mail.to, *mail.cc])
