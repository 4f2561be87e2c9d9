"""Where conversations wait, and the rules by which they are given to agents (RTE-2)."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.models import Entity
from apps.queues.choices import AcwMode, Strategy
from apps.queues.models.hours import HoursProfile
from apps.queues.models.skills import Skill

LONGEST_SECONDS = 30 * 24 * 60 * 60
"""The longest time that a queue can be told to wait for anything: 30 days."""

MAX_WAIT_LEAST = 10
"""The shortest maximum wait, in seconds: less would end a conversation before anybody could take it."""

ACW_LEAST, ACW_MOST = 10, 15 * 60
"""How long a timed wrap-up may be set to take, in seconds (WRP-3)."""


class Queue(Entity):
    """Where conversations of one kind wait (RTE-2)."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    description = models.CharField(_("description"), max_length=240, blank=True)
    hours = models.ForeignKey(
        HoursProfile,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="queues",
        verbose_name=_("hours"),
        help_text=_("Without a profile the queue is always open."),
    )
    priority = models.PositiveSmallIntegerField(
        _("priority"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
        help_text=_("1 is served first, 10 last."),
    )
    strategy = models.CharField(_("strategy"), max_length=20, choices=Strategy.choices, default=Strategy.BEST_SKILL)
    max_wait_seconds = models.PositiveIntegerField(
        _("maximum wait"),
        default=600,
        db_default=600,
        validators=[MinValueValidator(MAX_WAIT_LEAST), MaxValueValidator(LONGEST_SECONDS)],
        help_text=_("From the arrival in this queue; then the no-agents flow runs."),
    )
    preferred_seconds = models.PositiveIntegerField(
        _("preferred agents only"),
        default=0,
        db_default=0,
        validators=[MaxValueValidator(LONGEST_SECONDS)],
        help_text=_("How long a conversation is offered to preferred agents alone; 0: not at all."),
    )
    last_agent_first = models.BooleanField(
        _("last agent first"),
        default=False,
        db_default=False,
        help_text=_("Whom the customer spoke with last is asked first."),
    )
    service_level_seconds = models.PositiveIntegerField(
        _("answer within"),
        default=20,
        db_default=20,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_SECONDS)],
        help_text=_("The time of the service level, from the arrival in this queue."),
    )
    service_level_percent = models.PositiveSmallIntegerField(
        _("share answered in time"),
        default=80,
        db_default=80,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("In percent: the target of the service level."),
    )
    limits_transfers = models.BooleanField(
        _("limit transfers"),
        default=False,
        db_default=False,
        help_text=_("Agents may transfer only to the queues that are chosen here."),
    )
    transfer_to = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="transfers_from", verbose_name=_("transfers go to")
    )
    acw_mode = models.CharField(_("after-call work"), max_length=12, choices=AcwMode.choices, default=AcwMode.IMMEDIATE)
    acw_seconds = models.PositiveSmallIntegerField(
        _("timed release after"),
        default=30,
        db_default=30,
        validators=[MinValueValidator(ACW_LEAST), MaxValueValidator(ACW_MOST)],
        help_text=_("How long the slot is kept for a timed wrap-up."),
    )
    closed_at = models.DateTimeField(_("closed since"), null=True, blank=True, editable=False)
    closing_message = models.CharField(
        _("closing announcement"),
        max_length=500,
        blank=True,
        default="",
        db_default="",
        help_text=_("What customers are told while the queue is closed by hand."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_default = models.BooleanField(_("default"), default=False)

    class Meta:
        verbose_name = _("queue")
        verbose_name_plural = _("queues")
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="queues_queue_one_default"
            ),
            models.CheckConstraint(
                condition=Q(priority__gte=1, priority__lte=10), name="queues_queue_priority_1_to_10"
            ),
            models.CheckConstraint(
                condition=Q(is_default=False) | Q(is_active=True), name="queues_queue_default_is_active"
            ),
            models.CheckConstraint(
                condition=Q(max_wait_seconds__gte=MAX_WAIT_LEAST, max_wait_seconds__lte=LONGEST_SECONDS),
                name="queues_queue_max_wait_10_s_to_30_d",
            ),
            models.CheckConstraint(
                condition=Q(preferred_seconds__gte=0, preferred_seconds__lte=LONGEST_SECONDS),
                name="queues_queue_preferred_to_30_d",
            ),
            models.CheckConstraint(
                condition=Q(service_level_seconds__gte=1, service_level_seconds__lte=LONGEST_SECONDS),
                name="queues_queue_service_level_1_s_to_30_d",
            ),
            models.CheckConstraint(
                condition=Q(service_level_percent__gte=1, service_level_percent__lte=100),
                name="queues_queue_service_level_percent",
            ),
            models.CheckConstraint(
                condition=Q(acw_seconds__gte=ACW_LEAST, acw_seconds__lte=ACW_MOST),
                name="queues_queue_acw_10_s_to_15_min",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class QueueSkill(Entity):
    """A skill that conversations of a queue ask for, for good or for a while (RTE-2)."""

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="queues", verbose_name=_("skill"))
    expires_after_seconds = models.PositiveIntegerField(
        _("required for"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_SECONDS)],
        help_text=_("After this wait it is no longer asked for. Empty: always required."),
    )

    class Meta:
        verbose_name = _("required skill")
        verbose_name_plural = _("required skills")
        ordering = ("skill__name",)
        constraints = [
            models.UniqueConstraint(fields=["queue", "skill"], name="queues_queueskill_once"),
            models.CheckConstraint(
                condition=Q(expires_after_seconds=None)
                | Q(expires_after_seconds__gte=1, expires_after_seconds__lte=LONGEST_SECONDS),
                name="queues_queueskill_expires_1_s_to_30_d",
            ),
        ]

    def __str__(self) -> str:
        return str(self.skill)
