"""Reads of people."""

from collections.abc import Collection
from datetime import timedelta
from hashlib import sha256
from importlib import import_module
from typing import Final
from uuid import UUID

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django_tenants.utils import get_public_schema_name

from apps.accounts.choices import AuditVerb, LinkKind
from apps.accounts.models import AccountLink, OpenIDIdentity, OpenIDProvider, Role, User, UserSession
from apps.accounts.permissions import OPERATOR, OWNER, Permission, Scope
from apps.audit.models import AuditEntry

CONSOLE = "/console/"
ADMIN = "/admin/"
JOURNAL: Final = timedelta(days=90)
"""How far back the journal of sign-ins reaches."""
JOURNAL_ENTRIES: Final = 30
"""How many entries of it are shown."""
JOURNAL_VERBS: Final = [
    AuditVerb.SIGN_IN,
    AuditVerb.SIGN_IN_OPENID,
    AuditVerb.SIGN_IN_FAILED,
    AuditVerb.SIGN_OUT,
    AuditVerb.SESSION_END,
    AuditVerb.PASSWORD,
    AuditVerb.FACTORS_REMOVED,
]


def home_path(user: User) -> str | None:
    """Where a user goes after signing in: agents to the console, who sets things up to the admin, others nowhere."""
    # `agent` is the other end of a relation that an app above defines.
    if user.may(Permission.CONSOLE) and hasattr(user, "agent"):
        return CONSOLE
    return ADMIN if user.is_staff else None


def session_exists(session: SessionBase) -> bool:
    """Whether a session, which may have been loaded long ago, has not ended since."""
    return bool(import_module(settings.SESSION_ENGINE).SessionStore().exists(session.session_key))


def session_has_password_of(session: SessionBase, user: User) -> bool:
    """Whether a session was begun with the password that its user has now."""
    return constant_time_compare(session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())


def sessions_of(user: User) -> list[UserSession]:
    """Where a user is signed in now, the last used first: what has ended meanwhile is left out."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    rows = UserSession.objects.filter(user=user).order_by("-seen_at")
    return [row for row in rows if session_has_password_of(store(row.session_key), user)]


def session_of(user: User, pk: UUID) -> UserSession | None:
    """One of the sessions of a user, ended or not; None where they have no such one."""
    return UserSession.objects.filter(user=user, pk=pk).first()


def sign_in_entries(user: User) -> list[AuditEntry]:
    """What was done to sign in to an account, and to what it is signed in by, of late: the newest first."""
    kind = User._meta.label_lower  # noqa: SLF001 - Django's way to ask
    since = timezone.now() - JOURNAL
    entries = AuditEntry.objects.filter(target_type=kind, target_id=str(user.pk), at__gte=since, verb__in=JOURNAL_VERBS)
    return list(entries.order_by("-at", "-pk")[:JOURNAL_ENTRIES])


_REACH = {Scope.OWN: 0, Scope.QUEUES: 1, Scope.ALL: 2}


def grantable_roles(actor: User) -> list[Role]:
    """The roles that somebody may give to others (TEN-5)."""
    given = [role for role in Role.objects.exclude(code=OPERATOR) if not role_exceeds(role, actor.role)]
    return [role for role in given if role.code != OWNER or actor.is_owner]


def mappable_roles() -> QuerySet[Role]:
    """The roles that a directory or a provider may give: nobody becomes the owner by it, nor an operator (TEN-6)."""
    return Role.objects.exclude(code__in=[OWNER, OPERATOR])


def role_exceeds(role: Role | None, measure: Role | None) -> bool:
    """Whether a role may do something, or reach somewhere, that another can't."""
    if role is None:
        return False
    if measure is None:
        return True
    further = _REACH[Scope(role.scope)] > _REACH[Scope(measure.scope)]
    return further or not set(role.permissions) <= set(measure.permissions)


def has_system_mail() -> bool:
    """Whether links are mailed here: not where operators are, whose wake-ups would be nobody's."""
    schema: str = connection.schema_name  # type: ignore[attr-defined]
    return schema != str(get_public_schema_name())


def user_by_email(email: str) -> User | None:
    """Whose email this is, whatever its case; not of the deleted."""
    try:
        return User.objects.get_by_natural_key(email.strip())
    except User.DoesNotExist:
        return None


def link_digest(token: str) -> str:
    """What is stored of a link's secret."""
    return sha256(token.encode()).hexdigest()


def link_is_open(user: User, kind: LinkKind) -> bool:
    """Whether somebody has a link of this kind that still works, or is about to be sent."""
    return AccountLink.objects.filter(user=user, kind=kind, ended_at=None, expires_at__gt=timezone.now()).exists()


def link_by_token(token: str, kinds: Collection[LinkKind]) -> AccountLink | None:
    """The link with this secret, if it still works: in time, not used, and its user as they were (TEN-6).

    Args:
        token: the secret, as the address has it.
        kinds: what it may be for.
    """
    open_ones = AccountLink.objects.filter(digest=link_digest(token), kind__in=kinds, ended_at=None)
    link = open_ones.filter(expires_at__gt=timezone.now()).select_related("user__role").first()
    return link if link is not None and _is_as_then(link) else None


def _is_as_then(link: AccountLink) -> bool:
    user = link.user
    same_email = link.kind == LinkKind.EMAIL or link.email == user.email
    return user.is_active and same_email and constant_time_compare(link.signature, user.get_session_auth_hash())


def is_user_picture(path: str) -> bool:
    """Whether a file of the storage is somebody's picture.

    Args:
        path: as `User.picture` holds it.
    """
    return User.objects.filter(picture=path).exists()


def openid_provider() -> OpenIDProvider | None:
    """The tenant's OpenID Connect provider, where it is switched on."""
    return OpenIDProvider.objects.filter(is_on=True).select_related("set_up_by").first()


def password_opens(user: User) -> bool:
    """Whether somebody signs in by what is kept of them here: everybody, or the owner alone where the provider is
    enforced. The owner's way in stays, so that a provider that fails locks nobody out for good (TEN-6).
    """
    return user.is_owner or user.is_operator or not openid_is_enforced()


def openid_is_enforced() -> bool:
    """Whether people sign in at the tenant's provider alone."""
    return OpenIDProvider.objects.filter(is_on=True, is_enforced=True).exists()


def openid_identity(user: User) -> OpenIDIdentity | None:
    """By which name the tenant's provider of today knows somebody."""
    issuer = OpenIDProvider.objects.values("issuer")[:1]
    return OpenIDIdentity.objects.filter(user=user, issuer__in=issuer).first()


def was_deleted(issuer: str, subject: str, email: str) -> bool:
    """Whether somebody with this name at a provider, or this email, was deleted here (TEN-7)."""
    gone = User.objects.filter(deleted_at__isnull=False)
    known = Q(email__iexact=email) | Q(openid_identities__issuer=issuer, openid_identities__subject=subject)
    return gone.filter(known).exists()


def user_by_identity(issuer: str, subject: str) -> User | None:
    """Whom a provider calls by this name; not the deleted."""
    known = OpenIDIdentity.objects.filter(issuer=issuer, subject=subject, user__deleted_at=None)
    identity = known.select_related("user__role").first()
    return None if identity is None else identity.user
