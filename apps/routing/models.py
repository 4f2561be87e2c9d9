"""Offers, the slots they and conversations hold, and how each channel is answered."""

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.agents.models import Agent
from apps.conversations.models import Conversation
from apps.core.models import Entity, Singleton
from apps.queues.choices import Family
from apps.queues.models import Queue, Skill
from apps.routing.choices import AnswerMode, Exit, OfferState, Source, Trigger

NOTE_LONGEST = 500
"""Characters of what a sender tells the receiver of a transfer."""

REPEATS_MOST = 10
"""Messages that a waiting experience repeats at most."""

REPEAT_LEAST, REPEAT_MOST = 10, 3600
"""How long one of them is shown, in seconds."""


class ChannelRules(models.Model):
    """How conversations of one channel family are answered (AGT-6)."""

    family = models.CharField(_("channel family"), max_length=8, choices=Family.choices, primary_key=True)
    offer_seconds = models.PositiveIntegerField(
        _("time to accept"),
        default=30,
        validators=[MinValueValidator(5), MaxValueValidator(3600)],
        help_text=_("How long an agent is asked before the conversation is offered to the next."),
    )
    answer_mode = models.CharField(
        _("answer mode"), max_length=8, choices=AnswerMode.choices, default=AnswerMode.MANUAL
    )
    first_response_seconds = models.PositiveIntegerField(
        _("time to a first response"),
        default=60,
        validators=[MinValueValidator(5), MaxValueValidator(86_400)],
        help_text=_("In auto mode: how soon the agent has to say something."),
    )
    may_reject = models.BooleanField(_("agents may reject"), default=False)
    may_pick = models.BooleanField(_("agents may pick from their queues"), default=False)

    class Meta:
        verbose_name = _("answering rules")
        verbose_name_plural = _("answering rules")

    def __str__(self) -> str:
        return self.get_family_display()

    @property
    def offer_time(self) -> timedelta:
        """How long an offer rings."""
        return timedelta(seconds=self.offer_seconds)

    @property
    def is_auto(self) -> bool:
        """Whether offers open at once."""
        return self.answer_mode == AnswerMode.AUTO

    @property
    def first_word_due(self) -> timedelta | None:
        """How soon an agent has to say something in what opened by itself; None where they need not, as in a mail."""
        is_owed = self.is_auto and self.family == Family.CHAT
        return timedelta(seconds=self.first_response_seconds) if is_owed else None


class Offer(Entity):
    """A conversation shown to one agent, who may accept it, let it time out or (where allowed) reject it."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="offers")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="offers")
    state = models.CharField(max_length=10, choices=OfferState.choices, default=OfferState.RINGING)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    # A transfer: who has the conversation until it is accepted, and what they tell whom it rings at (XFR-4).
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.CharField(max_length=NOTE_LONGEST, blank=True, default="", db_default="")
    # Auto mode: when the agent must have said something (AGT-6).
    first_response_due_at = models.DateTimeField(null=True, blank=True)
    # Who was considered, what matched, who was passed over and why (RTE-10).
    explanation = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ("-created_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], condition=Q(state=OfferState.RINGING), name="routing_offer_one_ringing"
            ),
            models.CheckConstraint(
                condition=Q(state=OfferState.RINGING, ended_at=None) | ~Q(state=OfferState.RINGING),
                name="routing_offer_ringing_is_open",
            ),
        ]
        indexes = [
            models.Index(fields=["agent"], condition=Q(state=OfferState.RINGING), name="routing_offer_ringing"),
            models.Index(fields=["agent", "-created_at"], name="routing_offer_of_agent"),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.created_at:%H:%M:%S}"


class SlotHold(models.Model):
    """One slot that an agent holds for one conversation: taken with the offer, kept until released (RTE-9)."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="holds")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="holds")
    family = models.CharField(max_length=8, choices=Family.choices)
    forced = models.BooleanField(default=False)
    taken_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("slot")
        verbose_name_plural = _("slots")
        constraints = [models.UniqueConstraint(fields=["conversation", "agent"], name="routing_hold_once")]

    def __str__(self) -> str:
        return f"{self.agent} {self.get_family_display()}"


