"""What is asked for before public holidays are imported (RTE-3)."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminSelect2Widget

from apps.queues.holidays import holiday_countries, holiday_subdivisions

YEARS_AHEAD = 3


class CountryForm(forms.Form):
    """Which country's calendar; it stands in the address."""

    chosen = forms.ChoiceField(
        label=_("Country"),
        choices=lambda: [("", "—"), *holiday_countries()],
        required=False,
        widget=UnfoldAdminSelect2Widget,
    )

    def country(self) -> str:
        """The code of a country that there is, or nothing."""
        return str(self.cleaned_data["chosen"]) if self.is_valid() else ""


class HolidaysForm(forms.Form):
    """Which part of the country, which years."""

    subdivision = forms.ChoiceField(label=_("Subdivision"), required=False, widget=UnfoldAdminSelect2Widget)
    years = forms.TypedMultipleChoiceField(label=_("Years"), coerce=int, widget=UnfoldAdminCheckboxSelectMultipleWidget)

    def __init__(self, country: str, data: Any) -> None:
        this_year = timezone.localdate().year
        super().__init__(data, initial={"years": [this_year, this_year + 1]})
        self.country = country
        years = self.fields["years"]
        parts = self.fields["subdivision"]
        years.choices = [(year, str(year)) for year in range(this_year, this_year + YEARS_AHEAD)]  # type: ignore[attr-defined]
        parts.choices = [("", _("The whole country")), *(holiday_subdivisions(country) if country else ())]  # type: ignore[attr-defined]
