"""How templates write dates and times."""

from datetime import date, datetime

from django import template

from apps.core import dates

register = template.Library()


@register.filter("when")
def date_filter(value: date | datetime | None, shape: str) -> str:
    """A moment as its reader writes it: `{{ note.created_at|when:"short" }}`, in a shape of `core.dates.date_text`."""
    return dates.date_text(value, shape) if value else ""
