"""What directories and administrators do: tokens, users and groups (TEN-6).

Users are changed by the actions of `accounts`. A directory is no user: `core.origin.integration` names its token to the
audit log, and what it may not do is refused here.
"""

from apps.scim.actions.groups import (
    directory_group_change,
    directory_group_create,
    directory_group_delete,
    directory_group_save,
    sign_in_groups_set,
)
from apps.scim.actions.tokens import (
    directory_token_create,
    directory_token_revoke,
    directory_token_update,
    directory_token_use,
)
from apps.scim.actions.users import (
    directory_user_change,
    directory_user_create,
    directory_user_remove,
    directory_user_save,
)

__all__ = [
    "directory_group_change",
    "directory_group_create",
    "directory_group_delete",
    "directory_group_save",
    "directory_token_create",
    "directory_token_revoke",
    "directory_token_update",
    "directory_token_use",
    "directory_user_change",
    "directory_user_create",
    "directory_user_remove",
    "directory_user_save",
    "sign_in_groups_set",
]
