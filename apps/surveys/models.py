"""Surveys, who is asked, and what they answered (SRV-1 to SRV-5)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.conversations.models import Conversation
from apps.core.models import Entity
from apps.queues.choices import Family
from apps.queues.models import Queue
from apps.surveys.choices import (
    ALONE,
    COMMENT_LENGTH,
    HOURS_LEAST,
    HOURS_MOST,
    NTH_LEAST,
    NTH_MOST,
    SCORES,
    TEXT_LENGTH,
    WITH_AGENT,
    Frequency,
    Kind,
    Reason,
    Via,
)

CHANNELS = [(family.value, family.label) for family in Family if family != Family.VOICE]
"""Where there is something to read: a phone asks with its keys."""


class Survey(Entity):
    """A question to customers after their conversation; the default one serves every queue without its own (SRV-1)."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    description = models.CharField(_("description"), max_length=240, blank=True)
    kind = models.CharField(_("asks for"), max_length=8, choices=Kind.choices, default=Kind.CSAT)
    is_active = models.BooleanField(_("active"), default=True)
    is_default = models.BooleanField(_("default"), default=False, editable=False)

    frequency = models.CharField(
        _("after conversations with an agent"), max_length=8, choices=Frequency.choices, default=Frequency.EVERYONE
    )
    nth = models.PositiveIntegerField(
        _("n"),
        default=5,
        validators=[MinValueValidator(NTH_LEAST), MaxValueValidator(NTH_MOST)],
        help_text=_("Counted when a conversation ends; the nth, the 2nth and so on are asked."),
    )
    agents_trigger = models.BooleanField(
        _("agents may send it"),
        default=False,
        help_text=_("“Send survey” stands above what they write; the survey follows when they or the customer end."),
    )
    out_of_hours = models.BooleanField(_("out of hours"), default=False)
    no_agents = models.BooleanField(_("nobody was free"), default=False)
    customer_silent = models.BooleanField(_("ended because the customer was inactive"), default=False)
    agent_silent = models.BooleanField(_("left after the agents were inactive"), default=False)
    forced = models.BooleanField(_("closed by a supervisor"), default=False)

    asks_comment = models.BooleanField(_("ask for a comment"), default=True)
    expires_hours = models.PositiveIntegerField(
        _("can be answered for"),
        default=7 * 24,
        validators=[MinValueValidator(HOURS_LEAST), MaxValueValidator(HOURS_MOST)],
        help_text=_("From the moment it is sent."),
    )

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        ordering = ("-is_default", "name")
        constraints = [
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="surveys_one_default"),
            models.CheckConstraint(condition=Q(nth__gte=NTH_LEAST, nth__lte=NTH_MOST), name="surveys_nth_in_range"),
            models.CheckConstraint(
                condition=Q(expires_hours__gte=HOURS_LEAST, expires_hours__lte=HOURS_MOST),
                name="surveys_expires_in_range",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def open_for(self) -> timedelta:
        """How long it can be answered."""
        return timedelta(hours=self.expires_hours)


class SurveyQueue(models.Model):
    """A queue that a survey serves: each queue has one at most."""

    queue = models.OneToOneField(Queue, on_delete=models.CASCADE, primary_key=True, related_name="survey_place")
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="places")

    class Meta:
        verbose_name = _("queue of a survey")
        verbose_name_plural = _("queues of surveys")

    def __str__(self) -> str:
        return str(self.queue)


