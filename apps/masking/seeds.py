"""What a tenant finds of masking: a rule for everything that is known by itself; card numbers are masked (TEN-3)."""

from django.utils.translation import gettext_noop

from apps.masking.choices import RuleKind
from apps.masking.models import MaskingRule, MaskingState
from apps.tenants.seeds import register_seed

RULE_NAMES = {
    RuleKind.CARD: gettext_noop("Card numbers"),
    RuleKind.IBAN: gettext_noop("IBANs"),
    RuleKind.US_SSN: gettext_noop("Social security numbers (US)"),
    RuleKind.UK_NINO: gettext_noop("National insurance numbers (UK)"),
    RuleKind.DE_TAX: gettext_noop("Tax numbers (Germany)"),
    RuleKind.FR_NIR: gettext_noop("Social security numbers (France)"),
    RuleKind.ES_DNI: gettext_noop("Identity numbers (Spain)"),
    RuleKind.IT_CF: gettext_noop("Tax codes (Italy)"),
    RuleKind.NL_BSN: gettext_noop("Citizen service numbers (Netherlands)"),
    RuleKind.PL_PESEL: gettext_noop("PESEL numbers (Poland)"),
    RuleKind.CH_AHV: gettext_noop("AHV numbers (Switzerland)"),
    RuleKind.BR_CPF: gettext_noop("CPF numbers (Brazil)"),
    RuleKind.IN_AADHAAR: gettext_noop("Aadhaar numbers (India)"),
}


@register_seed("masking.built_in")
def masking_rules_seed() -> None:
    """Card numbers on, everywhere, with the last four digits left: nobody needs more of them in a message.

    All else is off: whether it is needed differs by country and trade, and what is masked is gone.
    """
    MaskingState.load()
    MaskingRule.objects.bulk_create(
        MaskingRule(name=name, kind=kind, position=position * 10, is_active=kind == RuleKind.CARD)
        for position, (kind, name) in enumerate(RULE_NAMES.items(), 1)
    )
