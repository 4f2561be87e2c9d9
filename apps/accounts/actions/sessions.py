"""Where people are signed in: sessions that begin, are used and are ended (TEN-6)."""

from collections.abc import Iterable
from datetime import datetime
from importlib import import_module
from typing import Final
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.utils import timezone

from apps.accounts.actions.users import check_may_change, close_sockets
from apps.accounts.choices import AuditVerb
from apps.accounts.link_mails import new_browser_mail
from apps.accounts.models import User, UserSession
from apps.accounts.selectors import sessions_of
from apps.audit.actions import audit_record
from apps.timers.steps import wakeup_clear, wakeup_set

NEW_BROWSER_MAIL: Final = "accounts.new_browser_mail"
"""The mail that tells of a new browser leaves."""
LONGEST: Final = UserSession._meta.get_field("user_agent").max_length  # noqa: SLF001 - Django's way to ask


@transaction.atomic
def session_record(*, user: User, session: SessionBase, user_agent: str, address: str, is_strange: bool) -> UserSession:
    """A session has begun: it is stored with its key, and rows of sessions that are no more go.

    Args:
        user: whose.
        session: it.
        user_agent: as the browser calls itself.
        address: from where.
        is_strange: whether the account was signed in to before, and never with this browser: a mail tells of it.
    """
    live = {row.pk for row in sessions_of(user)}
    # One whose mail has not left stays: whoever signs in and out at once is told of all the same.
    UserSession.objects.filter(user=user, mail_due_at=None).exclude(pk__in=live).delete()
    mails = is_strange and not user.is_operator and user.leaves_at is None
    session.save()
    key = session.session_key or ""
    row = UserSession(user=user, session_key=key, user_agent=user_agent[:LONGEST], address=address)
    if mails:
        row.mail_due_at = timezone.now()
        wakeup_set(kind=NEW_BROWSER_MAIL, object_id=row.pk, due_at=row.mail_due_at)
    row.save(force_insert=True)
    return row


@transaction.atomic
def session_note(*, session: SessionBase, address: str) -> None:
    """A session is still used."""
    UserSession.objects.filter(session_key=session.session_key).update(seen_at=timezone.now(), address=address)


@transaction.atomic
def sessions_end(*, user: User, rows: Iterable[UserSession], actor: User | None) -> int:
    """End sessions of a user at once, with their sockets; those of other sessions come back by themselves.

    Args:
        user: whose.
        rows: which of theirs; others are left alone.
        actor: themself, or who may change them.

    Returns:
        How many were ended.

    Raises:
        DomainError: ``not_allowed``.
    """
    check_may_change(actor, user)
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    found = list(UserSession.objects.select_for_update().filter(user=user, pk__in=[row.pk for row in rows]))
    for row in found:
        store.delete(row.session_key)
        wakeup_clear(kind=NEW_BROWSER_MAIL, object_id=row.pk)
        audit_record(AuditVerb.SESSION_END, actor=actor, target=user, detail={"address": row.address})
        row.delete()
    if found:
        close_sockets(user)
    return len(found)


@transaction.atomic
def new_browser_mail_send(*, row_id: UUID, due_at: datetime) -> None:
    """The mail that tells of a new browser is due. An error is the wake-up's, which comes again."""
    row = UserSession.objects.select_for_update(of=("self",)).select_related("user").filter(pk=row_id).first()
    if row is None or row.mail_due_at != due_at:
        return
    row.mail_due_at = None
    row.save(update_fields=["mail_due_at"])
    if row.user.is_active and row.user.email:
        new_browser_mail(row)
