"""What an answer may take, what is said when it takes longer, and the clock of each conversation (CHAT-11)."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.clocks.choices import WAITS_FOR_AGENT, WAITS_FOR_CUSTOMER, Stage
from apps.clocks.text import validate_message
from apps.conversations.choices import Side
from apps.conversations.models import Conversation
from apps.core.models import Entity
from apps.queues.choices import Family

SECONDS = [MinValueValidator(10), MaxValueValidator(30 * 24 * 3600)]
SHARE = [MinValueValidator(1), MaxValueValidator(99)]


class ReplyRules(models.Model):
    """How long an answer may take on one channel family, stage by stage; each has a switch. No row, no clocks."""

    family = models.CharField(_("channel family"), max_length=8, choices=Family.choices, primary_key=True)

    due_on = models.BooleanField(_("remind the agent"), default=True)
    due_percent = models.PositiveSmallIntegerField(_("at % of overdue"), default=75, validators=SHARE)
    overdue_on = models.BooleanField(_("mark as overdue"), default=True)
    overdue_seconds = models.PositiveIntegerField(
        _("overdue after"),
        default=120,
        validators=SECONDS,
        help_text=_("Counted from the customer's first unanswered message."),
    )
    inactivity_on = models.BooleanField(_("take it from an inactive agent"), default=True)
    inactivity_seconds = models.PositiveIntegerField(
        _("inactive after further"), default=180, validators=SECONDS, help_text=_("Counted from overdue.")
    )
    inactivity_sets_away = models.BooleanField(_("an inactive agent becomes Away (Idle)"), default=True)

    idle_reminder_on = models.BooleanField(_("remind the customer"), default=True)
    idle_percent = models.PositiveSmallIntegerField(_("at % of idle"), default=75, validators=SHARE)
    idle_on = models.BooleanField(_("mark as idle"), default=True)
    idle_seconds = models.PositiveIntegerField(
        _("idle after"), default=300, validators=SECONDS, help_text=_("Counted from the agent's last message.")
    )
    auto_close_on = models.BooleanField(_("close by itself"), default=True)
    auto_close_seconds = models.PositiveIntegerField(
        _("close after"), default=600, validators=SECONDS, help_text=_("Counted from the agent's last message.")
    )

    class Meta:
        verbose_name = _("reply times")
        verbose_name_plural = _("reply times")
        constraints = [
            models.CheckConstraint(
                condition=Q(due_percent__gte=1, due_percent__lte=99, idle_percent__gte=1, idle_percent__lte=99),
                name="clocks_rules_share_1_to_99",
                violation_error_message=_("A reminder comes at 1 to 99 % of the time."),
            ),
            models.CheckConstraint(
                condition=Q(overdue_seconds__gte=10, inactivity_seconds__gte=10, idle_seconds__gte=10),
                name="clocks_rules_10_seconds",
                violation_error_message=_("Less than 10 seconds is not an answer time."),
            ),
            models.CheckConstraint(
                condition=Q(auto_close_seconds__gt=F("idle_seconds")),
                name="clocks_rules_close_after_idle",
                violation_error_message=_("A conversation closes later than it is idle."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_family_display()


class ReplyMessage(Entity):
    """What is said at a stage, in a language; a stage without one has a text of our own."""

    rules = models.ForeignKey(ReplyRules, on_delete=models.CASCADE, related_name="messages", verbose_name=_("channel"))
    stage = models.CharField(
        _("stage"), max_length=12, choices=[choice for choice in Stage.choices if choice[0] != Stage.RUNNING]
    )
    language = models.CharField(
        _("language"),
        max_length=16,
        blank=True,
        help_text=_("A language tag such as es or pt-br; empty for every language that has no message of its own."),
    )
    body = models.TextField(_("message"), max_length=1000, validators=[validate_message])

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ("stage", "language")
        constraints = [
            models.UniqueConstraint(fields=["rules", "stage", "language"], name="clocks_message_once"),
            models.CheckConstraint(condition=~Q(stage=Stage.RUNNING), name="clocks_message_of_a_stage"),
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} {self.language}".strip()


class ReplyClock(models.Model):
    """For whose answer an active conversation waits, since when, and how far that has come. Snooze pauses it."""

    conversation = models.OneToOneField(
        Conversation, on_delete=models.CASCADE, primary_key=True, related_name="reply_clock"
    )
    waits_for = models.CharField(
        max_length=8, choices=[(side.value, side.label) for side in (Side.AGENT, Side.CUSTOMER)]
    )
    # What the agent said after this is not written here: the deadline looks it up when it comes.
    since = models.DateTimeField()
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.RUNNING)
    # The next stage; none while paused, or when nothing is left to happen.
    due_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("reply clock")
        verbose_name_plural = _("reply clocks")
        constraints = [
            models.CheckConstraint(
                condition=Q(waits_for=Side.AGENT, stage__in=WAITS_FOR_AGENT)
                | Q(waits_for=Side.CUSTOMER, stage__in=WAITS_FOR_CUSTOMER),
                name="clocks_clock_stage_of_side",
            ),
            models.CheckConstraint(
                condition=Q(paused_at__isnull=True) | Q(due_at__isnull=True), name="clocks_clock_paused_is_not_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_waits_for_display()}: {self.get_stage_display()}"

    @property
    def is_overdue(self) -> bool:
        """The agent's answer takes too long: red in the tray (CON-1)."""
        return self.stage == Stage.OVERDUE

    @property
    def is_idle(self) -> bool:
        """The customer's answer takes too long."""
        return self.stage == Stage.IDLE
