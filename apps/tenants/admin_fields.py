"""Fields that the admin pages of several apps have."""

from typing import Any

from django import forms
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelect2Widget

from apps.tenants.zones import zone_choices


def language_choices() -> list[tuple[str, str]]:
    """Languages by their tags, in the order of their English names."""
    named = {tag: info["name"] for tag, info in LANG_INFO.items() if "name" in info}
    return sorted(named.items(), key=lambda each: each[1])


class TimeZoneField(forms.ChoiceField):
    """A time zone, out of a list that can be searched."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Time zone"))
        super().__init__(choices=zone_choices, widget=UnfoldAdminSelect2Widget, **kwargs)
