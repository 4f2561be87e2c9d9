"""Every change of a user and of a role. Who may change whom is decided here, so that no page can forget it.

`actor` is who asks for it; None is the installation itself (a command, a seed), which may do everything.
"""

from apps.accounts.actions.factors import signin_settings_save, user_remove_factors
from apps.accounts.actions.links import (
    email_confirm,
    email_request,
    invitation_revoke,
    link_mail_send,
    password_set_by_link,
    reset_request,
    user_invite,
    user_send_reset,
)
from apps.accounts.actions.openid import openid_passwords_open, openid_provider_save
from apps.accounts.actions.openid_users import openid_identity_unlink, openid_user_identify
from apps.accounts.actions.roles import role_delete, role_save
from apps.accounts.actions.sessions import new_browser_mail_send, session_note, session_record, sessions_end
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
    "email_confirm",
    "email_request",
    "invitation_revoke",
    "link_mail_send",
    "new_browser_mail_send",
    "openid_identity_unlink",
    "openid_passwords_open",
    "openid_provider_save",
    "openid_user_identify",
    "password_set_by_link",
    "reset_request",
    "role_delete",
    "role_save",
    "session_note",
    "session_record",
    "sessions_end",
    "signin_settings_save",
    "user_activate",
    "user_create",
    "user_deactivate",
    "user_delete",
    "user_invite",
    "user_remove_factors",
    "user_send_reset",
    "user_set_password",
    "user_set_picture",
    "user_sign_out",
    "user_update",
]
