"""Public holidays as plain data, by the calendars of the `holidays` package (RTE-3)."""

from collections.abc import Iterable
from datetime import date
from functools import cache

import holidays
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from holidays.registry import COUNTRIES

from apps.core.errors import DomainError
from apps.queues.choices import Refusal


@cache
def holiday_countries() -> tuple[tuple[str, str], ...]:
    """Every country with a calendar: its ISO 3166 code and its name in English, by name."""
    known = ((classes[1], key.replace("_", " ").title()) for key, classes in COUNTRIES.items())
    return tuple(sorted(known, key=lambda each: each[1]))


def holiday_subdivisions(country: str) -> tuple[tuple[str, str], ...]:
    """The parts of a country with holidays of their own: code and name, by name.

    Raises:
        DomainError: ``country_unknown``.
    """
    _check_country(country)
    calendar = holidays.country_holidays(country)
    names = {code: name for name, code in calendar.subdivisions_aliases.items()}
    return tuple(sorted(((code, names.get(code, code)) for code in calendar.subdivisions), key=lambda each: each[1]))


def public_holidays(country: str, subdivision: str, years: Iterable[int]) -> dict[date, str]:
    """The public holidays of some years, named in the language in use if the calendar has it, else in its own.

    Args:
        country: ISO 3166 code of two letters.
        subdivision: a code of `subdivisions`, or empty for what the whole country keeps.
        years: calendar years.

    Raises:
        DomainError: ``country_unknown``, ``subdivision_unknown``.
    """
    _check_country(country)
    calendar = holidays.country_holidays(country)
    if subdivision and subdivision not in calendar.subdivisions:
        codes = ", ".join(calendar.subdivisions) or "–"
        message = _("%(country)s has no subdivision %(subdivision)s. It has: %(codes)s.")
        facts = {"country": country, "subdivision": subdivision, "codes": codes}
        raise DomainError(Refusal.SUBDIVISION_UNKNOWN, message % facts)
    language = _language(calendar.supported_languages)
    found = holidays.country_holidays(country, subdiv=subdivision or None, years=sorted(set(years)), language=language)
    return dict(sorted(found.items()))


def _check_country(country: str) -> None:
    if country not in dict(holiday_countries()):
        raise DomainError(Refusal.COUNTRY_UNKNOWN, _("There is no calendar for the country %s.") % country)


def _language(offered: Iterable[str]) -> str | None:
    wanted = (get_language() or "en").split("-")[0]
    return next((each for each in offered if each.split("_")[0] == wanted), None)
