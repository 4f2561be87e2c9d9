"""A mail that came with a mail is read as one: what it says, and what came with it in turn (EML-6).

It is taken apart anew each time it is looked at, by the rules of today; nothing of it is stored but the file.
"""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from apps.core.errors import DomainError
from apps.email.choices import Refusal
from apps.email.masking import mail_mask
from apps.masking.engine import Ruleset
from apps.mime.parse import parse_mail
from apps.mime.types import ParsedMail, Part

MEDIA_TYPE = "message/rfc822"
DEEPEST = 5
"""Mails within mails that are opened; what lies deeper can be saved."""


def is_mail_file(name: str, media_type: str) -> bool:
    """Whether a file is a mail that can be read.

    Args:
        name: of the file.
        media_type: as its sender said.
    """
    return media_type == MEDIA_TYPE or name.lower().endswith(".eml")


def attached_mail_read(content: bytes, place: Sequence[int], ruleset: Ruleset) -> ParsedMail:
    """A mail in a file, without what the masking rules take out (FRM-6).

    Args:
        content: the file, a mail.
        place: the way to it: the number of an attachment in each mail on the way; empty for the file itself.
        ruleset: for what customers say in its queue.

    Raises:
        DomainError: ``enclosed_unknown``: there is no such attachment, it is no mail, or lies too deep.
    """
    if len(place) >= DEEPEST:
        raise _unknown()
    mail = parse_mail(content)
    for number in place:
        part = _part(mail, number)
        if not is_mail_file(part.name, part.media_type):
            raise _unknown()
        mail = parse_mail(part.content)
    return mail_mask(mail, ruleset).mail


def attached_part(mail: ParsedMail, number: int) -> Part:
    """Something that came with a mail.

    Args:
        mail: it, from `attached_mail_read`.
        number: its place among the attachments, from nought.

    Raises:
        DomainError: ``enclosed_unknown``.
    """
    return _part(mail, number)


def _part(mail: ParsedMail, number: int) -> Part:
    if not 0 <= number < len(mail.attachments):
        raise _unknown()
    return mail.attachments[number]


def _unknown() -> DomainError:
    return DomainError(Refusal.ENCLOSED_UNKNOWN, _("There is no such mail in this file."))
