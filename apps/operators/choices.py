"""The words of operators."""

from datetime import timedelta
from enum import StrEnum
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

MINUTES: Final = (15, 30, 60, 120, 240)
"""For how long a pass may be valid."""

LINK_VALID: Final = timedelta(minutes=2)
"""How long the link stands by which an operator goes from their own host to the tenant's."""


class Refusal(StrEnum):
    """Why an action of this app refuses: the codes of its errors."""

    OPERATOR_ONLY = "operator_only"
    LENGTH_INVALID = "length_invalid"
    LINK_INVALID = "link_invalid"
    REASON_MISSING = "reason_missing"
    TENANT_FROZEN = "tenant_frozen"


class AuditVerb(models.TextChoices):
    """What is done with passes."""

    ISSUE = "operator_pass.issue", _("Operator took a pass")
    ENTER = "operator_pass.enter", _("Operator came in")
    END = "operator_pass.end", _("Operator's pass ended")
