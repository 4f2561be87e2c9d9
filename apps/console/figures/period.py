"""The days that figures are about, in the reader's own time zone."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Length(models.TextChoices):
    """How many days."""

    DAY = "day", _("Day")
    WEEK = "week", _("Week")


@dataclass(frozen=True)
class Period:
    """A day, or the week from Monday to Sunday that it is in. Midnights are the reader's, also where clocks change.

    Attributes:
        day: the day, or one of the week's.
        length: a day or a week.
        today: the reader's today.
    """

    day: date
    length: Length
    today: date

    @classmethod
    def of(cls, asked: Any) -> "Period":
        """What an address asks for; what can't be read, or has not come yet, is today.

        Args:
            asked: its parameters; `day` as 2026-11-22, `length` as `Length` has it.
        """
        today = timezone.localdate()
        length = Length.WEEK if asked.get("length") == Length.WEEK else Length.DAY
        try:
            day = date.fromisoformat(asked.get("day", ""))
        except ValueError:
            day = today
        # A year that is too far for a midnight in some zone is no day either.
        return cls(min(day, today) if day.year > 1 else today, length, today)

    @property
    def first(self) -> date:
        """Its first day."""
        return self.day - timedelta(days=self.day.weekday()) if self.length == Length.WEEK else self.day

    @property
    def last(self) -> date:
        """Its last day, which may still be to come."""
        return self.first + timedelta(days=6) if self.length == Length.WEEK else self.day

    @property
    def since(self) -> datetime:
        """The first midnight."""
        return _midnight(self.first)

    @property
    def until(self) -> datetime:
        """The midnight after the last day."""
        return _midnight(self.last + timedelta(days=1))

    @property
    def before(self) -> date:
        """A day of the span before this one."""
        return self.first - timedelta(days=1)

    @property
    def after(self) -> date | None:
        """A day of the span after this one, unless that is still to come."""
        following = self.last + timedelta(days=1)
        return following if following <= self.today else None

    @property
    def is_now(self) -> bool:
        """Whether today is in it."""
        return self.first <= self.today <= self.last


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
