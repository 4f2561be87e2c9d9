"""The words of configurations."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class ConfigurationVerb(models.TextChoices):
    """What the audit log says of configurations (AUD-1)."""

    EXPORT = "configuration.export", _("Configuration exported")
    APPLY = "configuration.apply", _("Configuration applied")


class Refusal(StrEnum):
    """Why an action of this app refuses: the codes of its errors."""

    FILE_UNREADABLE = "configuration_unreadable"
    NOT_ALLOWED = "configuration_not_allowed"
    REFUSED = "configuration_refused"
