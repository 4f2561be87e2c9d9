"""Every change of a visitor: a browser comes, is recognised, writes, tells about itself, leaves."""

from apps.chat.actions.departure import (
    LEFT_DEADLINE,
    LEFT_GRACE,
    visitor_leave,
    visitor_leave_email,
    visitor_left_expire,
)
from apps.chat.actions.details import visitor_attributes_set, visitor_page_move
from apps.chat.actions.hello import OpenedVisitor, visitor_open
from apps.chat.actions.start import Introduction, visitor_start
from apps.chat.actions.transcript_mail import visitor_mail_transcript
from apps.chat.actions.widgets import (
    identity_key_make,
    identity_keys_revoke,
    widget_delete,
    widget_lines_set,
    widget_save,
    widget_set_logo,
)

__all__ = [
    "LEFT_DEADLINE",
    "LEFT_GRACE",
    "Introduction",
    "OpenedVisitor",
    "identity_key_make",
    "identity_keys_revoke",
    "visitor_attributes_set",
    "visitor_leave",
    "visitor_leave_email",
    "visitor_left_expire",
    "visitor_mail_transcript",
    "visitor_open",
    "visitor_page_move",
    "visitor_start",
    "widget_delete",
    "widget_lines_set",
    "widget_save",
    "widget_set_logo",
]
