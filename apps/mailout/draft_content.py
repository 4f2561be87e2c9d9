"""What a draft holds, and how it is kept (EML-7, EML-9)."""

from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext as _

from apps.contacts.text import clean_line
from apps.core.errors import DomainError
from apps.email.body import addresses_from_pairs
from apps.email.choices import DraftKind
from apps.email.models import SUBJECT_LENGTH, MailDraft
from apps.mailout.choices import Refusal
from apps.mime.charsets import clean_text
from apps.mime.compose import address_check
from apps.mime.types import Address

MOST_RECIPIENTS = 100
MOST_FILES = 50
MOST_TEXT = 200_000
"""Characters of what an agent writes."""


@dataclass(frozen=True)
class DraftContent:
    """A mail as its editor holds it.

    Attributes:
        to: recipients; so are `cc` and `bcc`.
        subject: on one line.
        body: what the agent writes: neither signature nor quotation.
        quotes: what it answers stands below it.
        queue_id: of a new mail, from whose channel it is sent.
        file_ids: uploads of the agent's, in the order in which they are shown.
    """

    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    subject: str = ""
    body: str = ""
    quotes: bool = True
    queue_id: UUID | None = None
    file_ids: tuple[UUID, ...] = ()


def missing_fields(content: DraftContent, kind: DraftKind) -> list[str]:
    """The mandatory fields that are not filled (EML-7, EML-9): whoever hands a mail on need not say anything."""
    is_filled = {
        "to": bool(content.to or content.cc or content.bcc),
        "subject": bool(content.subject),
        "body": bool(content.body) or (kind == DraftKind.FORWARD and content.quotes),
        "queue": content.queue_id is not None or kind != DraftKind.NEW,
    }
    return [name for name, filled in is_filled.items() if not filled]


def refuse_recipients(content: DraftContent) -> None:
    """Refuse addresses that nothing can be sent to.

    Raises:
        DomainError: ``mail_address_invalid``.
    """
    for each in (*content.to, *content.cc, *content.bcc):
        try:
            address_check(each.address)
        except DomainError as refused:
            raise DomainError(refused.code, refused.message, address=each.address[:320]) from refused


def cleaned_content(content: DraftContent, *, closing: bool) -> DraftContent:
    """What an editor holds, as it may be kept.

    Args:
        content: as it was sent.
        closing: the editor closes: addresses may be half written.

    Raises:
        DomainError: ``too_many_recipients``, ``too_many_files``, ``mail_address_invalid``, ``message_too_long``.
    """
    everybody = (*content.to, *content.cc, *content.bcc)
    if len(everybody) > MOST_RECIPIENTS:
        message = _("%(max)s recipients at most in a mail.") % {"max": MOST_RECIPIENTS}
        raise DomainError(Refusal.TOO_MANY_RECIPIENTS, message, max=MOST_RECIPIENTS)
    if len(content.file_ids) > MOST_FILES:
        raise DomainError(
            Refusal.TOO_MANY_FILES, _("%(max)s files at most in a mail.") % {"max": MOST_FILES}, max=MOST_FILES
        )
    if not closing:
        refuse_recipients(content)
    body = clean_text(content.body).strip()
    if len(body) > MOST_TEXT:
        message = _("This message is too long: %(max)s characters at most.") % {"max": MOST_TEXT}
        raise DomainError(Refusal.MESSAGE_TOO_LONG, message, max=MOST_TEXT)
    files = tuple(dict.fromkeys(content.file_ids))
    return replace(
        content, subject=clean_line(content.subject[:SUBJECT_LENGTH], SUBJECT_LENGTH), body=body, file_ids=files
    )


def draft_content(draft: MailDraft) -> DraftContent:
    """A draft as its editor had it, but for its files."""
    return DraftContent(
        to=addresses_from_pairs(draft.to),
        cc=addresses_from_pairs(draft.cc),
        bcc=addresses_from_pairs(draft.bcc),
        subject=draft.subject,
        body=draft.body,
        quotes=draft.quotes,
        queue_id=draft.queue_id,
    )
