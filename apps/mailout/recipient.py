"""To whom in a conversation a mail goes that no agent has addressed, and from where (SRV-5, FRM-2)."""

from dataclasses import dataclass

from apps.conversations.choices import MessageKind
from apps.conversations.models import Conversation
from apps.email.body import addresses_from_pairs
from apps.email.models import MailChannel, MailMessage, MailThread
from apps.email.selectors import own_addresses
from apps.mailout.selectors.outbox import can_send, queue_channel
from apps.mime.classify import is_machine
from apps.mime.types import Address
from apps.queues.choices import Family
from apps.surveys.eligibility import eligibility_check

LOOKED_AT = 20
"""The newest mails among which the customer's is looked for."""


@dataclass(frozen=True)
class Recipient:
    """The way to a customer.

    Attributes:
        thread: the conversation's.
        channel: by which it leaves.
        target: whom it goes to.
        answers: the mail that it continues; its text is not loaded.
        has_written: whether that mail is the customer's own, and came by itself.
    """

    thread: MailThread
    channel: MailChannel
    target: Address
    answers: MailMessage | None
    has_written: bool


def customer_recipient(conversation: Conversation) -> Recipient | None:
    """The way to the customer of a conversation by mail; none where there is none.

    It goes to nobody but the customer: in a conversation of several, what is theirs alone is not for everybody.
    """
    if conversation.channel != Family.EMAIL or conversation.contact.blocked_at is not None:
        return None
    thread = MailThread.objects.select_related("channel").filter(pk=conversation.pk).first()
    if thread is None:
        return None
    channel = thread.channel if can_send(thread.channel) else queue_channel(conversation.queue)
    if channel is None:
        return None
    contact = conversation.contact
    theirs = {each.casefold() for each in (contact.email, *contact.more_emails) if each}
    mails = _mails(conversation)
    received = [each for each in mails if not each.is_outgoing]
    answers = next((each for each in received if each.sender_address in theirs), None) or next(iter(received), None)
    if answers is not None:
        found = addresses_from_pairs(answers.reply_to) or addresses_from_pairs(answers.sender)
        target, by_itself = next(iter(found), None), answers.raw is None or answers.raw.released_at is None
    else:
        target, by_itself = Address(contact.name, contact.email), False
        answers = next(iter(mails), None)
    if target is None or not target.is_valid or is_machine(target) or own_addresses([target]):
        return None
    return Recipient(thread, channel, target, answers, has_written=by_itself)


def _mails(conversation: Conversation) -> list[MailMessage]:
    rows = MailMessage.objects.filter(conversation=conversation, message__kind=MessageKind.TEXT)
    rows = rows.select_related("raw").defer("text", "quoted", "html").order_by("-message__number")
    return list(rows[:LOOKED_AT])


@eligibility_check(Family.EMAIL)
def may_be_asked(conversation: Conversation) -> bool:
    """Whether a person has written, whom an answer reaches: no machine is asked how it liked it (SRV-5, EML-11)."""
    way = customer_recipient(conversation)
    return way is not None and way.has_written
