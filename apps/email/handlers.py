"""What mail does when something is taken out of a message."""

from apps.conversations.events import MessageRedacted
from apps.core.events import subscribe
from apps.email.steps.redaction import mails_redact


@subscribe(MessageRedacted)
def on_redacted(event: MessageRedacted) -> None:
    """What was taken out of a message by mail goes out of the mail, too, and out of what quotes it."""
    mails_redact(conversation_id=event.conversation.pk, message_id=event.message.pk, removed=event.removed)
