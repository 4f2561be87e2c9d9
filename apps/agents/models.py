"""Agents: who they are to routing, what they hold, and every status they were in (TEN-4, AGT-1, AGT-11)."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.agents.choices import Base, Cause
from apps.core.models import Entity, Singleton
from apps.queues.choices import Family, Level
from apps.queues.models import Queue, Skill


class AgentGroup(Entity):
    """Agents who work together."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    description = models.CharField(_("description"), max_length=240, blank=True)
    is_stock = models.BooleanField(_("built in"), default=False, editable=False)

    class Meta:
        verbose_name = _("agent group")
        verbose_name_plural = _("agent groups")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Status(Entity):
    """A status with its label; the base type says what it means to routing (AGT-1)."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    label = models.CharField(_("label"), max_length=60)
    base = models.CharField(_("type"), max_length=10, choices=Base.choices)
    is_stock = models.BooleanField(_("built in"), default=False, editable=False)
    is_selectable = models.BooleanField(_("agents may choose it"), default=True)
    position = models.PositiveSmallIntegerField(_("order"), default=100)

    class Meta:
        verbose_name = _("status")
        verbose_name_plural = _("statuses")
        ordering = ("position", "label")
        constraints = [
            models.CheckConstraint(
                condition=Q(is_stock=True) | Q(base__in=[Base.AWAY, Base.BUSY]),
                name="agents_status_custom_is_away_or_busy",
                violation_error_message=_("A status of your own is of type Away or Busy."),
            )
        ]

    def __str__(self) -> str:
        return self.label


class Agent(models.Model):
    """The routing side of a user: status, live console, and since when they have been idle."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="agent"
    )
    group = models.ForeignKey(AgentGroup, on_delete=models.PROTECT, verbose_name=_("agent group"))
    status = models.ForeignKey(Status, on_delete=models.PROTECT, related_name="+")
    base = models.CharField(max_length=10, choices=Base.choices, default=Base.OFFLINE)
    status_since = models.DateTimeField(default=timezone.now)
    chosen_status = models.ForeignKey(Status, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # "Away after these": no new offers, and Away when the last conversation is done (AGT-5).
    is_draining = models.BooleanField(default=False)
    login_prep_until = models.DateTimeField(null=True, blank=True)
    # A live console: set by its socket, cleared when that is gone (AGT-2, AGT-9). Beats are kept in Valkey.
    console_id = models.UUIDField(null=True, blank=True)
    console_opened_at = models.DateTimeField(null=True, blank=True)
    console_lost_at = models.DateTimeField(null=True, blank=True)
    # Order among agents who could take a conversation: the one who has been without a new one longest comes first.
    idle_since = models.DateTimeField(default=timezone.now)
    last_offered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("agent")
        verbose_name_plural = _("agents")
        indexes = [
            models.Index(
                "idle_since",
                condition=Q(base=Base.AVAILABLE, console_id__isnull=False),
                name="agents_agent_ready",
            )
        ]

    def __str__(self) -> str:
        return str(self.user)


class StatusInterval(Entity):
    """One stay of an agent in one status: what reports are made of (AGT-11)."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="intervals")
    base = models.CharField(_("type"), max_length=10, choices=Base.choices)
    label = models.CharField(_("label"), max_length=60)
    cause = models.CharField(_("cause"), max_length=20, choices=Cause.choices)
    started_at = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(_("to"), null=True, blank=True)

    class Meta:
        verbose_name = _("status interval")
        verbose_name_plural = _("status intervals")
        ordering = ("-started_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["agent"], condition=Q(ended_at__isnull=True), name="agents_interval_one_open"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")), name="agents_interval_forwards"
            ),
        ]
        indexes = [models.Index(fields=["agent", "-started_at"], name="agents_interval_recent")]

    def __str__(self) -> str:
        return f"{self.label} ({self.started_at:%H:%M})"


class Notice(Entity):
    """What an agent was told, until their console cannot have missed it any more: frames may be lost, these are not."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="notices", db_index=False)
    text = models.TextField(_("text"))
    # The conversation that it is news of, or the agent themself until they are Available: a newer word overtakes it.
    about = models.UUIDField(null=True, blank=True)
    at = models.DateTimeField(_("told"), default=timezone.now)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ("at", "id")
        indexes = [models.Index(fields=["agent", "at"], name="agents_notices_of_agent")]

    def __str__(self) -> str:
        return self.text


class Capacity(models.Model):
    """An agent's slots of one channel family, and how many are taken (TEN-4, RTE-9).

    `used` never exceeds `limit`: the database says so. What a supervisor forced stands in `forced`, outside that rule;
    it counts as used and blocks new offers. `awaited` counts conversations that wake up and wait for this agent's next
    free slot (SNZ-4): so many slots are not for others.
    """

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="capacities")
    family = models.CharField(_("channel family"), max_length=8, choices=Family.choices)
    limit = models.PositiveSmallIntegerField(_("slots"), validators=[MaxValueValidator(15)])
    used = models.PositiveSmallIntegerField(_("taken"), default=0, editable=False)
    forced = models.PositiveSmallIntegerField(_("forced"), default=0, editable=False)
    awaited = models.PositiveSmallIntegerField(_("awaited"), default=0, db_default=0, editable=False)

    class Meta:
        verbose_name = _("capacity")
        verbose_name_plural = _("capacities")
        constraints = [
            models.UniqueConstraint(fields=["agent", "family"], name="agents_capacity_once"),
            models.CheckConstraint(condition=Q(limit__lte=15), name="agents_capacity_limit_15"),
            models.CheckConstraint(condition=Q(used__lte=F("limit")), name="agents_capacity_never_exceeded"),
        ]

    def __str__(self) -> str:
        return f"{self.get_family_display()} {self.used + self.forced}/{self.limit}"


