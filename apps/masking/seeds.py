"""What a tenant finds of masking: a rule for everything that is known by itself; card numbers are masked (TEN-3)."""

from django.utils.translation import gettext_noop

from apps.masking.choices import Kind
from apps.masking.models import MaskingRule, MaskingState
from apps.tenants.seeds import seed

NAMES = {
    Kind.CARD: gettext_noop("Card numbers"),
    Kind.IBAN: gettext_noop("IBANs"),
    Kind.US_SSN: gettext_noop("Social security numbers (US)"),
    Kind.UK_NINO: gettext_noop("National insurance numbers (UK)"),
    Kind.DE_TAX: gettext_noop("Tax numbers (Germany)"),
    Kind.FR_NIR: gettext_noop("Social security numbers (France)"),
    Kind.ES_DNI: gettext_noop("Identity numbers (Spain)"),
    Kind.IT_CF: gettext_noop("Tax codes (Italy)"),
    Kind.NL_BSN: gettext_noop("Citizen service numbers (Netherlands)"),
    Kind.PL_PESEL: gettext_noop("PESEL numbers (Poland)"),
    Kind.CH_AHV: gettext_noop("AHV numbers (Switzerland)"),
    Kind.BR_CPF: gettext_noop("CPF numbers (Brazil)"),
    Kind.IN_AADHAAR: gettext_noop("Aadhaar numbers (India)"),
}


@seed("masking.built_in")
def built_in() -> None:
    """Card numbers on, everywhere, with the last four digits left: nobody needs more of them in a message.

    All else is off: whether it is needed differs by country and trade, and what is masked is gone.
    """
    MaskingState.load()
    MaskingRule.objects.bulk_create(
        MaskingRule(name=name, kind=kind, position=position * 10, is_active=kind == Kind.CARD)
        for position, (kind, name) in enumerate(NAMES.items(), 1)
    )
