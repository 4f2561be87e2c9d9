"""What the mails say that bring a customer a link of theirs alone: a survey, a form (SRV-5, FRM-2)."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from apps.conversations.models import Conversation
from apps.core.languages import supported_language
from apps.core.secrets import HIDDEN
from apps.forms.models import SentForm
from apps.mailout.content import signature_text
from apps.mailout.recipient import Recipient
from apps.surveys.models import SurveyRequest
from apps.surveys.selectors import survey_wording


def survey_mail_text(request: SurveyRequest, conversation: Conversation) -> str:
    """What a mail says that asks a customer to answer a survey; its link is not in it yet (`links.py`)."""
    language = _language(conversation)
    with translation.override(supported_language(language)):
        until = _("You can answer until %(date)s.") % {"date": _moment(request.expires_at, conversation)}
        return f"{survey_wording(request, language).request}\n\n{HIDDEN}\n\n{until}"


def form_mail_text(sent: SentForm, way: Recipient) -> str:
    """What a mail says that brings a customer a form; its link is not in it yet (`links.py`)."""
    conversation = sent.conversation
    with translation.override(supported_language(_language(conversation))):
        said = {"form": sent.version.definition.title, "date": _moment(sent.expires_at, conversation)}
        asks = _("Please fill in “%(form)s” here:") % said
        once = _("The link is meant for you alone. It can be used once, until %(date)s.") % said
    signature = signature_text(way.channel, conversation.queue, conversation.contact, sent.agent)
    return "\n\n".join([asks, HIDDEN, once, *([f"-- \n{signature}"] if signature else [])])


def _language(conversation: Conversation) -> str:
    return conversation.language or conversation.contact.language


def _moment(at: datetime, conversation: Conversation) -> str:
    """A moment by the customer's clock, which is named; by UTC where it is not known."""
    try:
        zone = ZoneInfo(conversation.contact.time_zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    local = timezone.localtime(at, zone)
    return f"{formats.date_format(local, 'DATETIME_FORMAT')} ({local.tzname()})"
