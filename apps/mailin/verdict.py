"""Whether a mail may go to people at all (EML-2, EML-11)."""

from apps.email.body import stored_mail_id
from apps.email.choices import Reason
from apps.email.models import MailMessage, RawMail
from apps.email.selectors import own_addresses
from apps.mailin.selectors import recent_mails_count
from apps.mime.types import Address, Kind, ParsedMail

MOST_HOPS = 50
"""Servers that a mail went through; RFC 5321 (6.3) has a hundred, and no honest one needs half."""


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


def quarantine_reason(raw: RawMail, mail: ParsedMail, sender: Address | None) -> tuple[Reason, str] | None:
    """What speaks against a mail's being filed, whatever it belongs to.

    Args:
        raw: the mail as it was received.
        mail: it, parsed.
        sender: who has written it.

    Returns:
        The reason and a detail for people; None when nothing does.
    """
    if sender is None:
        return Reason.NO_SENDER, ""
    if raw.released_at is not None:
        return None  # Somebody has looked at it.
    if len(mail.headers.get("received", ())) > MOST_HOPS:
        return Reason.LOOP, "received"
    if (
        mail.message_id
        and MailMessage.objects.filter(mail_id=stored_mail_id(mail.message_id), is_outgoing=True).exists()
    ):
        return Reason.LOOP, mail.message_id[:200]
    if mail.kind != Kind.BOUNCE and own_addresses([sender]):
        return Reason.OWN_ADDRESS, sender.address
    if recent_mails_count(raw.channel, sender.key[:320], until=raw.received_at) >= raw.channel.flood_limit:
        return Reason.FLOOD, sender.address
    return None
