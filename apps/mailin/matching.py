"""Which conversation a mail belongs to (EML-3).

What a mail says of the thread it answers are signals with scores. A conversation is matched by at least one of them,
and only where the sender takes part in it: headers can be copied, and a subject can be guessed. A From that nothing
vouches for is a claim and counts half; one whose domain says that it is not its own counts nothing. What is not enough
is kept as a hint for people.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q

from apps.contacts.models import Contact
from apps.conversations.models import Conversation
from apps.email.choices import ShiftKind, Signal
from apps.email.models import ID_LENGTH, MailMessage, MailShift, MailThread, Participant
from apps.email.tokens import bounce_outbound_id, reply_conversation_id, subject_references
from apps.mailin.authentication.results import Authentication
from apps.mime.types import Address, ParsedMail

SCORES: dict[Signal, int] = {
    Signal.TOKEN: 80,
    Signal.IN_REPLY_TO: 60,
    Signal.REFERENCES: 40,
    Signal.PARTICIPANT: 40,
    Signal.CLAIMED: 20,
    Signal.TAG: 20,
}
ENOUGH = 60
"""A participant's tag is just enough where the sender is verified; no sum is without a participant."""
PRESENT = frozenset({Signal.PARTICIPANT, Signal.CLAIMED})
MOST_IDS = 100
"""Ids of a thread that are looked for, the nearest first."""
MOST_MOVES = 10
"""How often a conversation was merged into the next one."""
MOST_KEPT = 5
"""Candidates whose signals are kept."""


@dataclass
class Candidate:
    """A conversation that something speaks for.

    Attributes:
        conversation_id: it.
        signals: what does.
    """

    conversation_id: UUID
    signals: set[Signal] = field(default_factory=set)

    @property
    def score(self) -> int:
        """How much."""
        return sum(SCORES[each] for each in self.signals)

    @property
    def fits(self) -> bool:
        """Whether the mail belongs there: enough speaks for it, and its sender takes part in it."""
        return bool(PRESENT & self.signals) and len(self.signals) > 1 and self.score >= ENOUGH

    def told(self) -> dict[str, Any]:
        """As it is kept with the mail."""
        signals = {each.value: SCORES[each] for each in sorted(self.signals)}
        return {"conversation": str(self.conversation_id), "score": self.score, "fits": self.fits, "signals": signals}


def sender_signal(sender: Address | None, mail: ParsedMail, found: Authentication) -> Signal | None:
    """What it counts that a mail's sender takes part in a conversation.

    Args:
        sender: who has written it.
        mail: it.
        found: what speaks for its From.

    Returns:
        None where the domain of From disowns the mail.
    """
    if found.is_refused:
        return None
    return Signal.PARTICIPANT if is_sender_verified(sender, mail, found) else Signal.CLAIMED


def is_sender_verified(sender: Address | None, mail: ParsedMail, found: Authentication) -> bool:
    """Whether something vouches for a mail's sender: who is named in From, not whom to answer.

    Args:
        sender: who has written it.
        mail: it.
        found: what speaks for its From.
    """
    return bool(found.verified) and sender is not None and [each.key for each in mail.from_] == [sender.key]


def matching_candidates(
    mail: ParsedMail, *, sender: Address | None, standing: Signal | None, envelope_to: str
) -> list[Candidate]:
    """The conversations that a mail may belong to, the best first; of equals the newest.

    Args:
        mail: it.
        sender: who has written it.
        standing: what `sender_signal` says of them.
        envelope_to: where the other server wanted it to go.
    """
    signals: defaultdict[UUID, set[Signal]] = defaultdict(set)
    for conversation_id, signal in _signals(mail, envelope_to):
        signals[conversation_id].add(signal)
    there = _there(signals)
    found = [Candidate(each, signals[each]) for each in there]
    if standing is not None:
        for pk in _known_to(sender, there):
            signals[pk].add(standing)
    # Keys are ordered by time.
    return sorted(found, key=lambda each: (each.fits, each.score, each.conversation_id), reverse=True)


def _signals(mail: ParsedMail, envelope_to: str) -> Iterable[tuple[UUID, Signal]]:
    nearest = [each[:ID_LENGTH] for each in mail.thread_ids[:MOST_IDS]]
    answers = {each[:ID_LENGTH] for each in mail.in_reply_to}
    if nearest:
        rows = MailMessage.objects.filter(mail_id__in=nearest).values_list("mail_id", "conversation")
        for mail_id, conversation_id in rows:
            yield conversation_id, Signal.IN_REPLY_TO if mail_id in answers else Signal.REFERENCES
    addresses = {envelope_to, *(each.address for each in (*mail.to, *mail.cc, *mail.delivered_to))}
    answered = set(MailMessage.objects.filter(mail_id__in=answers).values_list("conversation", flat=True))
    for address in addresses:
        if (named := reply_conversation_id(address)) is not None:
            yield _followed(named, answered), Signal.TOKEN
    if references := subject_references(mail.subject):
        for named in MailThread.objects.filter(reference__in=references).values_list("conversation", flat=True):
            yield _followed(named, answered), Signal.TAG


def _followed(conversation_id: UUID, answered: set[UUID]) -> UUID:
    """Where the mails of a conversation were moved to: all of them, or those that a mail answers (EML-3)."""
    for _step in range(MOST_MOVES):
        shifts = MailShift.objects.filter(source=conversation_id, undone_at=None).order_by("-at")
        went = next((each for each in shifts if each.kind == ShiftKind.MERGE or each.target_id in answered), None)
        if went is None:
            break
        conversation_id = went.target_id
    return conversation_id


def _there(ids: Iterable[UUID]) -> list[UUID]:
    """Those that exist in this tenant."""
    return list(Conversation.objects.filter(pk__in=list(ids)).values_list("pk", flat=True))


def _known_to(sender: Address | None, conversation_ids: list[UUID]) -> set[UUID]:
    """Those of these conversations in which an address takes part, or whose contact is known by it."""
    if sender is None or not conversation_ids:
        return set()
    address = sender.key
    takes_part = Participant.objects.filter(conversation__in=conversation_ids, address=address)
    known = Contact.objects.filter(Q(email=address) | Q(more_emails__contains=[address]))
    theirs = Conversation.objects.filter(pk__in=conversation_ids, contact__in=known)
    return {*takes_part.values_list("conversation", flat=True), *theirs.values_list("pk", flat=True)}


def bounced_mail(mail: ParsedMail, envelope_to: str) -> MailMessage | None:
    """The mail of ours that a report came back to: each is returned to an address of its own.

    Args:
        mail: the report.
        envelope_to: where the other server wanted it to go; mailboxes elsewhere don't know.
    """
    addresses = (envelope_to, *(each.address for each in (*mail.to, *mail.delivered_to)))
    outbound_id = next((found for each in addresses if (found := bounce_outbound_id(each)) is not None), None)
    if outbound_id is None:
        return None
    return MailMessage.objects.filter(outbound=outbound_id).select_related("conversation").first()


def sent_mail(ids: Iterable[str]) -> MailMessage | None:
    """The mail of ours that a machine's report or answer is about.

    Args:
        ids: Message-IDs that it names.
    """
    wanted = [each[:ID_LENGTH] for each in ids if each][:MOST_IDS]
    if not wanted:
        return None
    mails = MailMessage.objects.filter(mail_id__in=wanted, is_outgoing=True).select_related("conversation")
    return mails.order_by("-pk").first()
