"""Mails as customers of the demo write them: plain and HTML, with what they answer below."""

import html
from collections.abc import Sequence
from uuid import UUID

from django.utils import timezone

from apps.mime.compose import message_id_for
from apps.mime.replies import quote_html, quote_text, references_for, reply_subject
from apps.mime.types import Address, OutgoingMail, ParsedMail, Part


def customer_mail(
    *,
    key: UUID,
    author: Address,
    to: Address,
    body: str,
    subject: str = "",
    answers: ParsedMail | None = None,
    files: Sequence[Part] = (),
) -> OutgoingMail:
    """A customer's mail, as mail programs write them.

    Args:
        key: makes its Message-ID.
        author: the customer.
        to: the company.
        body: what it says.
        subject: of a mail that begins a thread.
        answers: the mail that it answers.
        files: what comes with it.
    """
    return OutgoingMail(
        message_id=message_id_for(key, author.address.rpartition("@")[2]),
        date=timezone.now(),
        from_=author,
        to=(to,),
        subject=reply_subject(answers.subject) if answers else subject,
        text="\n\n".join([body, *([quote_text(answers)] if answers else [])]),
        html=mail_html(body, answers),
        attachments=tuple(files),
        in_reply_to=answers.message_id if answers else "",
        references=references_for(answers) if answers else (),
    )


def mail_html(text: str, before: ParsedMail | None) -> str:
    """A text as HTML, with what it answers quoted below."""
    quoted = quote_html(before, _paragraphs(before.text)) if before else ""
    return f"<html><body>{_paragraphs(text)}{quoted}</body></html>"


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{html.escape(each)}</p>".replace("\n", "<br>") for each in text.strip().split("\n\n"))
