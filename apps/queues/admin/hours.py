"""Hours: the week as seven lines, special days as a table, public holidays by country (RTE-3)."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.widgets import UnfoldAdminTextInputWidget

from apps.queues import actions
from apps.queues.actions.hours import OFFICE_HOURS
from apps.queues.admin.holidays import CountryForm, HolidaysForm
from apps.queues.admin.pages import changed_values, is_new, row_adopt
from apps.queues.choices import Weekday
from apps.queues.forms import RangesField, ranges_to_text
from apps.queues.models import HoursProfile, SpecialDay
from apps.queues.schedule import Range
from apps.queues.selectors import HOURS, is_open, week_of
from apps.tenants.admin_base import AnyForm, InlineRows, acting_user
from apps.tenants.admin_duplicate import DuplicateAdmin
from apps.tenants.admin_fields import TimeZoneField
from apps.tenants.admin_questions import detail_action, may_change, question_page, row_to_change
from apps.tenants.admin_reach import counted
from apps.tenants.admin_sites import tenant_site
from apps.tenants.admin_tables import SetupInline
from apps.tenants.selectors import current_time_zone

DAYS = {f"day_{day.value}": day for day in Weekday}
LINE = UnfoldAdminTextInputWidget(attrs={"placeholder": _("closed")})
MONDAY = UnfoldAdminTextInputWidget(
    attrs={
        "placeholder": _("closed"),
        "data-copy-to": "day_1 day_2 day_3 day_4",
        "data-copy-label": _("Copy to Tuesday–Friday"),
    }
)


class HoursForm(AnyForm):
    """A profile with its week; a new one begins with office hours."""

    time_zone = TimeZoneField()
    day_0 = RangesField(label=Weekday.MONDAY.label, widget=MONDAY)
    day_1 = RangesField(label=Weekday.TUESDAY.label, widget=LINE)
    day_2 = RangesField(label=Weekday.WEDNESDAY.label, widget=LINE)
    day_3 = RangesField(label=Weekday.THURSDAY.label, widget=LINE)
    day_4 = RangesField(label=Weekday.FRIDAY.label, widget=LINE)
    day_5 = RangesField(label=Weekday.SATURDAY.label, widget=LINE)
    day_6 = RangesField(label=Weekday.SUNDAY.label, widget=LINE)

    class Meta:
        model = HoursProfile
        fields = ("name", "time_zone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_new(self.instance):
            self.initial["time_zone"] = current_time_zone()
        week = OFFICE_HOURS if is_new(self.instance) else week_of(self.instance)
        for name, day in DAYS.items():
            self.initial[name] = tuple(week.get(day, ()))

    def week(self) -> dict[int, tuple[Range, ...]]:
        """The week that was written."""
        return {day.value: self.cleaned_data[name] for name, day in DAYS.items()}


def _day_shown(day: Weekday) -> Callable[["HoursAdmin", HoursProfile], str]:
    """How a day of the week reads for who may not change it."""

    @admin.display(description=day.label)
    def shown(_page: "HoursAdmin", row: HoursProfile) -> str:
        return ranges_to_text(week_of(row).get(day, ())) or _t("closed")

    return shown


class DayInput(UnfoldAdminTextInputWidget):  # type: ignore[misc]
    """The browser's own calendar: the admin's warns wherever people are in another zone, and a date is in none."""

    input_type = "date"


class SpecialDayForm(AnyForm):
    """A date with its ranges in one line."""

    date = forms.DateField(label=_("Date"), widget=DayInput)
    ranges = RangesField(label=_("Open"), widget=LINE)

    class Meta:
        model = SpecialDay
        fields = ("date", "name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = [] if is_new(self.instance) else self.instance.ranges.all()
        self.initial["ranges"] = tuple((each.opens, each.closes) for each in stored)

    def clean(self) -> None:
        """Hand the ranges on with the row."""
        super().clean()
        self.instance.wanted = self.cleaned_data.get("ranges", ())


class SpecialDayInline(SetupInline):
    """Dates with hours of their own."""

    model = SpecialDay
    form = SpecialDayForm
    fields = ("date", "name", "ranges")
    hide_title = True

    @admin.display(description=_("open"))
    def ranges(self, row: SpecialDay) -> str:
        """How its ranges read for who may not change them."""
        return ranges_to_text(_as_data(row)[2]) or _t("closed")

    def get_queryset(self, request: HttpRequest) -> QuerySet[SpecialDay]:
        """With their ranges."""
        days: QuerySet[SpecialDay] = super().get_queryset(request)
        return days.prefetch_related("ranges")


def _as_data(day: SpecialDay) -> tuple[date, str, tuple[Range, ...]]:
    return day.date, day.name, tuple((each.opens, each.closes) for each in day.ranges.all())


@admin.register(HoursProfile, site=tenant_site)
class HoursAdmin(DuplicateAdmin):
    """Hours (RTE-3)."""

    purpose = _("When queues are open: hours of the week, holidays and special days.")
    form = HoursForm
    serves = ("queues",)
    duplicate_note = _("The copy has the week and the special days; no queue keeps it yet.")
    list_display = ("name", "time_zone", "open_now", "used_by")
    search_fields = ("name", "time_zone")
    found_by = ("name",)
    fieldsets = (
        (None, {"fields": (("name", "time_zone"),)}),
        (
            _("Week"),
            {
                "fields": tuple(DAYS),
                "description": _(
                    "When it is open, such as 09:00–13:00, 14:00–18:00. A day left empty is closed."
                    " Until midnight is until 24:00."
                ),
            },
        ),
    )
    inlines = (SpecialDayInline,)
    actions_detail = ("import_holidays",)

    class Media:
        js = ("js/admin/hours.js",)

    day_0, day_1, day_2, day_3, day_4, day_5, day_6 = map(_day_shown, Weekday)

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """For those who may change the row."""
        return super().get_actions_detail(request, object_id) if may_change(self, request, object_id) else []

    def get_queryset(self, request: HttpRequest) -> QuerySet[HoursProfile]:
        """With what decides whether it is open, and how many queues keep it."""
        profiles: QuerySet[HoursProfile] = super().get_queryset(request)
        return profiles.prefetch_related(*HOURS).annotate(number=Count("queues", filter=counted(request, "queues")))

    @admin.display(description=_("open now"), boolean=True)
    def open_now(self, row: HoursProfile) -> bool:
        """Whether it is open at this moment."""
        return is_open(row, timezone.now())

    @admin.display(description=_("queues"), ordering="number")
    def used_by(self, row: Any) -> int:
        """How many queues keep these hours."""
        return int(row.number)

    def form_initial(self, name: str, value: Any) -> dict[str, Any]:
        """The week's ranges, day by day."""
        if name != "ranges":
            return super().form_initial(name, value)
        return {
            day: tuple((each["opens"], each["closes"]) for each in value if each["weekday"] == number.value)
            for day, number in DAYS.items()
        }

    def store(self, request: HttpRequest, row: HoursProfile, form: AnyForm) -> None:
        """Make or change a profile and its week."""
        assert isinstance(form, HoursForm)  # noqa: S101 - this page's own form
        actor, week = acting_user(request), form.week()
        if is_new(row):
            data = form.cleaned_data
            row_adopt(row, actions.hours_create(name=data["name"], time_zone=data["time_zone"], week=week, actor=actor))
        else:
            other_week = week if set(DAYS) & set(form.changed_data) else None
            actions.hours_update(
                profile=row, fields=changed_values(form, but=tuple(DAYS)), week=other_week, actor=actor
            )

    def store_inline_rows(self, request: HttpRequest, row: HoursProfile, lines: InlineRows) -> None:
        """Write the special days that changed."""
        actor = acting_user(request)
        before = {day.pk: _as_data(day) for day in SpecialDay.objects.filter(profile=row).prefetch_related("ranges")}
        other = [line for line in lines.kept if before.get(line.pk) != (line.date, line.name, line.wanted)]
        for line in [*lines.deleted, *other]:
            if line.pk in before:
                actions.special_day_remove(profile=row, day=before[line.pk][0], actor=actor)
        for line in other:
            actions.special_day_set(profile=row, day=line.date, name=line.name, ranges=line.wanted, actor=actor)

    def remove(self, request: HttpRequest, row: HoursProfile) -> None:
        """Delete a profile."""
        actions.hours_delete(profile=row, actor=acting_user(request))

    @detail_action(_("Import public holidays"), path="holidays", icon="event")
    def import_holidays(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Choose a country, then its subdivision and the years."""
        row: HoursProfile = row_to_change(self, request, object_id)
        chooser = CountryForm(request.GET)
        country = chooser.country()

        def do(data: dict[str, Any]) -> str:
            added = actions.hours_import_holidays(
                profile=row,
                country=country,
                subdivision=data["subdivision"],
                years=data["years"],
                actor=acting_user(request),
            )
            message = ngettext("%d special day was added.", "%d special days were added.", len(added))
            return message % len(added)

        words = {
            "title": _t("Import public holidays"),
            "intro": _t("The holidays become special days on which it is closed. Dates that are special already stay."),
            "button": _t("Import"),
        }
        form = HolidaysForm(country, request.POST or None)
        return question_page(self, request, row, words=words, form=form, do=do, chooser=chooser)
