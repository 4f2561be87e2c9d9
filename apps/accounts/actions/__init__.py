"""Every change of a user and of a role. Who may change whom is decided here, so that no page can forget it.

`actor` is who asks for it; None is the installation itself (a command, a seed), which may do everything.
"""

from apps.accounts.actions.factors import signin_settings_save, user_remove_factors
from apps.accounts.actions.roles import role_delete, role_save
from apps.accounts.actions.users import (
    EDITABLE,
    user_activate,
    user_create,
    user_deactivate,
    user_delete,
    user_set_password,
    user_set_picture,
    user_sign_out,
    user_update,
)

__all__ = [
    "EDITABLE",
    "role_delete",
    "role_save",
    "signin_settings_save",
    "user_activate",
    "user_create",
    "user_deactivate",
    "user_delete",
    "user_remove_factors",
    "user_set_password",
    "user_set_picture",
    "user_sign_out",
    "user_update",
]
