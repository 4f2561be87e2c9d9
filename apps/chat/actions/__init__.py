"""Every change of a visitor: a browser comes, is recognised, writes, tells about itself, leaves."""

from apps.chat.actions.coming import Opened, visitor_open
from apps.chat.actions.leaving import (
    LEFT_DEADLINE,
    LEFT_GRACE,
    visitor_leave,
    visitor_leave_email,
    visitor_left_expire,
)
from apps.chat.actions.mailing import visitor_mail_transcript
from apps.chat.actions.starting import Introduction, name_kept, visitor_start
from apps.chat.actions.telling import visitor_attributes_set, visitor_page_move

__all__ = [
    "LEFT_DEADLINE",
    "LEFT_GRACE",
    "Introduction",
    "Opened",
    "name_kept",
    "visitor_attributes_set",
    "visitor_leave",
    "visitor_leave_email",
    "visitor_left_expire",
    "visitor_mail_transcript",
    "visitor_open",
    "visitor_page_move",
    "visitor_start",
]
