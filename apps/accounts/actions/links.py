"""Links in mails: invitations, new passwords, new emails (TEN-6).

The mail leaves by a wake-up, which is tried until it has: its secret is made then, and nothing keeps it.
"""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.actions.users import check_may_change, check_password_opens, user_set_password, user_update
from apps.accounts.choices import LinkKind, Refusal
from apps.accounts.link_mails import email_changed_mail, link_mail
from apps.accounts.models import AccountLink, User
from apps.accounts.selectors import home_path, link_by_token, link_digest, password_opens, user_by_email
from apps.accounts.steps import user_lock
from apps.core.errors import DomainError
from apps.timers.steps import wakeup_clear, wakeup_set

LINK_MAIL: Final = "accounts.link_mail"
"""The mail of a link leaves."""
GOOD_FOR: Final = {
    LinkKind.INVITATION: timedelta(days=7),
    LinkKind.RESET: timedelta(hours=1),
    LinkKind.EMAIL: timedelta(hours=1),
}
PASSWORD_LINKS: Final = (LinkKind.INVITATION, LinkKind.RESET)


@transaction.atomic
def user_invite(*, user: User, actor: User | None) -> AccountLink:
    """Send somebody who has no password yet a link by which they choose one; an earlier invitation ends.

    Raises:
        DomainError: ``not_allowed``, ``user_unknown``, ``user_inactive``, ``password_closed``.
    """
    return _make_for(user, LinkKind.INVITATION, actor)


@transaction.atomic
def user_send_reset(*, user: User, actor: User | None) -> AccountLink:
    """Send somebody a link by which they choose a new password; an earlier one ends.

    Raises:
        DomainError: ``not_allowed``, ``user_unknown``, ``user_inactive``, ``password_closed``.
    """
    return _make_for(user, LinkKind.RESET, actor)


@transaction.atomic
def invitation_revoke(*, user: User, actor: User | None) -> None:
    """End an invitation that was not used.

    Raises:
        DomainError: ``not_allowed``, ``user_unknown``.
    """
    user = user_lock(user)
    check_may_change(actor, user)
    _end(user, [LinkKind.INVITATION])


@transaction.atomic
def reset_request(*, email: str) -> None:
    """Somebody says that they have forgotten the password of this account. Whether there is one, nobody is told.

    Args:
        email: as it was typed.
    """
    user = user_by_email(email)
    if user is None or not user.is_active or user.is_operator or user.leaves_at or home_path(user) is None:
        return
    if not password_opens(user):
        return
    user = user_lock(user)
    _make(user, LinkKind.RESET, user.email)


@transaction.atomic
def email_request(*, user: User, email: str) -> AccountLink:
    """Send a link to a new address of one's own; the account keeps the old one until it is used.

    Args:
        user: who changes their own email.
        email: the new one.

    Raises:
        DomainError: ``user_unknown``.
        ValidationError: it is none, or somebody else's.
    """
    user = user_lock(user)
    user.email = email.strip()
    user.full_clean(exclude=["password"])
    return _make(user, LinkKind.EMAIL, user.email)


@transaction.atomic
def password_set_by_link(*, token: str, password: str) -> User:
    """Choose a password by a link: it works once, and every session of the account ends.

    Args:
        token: the link's secret.
        password: the new one.

    Raises:
        DomainError: ``link_over``, ``password_closed``.
        ValidationError: the password is too weak; the link stays good.
    """
    user = _lock_user_of(token, PASSWORD_LINKS).user
    changed = user_set_password(user=user, password=password, actor=user)
    _end(changed, LinkKind)
    return changed


@transaction.atomic
def email_confirm(*, token: str) -> User:
    """The new address is proven: it is the account's from now on, and the old one is told, by a mail of its own.

    Args:
        token: the link's secret.

    Raises:
        DomainError: ``link_over``.
        ValidationError: the address is somebody else's meanwhile.
    """
    link = _lock_user_of(token, [LinkKind.EMAIL])
    before = link.user.email
    changed = user_update(user=link.user, fields={"email": link.email}, actor=link.user)
    _end(changed, LinkKind)
    link.ended_at = link.mail_due_at = timezone.now()
    link.previous_email = before
    link.save(update_fields=["ended_at", "mail_due_at", "previous_email"])
    wakeup_set(kind=LINK_MAIL, object_id=link.pk, due_at=link.mail_due_at)
    return changed


@transaction.atomic
def link_mail_send(*, link_id: UUID, due_at: datetime) -> None:
    """A link's mail is due: it leaves with a secret made now, of which a digest is kept; or tells of a new email.

    An error is the wake-up's, which comes again; each time with another secret.
    """
    link = AccountLink.objects.select_for_update(of=("self",)).select_related("user").filter(pk=link_id).first()
    if link is None or link.mail_due_at != due_at:
        return
    link.mail_due_at = None
    if link.previous_email:
        link.save(update_fields=["mail_due_at"])
        email_changed_mail(link.user, link.previous_email)
    elif link.ended_at is None and link.expires_at > timezone.now():
        token = secrets.token_urlsafe(32)
        link.digest = link_digest(token)
        link.save(update_fields=["digest", "mail_due_at"])
        link_mail(link, token)
    else:
        link.save(update_fields=["mail_due_at"])


def _make_for(user: User, kind: LinkKind, actor: User | None) -> AccountLink:
    user = user_lock(user)
    check_may_change(actor, user)
    check_password_opens(user)
    if not user.is_active:
        raise DomainError(Refusal.USER_INACTIVE, _("This user is deactivated: activate them first."))
    return _make(user, kind, user.email)


def _make(user: User, kind: LinkKind, email: str) -> AccountLink:
    """A link of this kind, in place of the one that there is; the user is locked."""
    _end(user, [kind])
    now = timezone.now()
    link = AccountLink(user=user, kind=kind, email=email, expires_at=now + GOOD_FOR[kind], mail_due_at=now)
    link.signature = user.get_session_auth_hash()
    link.save(force_insert=True)
    wakeup_set(kind=LINK_MAIL, object_id=link.pk, due_at=now)
    return link


def _end(user: User, kinds: Collection[LinkKind] | type[LinkKind]) -> None:
    open_ones = AccountLink.objects.select_for_update().filter(user=user, kind__in=list(kinds), ended_at=None)
    for link in open_ones:
        wakeup_clear(kind=LINK_MAIL, object_id=link.pk)
        link.ended_at, link.mail_due_at = timezone.now(), None
        link.save(update_fields=["ended_at", "mail_due_at"])


def _lock_user_of(token: str, kinds: Collection[LinkKind]) -> AccountLink:
    """The link, read again under its user's lock: of two who use it at once the second is too late.

    Raises:
        DomainError: ``link_over``.
    """
    found = link_by_token(token, kinds)
    if found is not None:
        user_lock(found.user)
        found = link_by_token(token, kinds)
    if found is None:
        raise DomainError(Refusal.LINK_OVER, _("This link doesn't work any more. Please ask for a new one."))
    return found