class AgentSkill(models.Model):
    """A skill or language that an agent holds, and how well."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="holders")
    level = models.PositiveSmallIntegerField(_("level"), choices=Level.choices, default=Level.AVERAGE)

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")
        constraints = [
            models.UniqueConstraint(fields=["agent", "skill"], name="agents_skill_once"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=4), name="agents_skill_level_1_to_4"),
        ]

    def __str__(self) -> str:
        return f"{self.skill} ({self.get_level_display()})"


class GroupMembership(models.Model):
    """Everybody in an agent group serves a queue."""

    group = models.ForeignKey(AgentGroup, on_delete=models.CASCADE, related_name="memberships")
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="group_memberships")

    class Meta:
        verbose_name = _("queue of a group")
        verbose_name_plural = _("queues of a group")
        constraints = [models.UniqueConstraint(fields=["queue", "group"], name="agents_group_membership_once")]

    def __str__(self) -> str:
        return f"{self.group}: {self.queue}"


class AgentSettings(Singleton):
    """How agents begin their day (AGT-4)."""

    login_prep = models.BooleanField(_("login preparation"), default=False)
    login_prep_seconds = models.PositiveSmallIntegerField(
        _("length of login preparation"),
        default=30,
        validators=[MinValueValidator(5), MaxValueValidator(3600)],
        help_text=_("How long agents get ready after signing in, before they become available."),
    )
    login_prep_name = models.CharField(_("name shown to the agent"), max_length=60, default="Login preparation")
    login_prep_message = models.CharField(
        _("message to the agent"), max_length=240, blank=True, default="Get ready: your shift begins in a moment."
    )

    class Meta:
        verbose_name = _("agent settings")
        verbose_name_plural = _("agent settings")

    def __str__(self) -> str:
        return str(_("Agent settings"))


class Membership(models.Model):
    """An agent serves a queue."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="memberships")
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="memberships")
    is_preferred = models.BooleanField(_("preferred"), default=False)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [models.UniqueConstraint(fields=["queue", "agent"], name="agents_membership_once")]

    def __str__(self) -> str:
        return str(self.queue)
