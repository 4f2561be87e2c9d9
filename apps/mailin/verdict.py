"""What becomes of a received mail: into its conversation, a new one, or quarantine (EML-2, EML-3, EML-11, WRP-8).

It is decided here and nowhere else. Deciding reads, and locks the conversation that the mail belongs to; it writes
nothing.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.contacts.models import Contact
from apps.contacts.selectors import claimed_contact, contact_by_proven_email
from apps.conversations.models import Conversation
from apps.conversations.steps import conversation_lock
from apps.email.body import addresses_from_pairs, stored_mail_id
from apps.email.choices import RawState, Reason
from apps.email.models import MailChannel, MailMessage, MailNotice, MailShift, Participant, RawMail
from apps.email.selectors import own_addresses
from apps.mailin.authentication.results import Authentication
from apps.mailin.matching import (
    Candidate,
    bounced_mail,
    is_sender_verified,
    matching_candidates,
    sender_signal,
    sent_mail,
)
from apps.mime.classify import kind_for
from apps.mime.types import Address, Kind, ParsedMail
from apps.queues.choices import Family

MACHINES = {Kind.BOUNCE: Reason.BOUNCE, Kind.AUTO_REPLY: Reason.AUTO_REPLY}
"""Who is no person, and why their mail is in quarantine where it belongs to nothing."""
MOST_HOPS = 50
"""Servers that a mail went through; RFC 5321 (6.3) has a hundred, and no honest one needs half."""
MOST_NAMED = 100
"""Ids of its thread that a mail is believed to answer, the nearest first."""
FLOOD_SPAN = timedelta(minutes=10)
"""Within which a sender's mails are counted against the channel's limit."""


@dataclass(frozen=True)
class InboundMail:
    """A received mail as it is judged: read once, and before masking rules have taken anything out of it.

    Attributes:
        raw: its row, locked, with its channel.
        mail: it, parsed. Nothing of it is stored but by `apps.email.masking`.
        sender: who has written it; None where nobody could be answered.
        authentication: what speaks for its From.
    """

    raw: RawMail
    mail: ParsedMail
    sender: Address | None
    authentication: Authentication

    @property
    def is_released(self) -> bool:
        """Whether somebody has looked at it in quarantine: what machines say of it counts no more."""
        return self.raw.released_at is not None

    @property
    def is_machine(self) -> bool:
        """Whether a machine answers or reports, and nobody has said that it is a person."""
        return self.mail.kind in MACHINES and not self.is_released

    @property
    def is_verified(self) -> bool:
        """Whether something vouches for its sender."""
        return is_sender_verified(self.sender, self.mail, self.authentication)


@dataclass(frozen=True)
class Verdict:
    """What becomes of a mail.

    Attributes:
        state: matched, new, or in quarantine.
        reason: why into quarantine.
        detail: what people should know of that.
        conversation: locked. Matched, the mail goes there; of a new one, the conversation that it follows, which was
            closed too long ago.
        may_belong_to: of a new one: a conversation that something spoke for, but not enough.
        about: of a machine's: the mail of ours that it answers or reports on.
        is_proven: something vouches for its sender, or it answers what nobody else can have.
        candidates: the conversations that something spoke for, the best first.
    """

    state: RawState
    reason: Reason | None = None
    detail: str = ""
    conversation: Conversation | None = None
    may_belong_to: UUID | None = None
    about: MailMessage | None = None
    is_proven: bool = False
    candidates: tuple[Candidate, ...] = ()

    @property
    def is_matched(self) -> bool:
        """Whether the mail goes into a conversation that is there already."""
        return self.state == RawState.MATCHED


def inbound_verdict(inbound: InboundMail) -> Verdict:
    """Decide what becomes of a mail. Inside the transaction that files it, under its channel's lock and its own.

    Args:
        inbound: it.
    """
    sender = inbound.sender
    if sender is None:
        return _quarantined(Reason.NO_SENDER)
    if not inbound.is_released and (found := _loop_or_flood(inbound, sender)) is not None:
        return found
    candidates = matching_candidates(
        inbound.mail,
        sender=sender,
        standing=sender_signal(sender, inbound.mail, inbound.authentication),
        envelope_to=inbound.raw.envelope_to,
    )
    best = next(iter(candidates), None)
    verdict = _of_machine(inbound, best) if inbound.is_machine else _of_person(inbound, sender, best)
    return replace(verdict, candidates=tuple(candidates))


def mail_author(mail: ParsedMail) -> Address | None:
    """Who has written a mail, if they can be answered.

    A form on a company's own site sends from the company's address, and names the customer as whom to answer.
    """
    author = next((each for each in mail.from_ if each.is_valid and len(each.address) <= 254), None)
    answers = [each for each in mail.reply_to if each.is_valid and len(each.address) <= 254]
    ours = own_addresses([*([author] if author else []), *answers])
    if author is not None and author.key not in ours:
        return author
    return next((each for each in answers if each.key not in ours), author)


def _quarantined(reason: Reason, detail: str = "") -> Verdict:
    return Verdict(RawState.QUARANTINED, reason=reason, detail=detail)


def _loop_or_flood(inbound: InboundMail, sender: Address) -> Verdict | None:
    """What speaks against a mail whatever it belongs to: it goes round in circles, or there is no end of them."""
    mail, raw = inbound.mail, inbound.raw
    if len(mail.headers.get("received", ())) > MOST_HOPS:
        return _quarantined(Reason.LOOP, "received")
    ours = MailMessage.objects.filter(mail_id=stored_mail_id(mail.message_id), is_outgoing=True)
    if mail.message_id and ours.exists():
        return _quarantined(Reason.LOOP, mail.message_id[:200])
    if mail.kind != Kind.BOUNCE and own_addresses([sender]):
        return _quarantined(Reason.OWN_ADDRESS, sender.address)
    if _recent_mails(raw.channel, sender.key[:320], until=raw.received_at) >= raw.channel.flood_limit:
        return _quarantined(Reason.FLOOD, sender.address)
    return None


def _recent_mails(channel: MailChannel, sender: str, *, until: datetime) -> int:
    """How many mails of a sender were filed in a channel within the span that its limit is for."""
    span = (until - FLOOD_SPAN, until)
    return RawMail.objects.filter(channel=channel, sender=sender, received_at__range=span).count()


# --- Machines


def _of_machine(inbound: InboundMail, best: Candidate | None) -> Verdict:
    """A machine's answer or report stands with the conversation that it is about (EML-11).

    What names a mail of ours by its id is about that mail: nobody else knows it. Else it counts like a person's mail.
    """
    mail = inbound.mail
    named = [*([mail.bounce.message_id] if mail.bounce else []), *mail.thread_ids]
    about = bounced_mail(mail, inbound.raw.envelope_to) or sent_mail(named)
    fitting = best.conversation_id if best is not None and best.fits else None
    conversation_id = about.conversation_id if about is not None else fitting
    if conversation_id is None:
        return _quarantined(MACHINES[mail.kind], mail.kind_reason)
    return Verdict(RawState.MATCHED, conversation=conversation_lock(conversation_id), about=about)


# --- People


def _of_person(inbound: InboundMail, sender: Address, best: Candidate | None) -> Verdict:
    """A person's mail goes on in its conversation, or begins a new one."""
    fits = best is not None and best.fits
    if kind_for(inbound.mail, [inbound.raw.channel.address]) == Kind.LIST and not inbound.is_released and not fits:
        return _quarantined(Reason.LIST, inbound.mail.kind_reason)
    conversation, is_proven = _matched(best), inbound.is_verified
    if conversation is not None and is_proven and _was_in_their_name(conversation, sender):
        conversation = best = None
    if conversation is not None and not is_proven:
        is_proven = _answers_alone(inbound.mail, sender, conversation)
    if (refused := _refused(inbound, sender, conversation, is_proven=is_proven)) is not None:
        return refused
    if conversation is None:
        may_belong_to = best.conversation_id if best is not None else None
        return Verdict(RawState.NEW, may_belong_to=may_belong_to, is_proven=is_proven)
    state = RawState.MATCHED if _goes_on(inbound.raw.channel, conversation) else RawState.NEW
    return Verdict(state, conversation=conversation, is_proven=is_proven)


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


