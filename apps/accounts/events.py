"""What happens to people, told to the apps above inside the same transaction."""

from dataclasses import dataclass

from apps.accounts.models import User


@dataclass(frozen=True)
class UserSaved:
    """A user was made, or their role or activity changed."""

    user: User


@dataclass(frozen=True)
class UserDeactivating:
    """A user is about to be deactivated or deleted; a handler that must not let it be raises DomainError (TEN-7)."""

    user: User


@dataclass(frozen=True)
class UserDeleted:
    """A user was deleted: they stay in history and nowhere else."""

    user: User


@dataclass(frozen=True)
class UserSigningOut:
    """A user is about to sign out; a handler that must not let it happen raises DomainError (AGT-8)."""

    user: User


@dataclass(frozen=True)
class OpenIDGroupsSaid:
    """A provider says in which groups somebody is who signs in there; empty for none (TEN-6)."""

    user: User
    issuer: str
    groups: frozenset[str]
