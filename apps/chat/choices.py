"""The words of chat."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.conversations.event_kinds import event_kinds


@event_kinds
class ChatEventKind(models.TextChoices):
    """What a chat records on the timeline."""

    EMAIL_LEFT = "email_left", _("Email address left")
