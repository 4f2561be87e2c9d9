"""What an automatic mail says (EML-11)."""

from django.utils import translation
from django.utils.translation import gettext

from apps.conversations.models import Conversation
from apps.core.languages import language_fallbacks, supported_language
from apps.core.variables import fill_variables
from apps.email.choices import OutboundKind
from apps.email.models import MailChannel, MailText, MailThread
from apps.email.texts import DEFAULT_TEXTS


def automatic_text(channel: MailChannel, kind: OutboundKind, conversation: Conversation, thread: MailThread) -> str:
    """What an automatic mail says: the channel's words or ours, in the customer's language."""
    language = conversation.language or conversation.contact.language
    stored = MailText.objects.filter(channel=channel, kind=kind, language__in=language_fallbacks(language))
    by_tag = dict(stored.values_list("language", "body"))
    name = conversation.contact.name.strip()
    values = {
        "contact.name": name,
        "contact.first_name": name.partition(" ")[0],
        "queue.name": conversation.queue.name,
        "reference": thread.reference,
        "subject": thread.subject,
    }
    with translation.override(supported_language(language)):
        body = next((by_tag[tag] for tag in language_fallbacks(language) if tag in by_tag), None) or gettext(
            DEFAULT_TEXTS[kind]
        )
    return fill_variables(body, values).strip()
