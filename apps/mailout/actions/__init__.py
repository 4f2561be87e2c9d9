"""Every change of mail that goes out: it is written, sent, taken back, tried again."""

from apps.mailout.actions.answers import draft_answer_newest
from apps.mailout.actions.drafts import Letter, draft_delete, draft_save, original_files_copy
from apps.mailout.actions.outbox import mail_retry, mail_send, mail_undo
from apps.mailout.actions.release import mail_depart, mails_close

__all__ = [
    "Letter",
    "draft_answer_newest",
    "draft_delete",
    "draft_save",
    "mail_depart",
    "mail_retry",
    "mail_send",
    "mail_undo",
    "mails_close",
    "original_files_copy",
]
