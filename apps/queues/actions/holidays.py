"""Taking over the public holidays of a country (RTE-3)."""

from collections.abc import Iterable

from django.db import transaction

from apps.audit.actions import audited_action
from apps.core.events import announce
from apps.queues.events import Actor, HoursChanged
from apps.queues.holidays import public_holidays
from apps.queues.models import HoursProfile, SpecialDay
from apps.queues.steps import entity_lock


@transaction.atomic
@audited_action("profile")
def hours_import_holidays(
    *, profile: HoursProfile, country: str, subdivision: str = "", years: Iterable[int], actor: Actor
) -> list[SpecialDay]:
    """Close a profile on the public holidays of a country (RTE-3). Dates that are special already stay as they are.

    Args:
        profile: whose hours.
        country: ISO 3166 code of two letters.
        subdivision: a part of it, such as ``BY``; empty for what the whole country keeps.
        years: calendar years.
        actor: who imports them.

    Returns:
        The days that were added; those that people removed before are among them.

    Raises:
        DomainError: ``gone``, ``country_unknown``, ``subdivision_unknown``.
    """
    profile = entity_lock(profile)
    known = set(profile.special_days.values_list("date", flat=True))
    found = public_holidays(country, subdivision, years)
    added = [SpecialDay(profile=profile, date=day, name=name[:120]) for day, name in found.items() if day not in known]
    SpecialDay.objects.bulk_create(added)
    if added:
        announce(HoursChanged(profile, actor))
    return added
