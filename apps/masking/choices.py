"""What is looked for in what people write, and what becomes of it (FRM-6)."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class RuleKind(models.TextChoices):
    """What a rule finds. All but the last are found by their own make, check digits above all."""

    CARD = "card", _("Card number")
    IBAN = "iban", _("IBAN")
    US_SSN = "us_ssn", _("Social security number (US)")
    UK_NINO = "uk_nino", _("National insurance number (UK)")
    DE_TAX = "de_tax", _("Tax number (Germany)")
    FR_NIR = "fr_nir", _("Social security number (France)")
    ES_DNI = "es_dni", _("Identity number (Spain)")
    IT_CF = "it_cf", _("Tax code (Italy)")
    NL_BSN = "nl_bsn", _("Citizen service number (Netherlands)")
    PL_PESEL = "pl_pesel", _("PESEL number (Poland)")
    CH_AHV = "ch_ahv", _("AHV number (Switzerland)")
    BR_CPF = "br_cpf", _("CPF number (Brazil)")
    IN_AADHAAR = "in_aadhaar", _("Aadhaar number (India)")
    OWN = "own", _("Own pattern")


class MaskingMethod(models.TextChoices):
    """What stands in the place of what was found."""

    REDACT = "redact", _("Redact: a black bar")
    REPLACE = "replace", _("Replace: a text of your own")
    MASK = "mask", _("Mask: a sign for each character, but for the last ones")


class Speaker(models.TextChoices):
    """In whose words a rule looks."""

    BOTH = "both", _("Customers and agents")
    CUSTOMER = "customer", _("Customers")
    AGENT = "agent", _("Agents")


class MaskingSign(models.TextChoices):
    """What masks a character."""

    DOT = "•", "•"
    STAR = "*", "*"
    HASH = "#", "#"
    CROSS = "x", "x"


BY_HAND = "hand"
"""Among what was taken out of a message: something that a supervisor chose."""

WITHHELD = "withheld"
"""In its place: all of it, since it could not be checked."""

OWN_WORD = "own:"
"""Before the name of what an own pattern finds, among what was taken out of a message."""

BAR = "█████"
"""What stands in the place of what was redacted: always as long, whatever it was."""


class Refusal(StrEnum):
    """Why an action of this app refuses: the codes of its errors."""

    MASKING_BUILT_IN = "masking_built_in"
    MASKING_NO_QUEUES = "masking_no_queues"
    MASKING_REPLACEMENT = "masking_replacement"
    MASKING_TOO_LONG = "masking_too_long"
    PATTERN_EMPTY = "pattern_empty"
    PATTERN_TOO_LARGE = "pattern_too_large"
    PATTERN_WRONG = "pattern_wrong"
