"""When somebody is there: weekly ranges and special days, on the clock of one time zone (RTE-3)."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core.models import Entity
from apps.queues.choices import Weekday
from apps.queues.schedule import MINUTES_OF_A_DAY
from apps.tenants.zones import zone_validate


class HoursProfile(Entity):
    """Named hours that queues refer to (RTE-3)."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[zone_validate])

    class Meta:
        verbose_name = _("hours")
        verbose_name_plural = _("hours")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class MinuteRange(Entity):
    """A part of a day, in minutes on the clock: opens at the first, closes at the last."""

    opens = models.PositiveSmallIntegerField(_("opens"), validators=[MaxValueValidator(MINUTES_OF_A_DAY - 1)])
    closes = models.PositiveSmallIntegerField(_("closes"), validators=[MaxValueValidator(MINUTES_OF_A_DAY)])

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(opens__gte=0, opens__lt=F("closes"), closes__lte=MINUTES_OF_A_DAY),
                name="queues_%(class)s_within_the_day",
                violation_error_message=_("A range opens before it closes, both within the day."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.opens // 60:02}:{self.opens % 60:02}–{self.closes // 60:02}:{self.closes % 60:02}"


class HoursRange(MinuteRange):
    """A part of every week in which a profile is open. Those of a day never overlap: the database says so."""

    profile = models.ForeignKey(HoursProfile, on_delete=models.CASCADE, related_name="ranges")
    weekday = models.PositiveSmallIntegerField(_("day"), choices=Weekday.choices)

    class Meta(MinuteRange.Meta):
        verbose_name = _("range")
        verbose_name_plural = _("week")
        ordering = ("weekday", "opens")
        constraints = [
            *MinuteRange.Meta.constraints,
            models.CheckConstraint(condition=Q(weekday__gte=0, weekday__lte=6), name="queues_hoursrange_weekday"),
        ]


class SpecialDay(Entity):
    """A date with hours of its own in place of its weekday's; without ranges it is closed (RTE-3)."""

    profile = models.ForeignKey(HoursProfile, on_delete=models.CASCADE, related_name="special_days")
    date = models.DateField(_("date"))
    name = models.CharField(_("name"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("special day")
        verbose_name_plural = _("special days")
        ordering = ("date",)
        constraints = [models.UniqueConstraint(fields=["profile", "date"], name="queues_specialday_once")]

    def __str__(self) -> str:
        return f"{self.date} {self.name}".strip()


class SpecialRange(MinuteRange):
    """A part of a special day in which the profile is open. Those of a day never overlap: the database says so."""

    special_day = models.ForeignKey(SpecialDay, on_delete=models.CASCADE, related_name="ranges")

    class Meta(MinuteRange.Meta):
        verbose_name = _("range")
        verbose_name_plural = _("ranges")
        ordering = ("opens",)