def _was_in_their_name(conversation: Conversation, sender: Address) -> bool:
    """Whether somebody was refused here who only said that they are a verified sender (CON-10)."""
    contact = conversation.contact
    is_refused = conversation.is_spam or contact.blocked_at is not None
    return is_refused and contact.email == sender.key and contact_by_proven_email(sender.key) != contact


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
    is_theirs = all(_recipient_keys(each) == {sender.key} for each in ours)
    return is_named and is_theirs and not (others.exists() or moved.exists() or quoted.exists())


def _recipient_keys(mail: MailMessage) -> set[str]:
    """Everybody to whom a mail of ours was sent."""
    return {each.key for each in addresses_from_pairs([*mail.to, *mail.cc, *mail.bcc])}


def _refused(
    inbound: InboundMail, sender: Address, conversation: Conversation | None, *, is_proven: bool
) -> Verdict | None:
    """What speaks against its being put before people: its sender is blocked, it answers spam, it is here already."""
    # Whoever was blocked for a claim blocks not whose address it is (CON-10).
    contact = contact_by_proven_email(sender.key) if is_proven else claimed_contact(sender.key)
    if contact is not None and contact.blocked_at is not None:
        return _blocked(contact)
    if conversation is not None and conversation.is_spam:
        return _quarantined(Reason.SPAM, _("The conversation that it answers was marked as spam."))
    if conversation is not None and conversation.contact.blocked_at is not None:
        return _blocked(conversation.contact)
    if not inbound.is_released and _copies(inbound, sender, conversation).exists():
        return _quarantined(Reason.COPY, _("A mail with the same id and sender is filed already."))
    return None


def _blocked(contact: Contact) -> Verdict:
    return _quarantined(Reason.BLOCKED, _("%(name)s is blocked.") % {"name": contact.display_name})


def _copies(inbound: InboundMail, sender: Address, conversation: Conversation | None) -> QuerySet[MailMessage]:
    """Mails of the same sender under the same id where it goes, else in its channel; none where it has none."""
    mail = inbound.mail
    if not mail.message_id:
        return MailMessage.objects.none()
    same = MailMessage.objects.filter(mail_id=stored_mail_id(mail.message_id), raw__sender=sender.key[:320])
    if conversation is not None:
        return same.filter(conversation=conversation)
    return same.filter(raw__channel=inbound.raw.channel)
