"""The subject of a conversation by mail, for apps that don't know mail."""

from apps.conversations.models import Conversation
from apps.conversations.subjects import SubjectSource


def thread_subject(conversation: Conversation) -> str:
    """The subject of its thread; empty where it has none yet."""
    thread = getattr(conversation, "mail_thread", None)
    return thread.subject if thread else ""


MAIL_SUBJECTS = SubjectSource("mail_thread", thread_subject)
