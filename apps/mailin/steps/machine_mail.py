"""A machine's mail is kept as a notice, which wakes nobody (EML-10, EML-11).

Inside the transaction that files the mail, under the locks of its channel, itself and the verdict's conversation.
"""

from uuid import UUID

from apps.conversations.steps import conversation_raise_version
from apps.email.body import stored_subject
from apps.email.choices import NoticeKind
from apps.email.masking import MaskedMail
from apps.email.models import MailNotice, OutboundMail
from apps.mailin.verdict import InboundMail, Verdict
from apps.mime.types import Bounce, Kind

MOST_NOTICE_TEXT = 20_000
MOST_FAILURES = 100


def machine_mail_write(inbound: InboundMail, verdict: Verdict, masked: MaskedMail) -> UUID:
    """Keep an automatic answer or a delivery report: agents may read it, and nobody is woken by it (EML-11).

    What came back is shown on its mail, and the conversation's screen is told (EML-10).

    Args:
        inbound: the mail.
        verdict: matched.
        masked: the mail without what masking rules take out.

    Returns:
        Which conversation it is in.
    """
    conversation, mail, bounce = verdict.conversation, masked.mail, masked.mail.bounce
    if conversation is None:
        raise ValueError("a machine's mail that belongs to nothing is in quarantine")
    row = MailNotice.objects.create(
        conversation=conversation,
        raw=inbound.raw,
        kind=NoticeKind.BOUNCE if mail.kind == Kind.BOUNCE else NoticeKind.AUTO_REPLY,
        about=verdict.about,
        sender=inbound.raw.sender,
        subject=stored_subject(mail),
        text=mail.text[:MOST_NOTICE_TEXT],
        failures=_failures(bounce) if bounce else [],
        is_failure=bounce is not None and bounce.is_failure,
    )
    if row.is_failure and verdict.about is not None:
        OutboundMail.objects.filter(message=verdict.about.pk, bounced_at=None).update(bounced_at=row.at)
    conversation_raise_version(conversation=conversation)
    return row.conversation_id


def _failures(bounce: Bounce) -> list[dict[str, str]]:
    return [
        {
            "address": each.address[:320],
            "action": each.action[:20],
            "status": each.status[:20],
            "diagnostic": each.diagnostic[:500],
        }
        for each in bounce.failures[:MOST_FAILURES]
    ]
