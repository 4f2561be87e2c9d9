"""Deadlines of accounts: mails that are to leave."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from apps.accounts.actions.links import LINK_MAIL, link_mail_send
from apps.accounts.actions.sessions import NEW_BROWSER_MAIL, new_browser_mail_send
from apps.accounts.models import AccountLink, UserSession
from apps.timers.reconciliation import deadline_columns
from apps.timers.registry import DEADLINES


def link_mail_due(*, object_id: UUID, due_at: datetime) -> None:
    """The mail of a link."""
    link_mail_send(link_id=object_id, due_at=due_at)


@deadline_columns(LINK_MAIL)
def link_mail_columns() -> Iterable[tuple[UUID, datetime]]:
    """Every link whose mail has not left."""
    waiting = AccountLink.objects.filter(mail_due_at__isnull=False).values_list("pk", "mail_due_at")
    return [(pk, due_at) for pk, due_at in waiting if due_at]


def new_browser_mail_due(*, object_id: UUID, due_at: datetime) -> None:
    """The mail that tells of a new browser."""
    new_browser_mail_send(row_id=object_id, due_at=due_at)


@deadline_columns(NEW_BROWSER_MAIL)
def new_browser_mail_columns() -> Iterable[tuple[UUID, datetime]]:
    """Every session whose mail has not left."""
    waiting = UserSession.objects.filter(mail_due_at__isnull=False).values_list("pk", "mail_due_at")
    return [(pk, due_at) for pk, due_at in waiting if due_at]


DEADLINES.register(LINK_MAIL, link_mail_due)
DEADLINES.register(NEW_BROWSER_MAIL, new_browser_mail_due)
