"""Every change of mail: it comes in, is filed, let out of quarantine, moved; it is written, sent, taken back."""

from apps.email.actions.answering import draft_answer_newest
from apps.email.actions.departing import mail_depart, mails_close
from apps.email.actions.drafts import Letter, draft_delete, draft_save, original_files_copy
from apps.email.actions.filing import mail_file, mails_file
from apps.email.actions.originals import mail_original, may_see_original
from apps.email.actions.quarantine import mail_release
from apps.email.actions.receive import Envelope, mail_content, mail_receive
from apps.email.actions.sending import mail_retry, mail_send, mail_undo
from apps.email.actions.shifting import conversation_merge, conversation_split, shift_undo
from apps.email.actions.viewing import images_trust

__all__ = [
    "Envelope",
    "Letter",
    "conversation_merge",
    "conversation_split",
    "draft_answer_newest",
    "draft_delete",
    "draft_save",
    "images_trust",
    "mail_content",
    "mail_depart",
    "mail_file",
    "mail_original",
    "mail_receive",
    "mail_release",
    "mail_retry",
    "mail_send",
    "mail_undo",
    "mails_close",
    "mails_file",
    "may_see_original",
    "original_files_copy",
    "shift_undo",
]