class SurveyText(models.Model):
    """What a survey says on a channel in a language; what is missing is said in Parley's own words (SRV-1)."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="texts")
    channel = models.CharField(_("channel"), max_length=8, choices=CHANNELS, default=Family.CHAT)
    # A tag such as es or pt-br, in small letters; empty serves every language without its own.
    language = models.CharField(_("language"), max_length=16, blank=True)
    request = models.CharField(_("request"), max_length=TEXT_LENGTH, blank=True)
    thanks = models.CharField(_("thanks"), max_length=TEXT_LENGTH, blank=True)

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        ordering = ("channel", "language")
        constraints = [
            models.UniqueConstraint(fields=["survey", "channel", "language"], name="surveys_text_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.language}".strip()


class SurveyCounter(models.Model):
    """How many conversations have ended since the last nth one. Its row is the lock that keeps the count exact."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="counters")
    channel = models.CharField(max_length=8, choices=Family.choices)
    since = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("counter")
        verbose_name_plural = _("counters")
        constraints = [models.UniqueConstraint(fields=["survey", "channel"], name="surveys_counter_once")]

    def __str__(self) -> str:
        return f"{self.survey}: {self.since}"


class SurveyMark(models.Model):
    """An agent wants this conversation to be followed by a survey; it goes wherever the conversation goes (SRV-2)."""

    conversation = models.OneToOneField(
        Conversation, on_delete=models.CASCADE, primary_key=True, related_name="survey_mark"
    )
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("survey mark")
        verbose_name_plural = _("survey marks")

    def __str__(self) -> str:
        return f"{self.conversation_id}"


_SCORED = Q(score=None)
for _kind, _scores in SCORES.items():
    _SCORED |= Q(kind=_kind, score__gte=_scores[0], score__lte=_scores[-1])


class SurveyRequest(Entity):
    """A customer was asked after a conversation, once; and what they answered, once (SRV-4, SRV-5)."""

    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, related_name="survey_request")
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="requests", verbose_name=_("survey"))
    # The last queue, whose survey it is.
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="+", verbose_name=_("queue"))
    # Whom the score counts for; none for the interaction alone (SRV-4).
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="survey_requests",
        verbose_name=_("counts for"),
    )
    # As the survey was when it was asked: it may be another kind by now.
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    channel = models.CharField(_("channel"), max_length=8, choices=Family.choices)
    reason = models.CharField(_("asked because"), max_length=16, choices=Reason.choices)
    asks_comment = models.BooleanField(default=True)
    asked_at = models.DateTimeField(_("asked"))
    expires_at = models.DateTimeField(_("until"))

    score = models.SmallIntegerField(_("score"), null=True, blank=True)
    comment = models.CharField(_("comment"), max_length=COMMENT_LENGTH, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    via = models.CharField(_("by"), max_length=8, choices=Via.choices, blank=True)

    class Meta:
        verbose_name = _("survey answer")
        verbose_name_plural = _("survey answers")
        ordering = ("-asked_at",)
        constraints = [
            models.CheckConstraint(condition=_SCORED, name="surveys_score_of_its_kind"),
            models.CheckConstraint(
                condition=Q(answered_at=None, score=None, via="", comment="")
                | Q(answered_at__isnull=False, score__isnull=False) & ~Q(via=""),
                name="surveys_answered_whole",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(answered_at__gte=F("asked_at")), name="surveys_answer_later"
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("asked_at")), name="surveys_open_for_a_time"),
            models.CheckConstraint(
                condition=Q(reason__in=ALONE, agent=None)
                | Q(reason__in=WITH_AGENT, agent__isnull=False)
                | Q(reason=Reason.FORCED),
                name="surveys_counts_by_reason",
            ),
        ]
        indexes = [
            # An agent's own figures (CON-7), and those of a survey.
            models.Index(fields=["agent", "asked_at"], condition=Q(agent__isnull=False), name="surveys_of_agent"),
            models.Index(fields=["survey", "asked_at"], name="surveys_of_survey"),
            models.Index(fields=["-asked_at"], name="surveys_newest"),
        ]

    def __str__(self) -> str:
        return str(self.survey)

    @property
    def is_answered(self) -> bool:
        """Whether the customer has answered."""
        return self.answered_at is not None

    def is_open(self, now: datetime) -> bool:
        """Whether it can be answered at this moment."""
        return self.answered_at is None and now < self.expires_at

    @property
    def best(self) -> int:
        """The highest score of its kind."""
        return SCORES[Kind(self.kind)][-1]