class Requirement(models.Model):
    """A skill that a conversation asks for, until it expires (RTE-1, RTE-2)."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="requirements")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=8, choices=Source.choices)
    expires_at = models.DateTimeField(null=True, blank=True)
    # An agent has decided that it is not needed: the row stays, so that the queue does not ask for it again (XFR-1).
    is_removed = models.BooleanField(default=False, db_default=False)

    class Meta:
        verbose_name = _("required skill")
        verbose_name_plural = _("required skills")
        constraints = [models.UniqueConstraint(fields=["conversation", "skill"], name="routing_requirement_once")]

    def __str__(self) -> str:
        return str(self.skill)


class Wait(models.Model):
    """A conversation's stay in its queue: what becomes due while it waits (RTE-2, RTE-4)."""

    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, primary_key=True, related_name="wait")
    max_wait_at = models.DateTimeField()
    preferred_until = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("wait")
        verbose_name_plural = _("waits")

    def __str__(self) -> str:
        return f"until {self.max_wait_at:%H:%M:%S}"


class Flow(Entity):
    """What a customer meets when nobody can take them: a message and one exit. Without queues it serves all (RTE-4)."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    trigger = models.CharField(_("runs"), max_length=12, choices=Trigger.choices)
    message = models.TextField(_("message"), max_length=1000)
    exit = models.CharField(_("then"), max_length=8, choices=Exit.choices, default=Exit.END)
    target = models.ForeignKey(
        Queue, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("other queue")
    )
    queues = models.ManyToManyField(Queue, blank=True, related_name="flows", verbose_name=_("queues"))
    is_stock = models.BooleanField(_("built in"), default=False, editable=False)

    class Meta:
        verbose_name = _("flow")
        verbose_name_plural = _("flows")
        ordering = ("trigger", "name")
        constraints = [
            models.CheckConstraint(
                condition=Q(exit=Exit.QUEUE, target__isnull=False) | ~Q(exit=Exit.QUEUE) & Q(target=None),
                name="routing_flow_target_by_exit",
                violation_error_message=_("Name the other queue exactly when the flow leads to one."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class FlowRun(models.Model):
    """A flow that a conversation has met: each flow runs once for it, so that queues can't send it in circles."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="flow_runs")
    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="runs")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("flow run")
        verbose_name_plural = _("flow runs")
        constraints = [models.UniqueConstraint(fields=["conversation", "flow"], name="routing_flow_once")]

    def __str__(self) -> str:
        return f"{self.flow} {self.at:%H:%M:%S}"


class WaitingExperience(Entity):
    """What customers see while they wait in some queues; the default one serves queues without their own (RTE-5)."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    queues = models.ManyToManyField(
        Queue,
        blank=True,
        related_name="waiting_experiences",
        verbose_name=_("queues"),
        help_text=_("The default one has none: it serves every queue without its own."),
    )
    is_default = models.BooleanField(_("default"), default=False, editable=False)
    first_message = models.CharField(_("first message"), max_length=500, blank=True)
    shows_position = models.BooleanField(_("show the place in line"), default=True)
    shows_estimate = models.BooleanField(
        _("show the estimated wait"),
        default=True,
        help_text=_("Only while enough customers are being picked up to tell."),
    )
    repeats = ArrayField(
        models.CharField(max_length=500),
        verbose_name=_("repeated messages"),
        default=list,
        blank=True,
        size=REPEATS_MOST,
        help_text=_("Shown one after the other in place of the first message, and then over again."),
    )
    repeat_seconds = models.PositiveIntegerField(
        _("time for each message"),
        default=60,
        validators=[MinValueValidator(REPEAT_LEAST), MaxValueValidator(REPEAT_MOST)],
        help_text=_("How long each repeated message is shown before the next."),
    )

    class Meta:
        verbose_name = _("waiting experience")
        verbose_name_plural = _("waiting experiences")
        ordering = ("-is_default", "name")
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="routing_waiting_one_default"
            ),
            models.CheckConstraint(
                condition=Q(repeat_seconds__gte=REPEAT_LEAST, repeat_seconds__lte=REPEAT_MOST),
                name="routing_waiting_repeat_seconds",
            ),
            models.CheckConstraint(condition=Q(repeats__len__lte=REPEATS_MOST), name="routing_waiting_repeats"),
        ]

    def __str__(self) -> str:
        return self.name


class RoutingSettings(Singleton):
    """What holds for routing in the whole tenant."""

    match_language = models.BooleanField(
        _("match the customer's language"),
        default=True,
        help_text=_("A customer whose language is one of your skills gets an agent who holds it."),
    )
    flow_at_closing = models.BooleanField(
        _("run the out-of-hours flow when hours end"),
        default=False,
        help_text=_("For those who still wait then; otherwise they stay queued."),
    )

    class Meta:
        verbose_name = _("routing settings")
        verbose_name_plural = _("routing settings")

    def __str__(self) -> str:
        return str(_("Routing settings"))
