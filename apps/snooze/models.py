"""Snoozed conversations, and how a tenant snoozes (SNZ-1 to SNZ-5)."""

from datetime import time, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.conversations.models import Conversation, Segment
from apps.core.models import Entity, Singleton
from apps.snooze.choices import LONGEST_DAYS, Cause

OFFERED_MOST = 8
"""Lengths that a tenant offers at most."""


def default_minutes() -> list[int]:
    """15 min, 1 h, 4 h."""
    return [15, 60, 240]


def default_tomorrow() -> time:
    """09:00."""
    return time(9)


class SnoozeSettings(Singleton):
    """Whether and how agents snooze (SNZ-1, SNZ-4, AGT-8)."""

    is_on = models.BooleanField(_("agents may snooze conversations"), default=False)
    minutes = ArrayField(
        models.PositiveIntegerField(validators=[MinValueValidator(1), MaxValueValidator(LONGEST_DAYS * 24 * 60)]),
        verbose_name=_("lengths offered"),
        default=default_minutes,
        blank=True,
        size=OFFERED_MOST,
        help_text=_("What agents choose from, separated by commas."),
    )
    tomorrow_at = models.TimeField(
        _("tomorrow at"),
        default=default_tomorrow,
        null=True,
        blank=True,
        help_text=_("In the agent's own time zone; empty: not offered."),
    )
    allows_custom = models.BooleanField(
        _("any other end"), default=False, help_text=_("Agents choose a date and time, up to 30 days ahead.")
    )
    wakes_on_message = models.BooleanField(
        _("wake when the customer writes"),
        default=True,
        help_text=_("Otherwise it stays snoozed, marked as unread."),
    )
    grace_seconds = models.PositiveSmallIntegerField(
        _("wait for the same agent"),
        default=120,
        validators=[MaxValueValidator(3600)],
        help_text=_("How long one that wakes waits for its agent's next free slot before it is queued."),
    )
    may_sign_out = models.BooleanField(_("agents may sign out and leave snoozed ones behind"), default=False)

    class Meta:
        verbose_name = _("snooze settings")
        verbose_name_plural = _("snooze settings")
        constraints = [
            models.CheckConstraint(condition=Q(grace_seconds__lte=3600), name="snooze_settings_grace_to_1_h"),
            models.CheckConstraint(condition=Q(minutes__len__lte=OFFERED_MOST), name="snooze_settings_lengths"),
        ]

    def __str__(self) -> str:
        return str(_("Snooze settings"))

    @property
    def grace(self) -> timedelta:
        """How long a conversation that wakes waits for its agent (SNZ-4)."""
        return timedelta(seconds=self.grace_seconds)


class Snooze(Entity):
    """One time that an agent snoozed a conversation (SNZ-5): open until it has woken, left its agent, or ended."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="snoozes")
    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="snoozes")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="snoozes")
    started_at = models.DateTimeField()
    # When it was to wake.
    until = models.DateTimeField()
    # It is to wake, and waits for its agent's next free slot since then (SNZ-4).
    waking_at = models.DateTimeField(null=True, blank=True)
    # What is due next: its end, or the end of that wait. None once it is over.
    due_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    cause = models.CharField(max_length=10, choices=Cause.choices, blank=True)

    class Meta:
        verbose_name = _("snooze")
        verbose_name_plural = _("snoozes")
        ordering = ("started_at",)
        constraints = [
            models.UniqueConstraint(fields=["conversation"], condition=Q(ended_at=None), name="snooze_one_open"),
            models.CheckConstraint(
                condition=Q(ended_at=None, due_at__isnull=False) | Q(ended_at__isnull=False, due_at=None),
                name="snooze_due_while_open",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="snooze_forwards"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, waking_at=None) | ~Q(cause=""), name="snooze_ends_for_a_cause"
            ),
            models.CheckConstraint(condition=Q(until__gt=F("started_at")), name="snooze_until_later"),
        ]
        indexes = [
            # Those that wait for an agent's next free slot, the oldest first.
            models.Index(
                fields=["agent", "waking_at"],
                condition=Q(ended_at=None, waking_at__isnull=False),
                name="snooze_waking",
            )
        ]

    def __str__(self) -> str:
        return f"{self.started_at:%H:%M}–{self.until:%H:%M}"
