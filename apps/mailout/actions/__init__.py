"""Every change of mail that goes out: it is written, sent, taken back, tried again."""

from apps.mailout.actions.answers import draft_answer_newest
from apps.mailout.actions.drafts import draft_delete, draft_save
from apps.mailout.actions.original_files import original_files_copy
from apps.mailout.actions.outbox import mail_retry, mail_send, mail_undo
from apps.mailout.actions.release import closing_mails_release, outbound_release
from apps.mailout.draft_content import DraftContent

__all__ = [
    "DraftContent",
    "closing_mails_release",
    "draft_answer_newest",
    "draft_delete",
    "draft_save",
    "mail_retry",
    "mail_send",
    "mail_undo",
    "original_files_copy",
    "outbound_release",
]
