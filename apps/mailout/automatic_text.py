"""What an automatic mail says (EML-11)."""

from apps.conversations.models import Conversation
from apps.conversations.variables import contact_values
from apps.core.languages import language_fallbacks
from apps.core.variables import fill_variables
from apps.email.choices import OutboundKind
from apps.email.models import MailChannel, MailText, MailThread
from apps.email.texts import built_in_text


def automatic_text(channel: MailChannel, kind: OutboundKind, conversation: Conversation, thread: MailThread) -> str:
    """What an automatic mail says: the channel's words or ours, in the customer's language."""
    language = conversation.language or conversation.contact.language
    stored = MailText.objects.filter(channel=channel, kind=kind, language__in=language_fallbacks(language))
    by_tag = dict(stored.values_list("language", "body"))
    values = {
        **contact_values(conversation.contact),
        "queue.name": conversation.queue.name,
        "reference": thread.reference,
        "subject": thread.subject,
    }
    body = next((by_tag[tag] for tag in language_fallbacks(language) if tag in by_tag), None)
    return fill_variables(body or built_in_text(kind, language), values).strip()
