"""Machines answer: agents may read it, and nobody is woken by it (EML-11)."""

from uuid import UUID

from apps.conversations.steps import conversation_lock, conversation_raise_version
from apps.email.body import stored_subject
from apps.email.choices import NoticeKind
from apps.email.models import MailNotice, OutboundMail, RawMail
from apps.mailin.matching import Candidate, bounced_mail, sent_mail
from apps.mime.types import Bounce, Kind, ParsedMail

MOST_TEXT = 20_000
MOST_FAILURES = 100


def notice(raw: RawMail, mail: ParsedMail, candidates: list[Candidate]) -> UUID | None:
    """Keep an automatic answer or a delivery report with the conversation that it is about.

    What names a mail of ours by its id is about that mail: nobody else knows it. Else it counts like a person's mail.

    Args:
        raw: the mail as it was received.
        mail: it, parsed.
        candidates: the conversations it may belong to, the best first.

    Returns:
        The conversation; None when it belongs to nothing.
    """
    about = bounced_mail(mail, raw.envelope_to) or sent_mail(
        [*([mail.bounce.message_id] if mail.bounce else []), *mail.thread_ids]
    )
    best = next((each.conversation_id for each in candidates if each.fits), None)
    conversation_id = about.conversation_id if about is not None else best
    if conversation_id is None:
        return None
    row = MailNotice.objects.create(
        conversation_id=conversation_id,
        raw=raw,
        kind=NoticeKind.BOUNCE if mail.kind == Kind.BOUNCE else NoticeKind.AUTO_REPLY,
        about=about,
        sender=raw.sender,
        subject=stored_subject(mail),
        text=mail.text[:MOST_TEXT],
        failures=_failures(mail.bounce) if mail.bounce else [],
        is_failure=mail.bounce is not None and mail.bounce.is_failure,
    )
    _mark(row)
    return conversation_id


def _mark(row: MailNotice) -> None:
    """What came back is shown on its mail, and the conversation's screen is told; nobody is woken (EML-10, EML-11)."""
    conversation = conversation_lock(row.conversation_id)
    if row.is_failure and row.about_id is not None:
        OutboundMail.objects.filter(message=row.about_id, bounced_at=None).update(bounced_at=row.at)
    conversation_raise_version(conversation=conversation)


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
