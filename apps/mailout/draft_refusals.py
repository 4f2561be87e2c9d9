"""What speaks against keeping and sending a draft (EML-7, EML-9)."""

from django.conf import settings
from django.db.models import Sum
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.conversations.choices import ENDED_STATES
from apps.conversations.models import Conversation
from apps.core.dates import date_text
from apps.core.errors import DomainError
from apps.email.choices import DraftKind
from apps.email.models import MailDraft, OutboundMail
from apps.email.selectors import own_addresses
from apps.mailout.choices import Refusal
from apps.mailout.draft_content import draft_content, missing_fields, refuse_recipients
from apps.mailout.selectors.answers import replied_since, writer_name
from apps.queues.choices import Family


def draft_incomplete_error(missing: list[str]) -> DomainError:
    """Something mandatory is not filled in."""
    names = {"to": _("recipients"), "subject": _("subject"), "body": _("text"), "queue": _("queue")}
    said = ", ".join(str(names[each]) for each in missing)
    return DomainError(Refusal.DRAFT_INCOMPLETE, _("Still missing: %(fields)s.") % {"fields": said}, missing=missing)


def draft_gone_error() -> DomainError:
    """It was sent or deleted elsewhere."""
    return DomainError(Refusal.DRAFT_GONE, _("This draft is not there any more: it was sent or deleted."))


def draft_outdated_error(draft: MailDraft) -> DomainError:
    """Another device has saved it since."""
    at = date_text(draft.saved_at, "short")
    message = _("This draft was changed elsewhere at %(time)s. Open it again to go on from there.") % {"time": at}
    return DomainError(Refusal.DRAFT_OUTDATED, message, version=draft.version)


def not_yours_error() -> DomainError:
    """The conversation is with somebody else."""
    return DomainError(Refusal.NOT_YOURS, _("This conversation is not with you."))


def refuse_held(draft: MailDraft) -> None:
    """Refuse what can't be done with a draft that is just being sent.

    Raises:
        DomainError: ``draft_sent``.
    """
    if OutboundMail.objects.filter(draft=draft).exists():
        raise DomainError(Refusal.DRAFT_SENT, _("This mail is being sent. Take it back first."))


def refuse_writing(conversation: Conversation, actor: User) -> None:
    """Refuse to let somebody write mails in a conversation that is not theirs, over, or not by email.

    Raises:
        DomainError: ``not_yours``, ``conversation_ended``, ``not_by_mail``.
    """
    if conversation.agent_id != actor.pk:
        raise not_yours_error()
    if conversation.state in ENDED_STATES:
        raise DomainError(Refusal.CONVERSATION_ENDED, _("This conversation has ended."))
    if conversation.channel != Family.EMAIL:
        raise DomainError(Refusal.NOT_BY_MAIL, _("This conversation is not by email."))


def refuse_unread(draft: MailDraft, seen: int | None) -> None:
    """Refuse a mail whose writer does not know what somebody else has said meanwhile (EML-9)."""
    found = replied_since(draft) if seen is not None else None
    if found is None or found.number <= (seen or 0):
        return
    message = _("%(name)s replied while you were writing. Your mail has not been sent.") % {"name": writer_name(found)}
    raise DomainError(Refusal.REPLIED_SINCE, message, number=found.number)


def refuse_unsendable(draft: MailDraft) -> None:
    """Refuse a draft that can't be sent as it is.

    Raises:
        DomainError: ``draft_incomplete``, ``mail_address_invalid``, ``mail_recipient_ours``, ``mail_too_large``.
    """
    content = draft_content(draft)
    if missing := missing_fields(content, DraftKind(draft.kind)):
        raise draft_incomplete_error(missing)
    refuse_recipients(content)
    everybody = (*content.to, *content.cc, *content.bcc)
    if ours := own_addresses(everybody):
        message = _("%(address)s is an address of ours: whatever is sent there would go round in circles.")
        raise DomainError(Refusal.MAIL_RECIPIENT_OURS, message % {"address": min(ours)})
    size = draft.files.aggregate(sum=Sum("file__size"))["sum"] or 0
    # What goes as text takes a third more.
    if size * 4 / 3 > settings.MAIL_MAX_MEGABYTES * 1024 * 1024:
        message = _("This mail is too large: %(max)s MB at most, with everything that goes with it.")
        raise DomainError(Refusal.MAIL_TOO_LARGE, message % {"max": settings.MAIL_MAX_MEGABYTES})
