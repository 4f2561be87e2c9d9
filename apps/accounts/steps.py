"""What other actions do with a user, in their own transaction."""

from django.utils.translation import gettext as _

from apps.accounts.choices import Refusal
from apps.accounts.models import User
from apps.core.errors import DomainError


def user_lock(user: User) -> User:
    """The user as the database has them, locked until the transaction ends.

    Raises:
        DomainError: ``user_unknown`` when they were deleted meanwhile.
    """
    # A full lock: nothing that names this user, such as a conversation they accept, gets in before we are done.
    found = User.objects.select_for_update(of=("self",)).select_related("role").filter(pk=user.pk, deleted_at=None)
    if (locked := found.first()) is None:
        raise DomainError(Refusal.USER_UNKNOWN, _("This user is not there any more."))
    return locked
