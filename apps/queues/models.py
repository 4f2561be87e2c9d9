"""Queues and the skills that conversations ask for; who serves them is the agents' side (RTE-1, RTE-2)."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import Entity
from apps.queues.choices import AcwMode, Strategy

COLOUR = RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Use the form #1a2b3c."))


class SkillGroup(Entity):
    """Skills that belong together."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    description = models.CharField(_("description"), max_length=240, blank=True)
    colour = models.CharField(_("colour"), max_length=7, default="#5b6b7c", validators=[COLOUR])

    class Meta:
        verbose_name = _("skill group")
        verbose_name_plural = _("skill groups")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Skill(Entity):
    """What an agent can do, unique by name within its group. Languages are skills too (RTE-1)."""

    group = models.ForeignKey(SkillGroup, on_delete=models.PROTECT, related_name="skills", verbose_name=_("group"))
    name = models.CharField(_("name"), max_length=80)
    description = models.CharField(_("description"), max_length=240, blank=True)
    language = models.CharField(
        _("language"), max_length=16, blank=True, help_text=_("A language tag such as es: this skill is that language.")
    )

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(fields=["group", "name"], name="queues_skill_once_in_group"),
            models.UniqueConstraint(
                fields=["language"], condition=~models.Q(language=""), name="queues_skill_language_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Queue(Entity):
    """Where conversations of one kind wait (RTE-2)."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    description = models.CharField(_("description"), max_length=240, blank=True)
    priority = models.PositiveSmallIntegerField(
        _("priority"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
        help_text=_("1 is served first, 10 last."),
    )
    strategy = models.CharField(_("strategy"), max_length=20, choices=Strategy.choices, default=Strategy.LONGEST_IDLE)
    acw_mode = models.CharField(_("after-call work"), max_length=12, choices=AcwMode.choices, default=AcwMode.IMMEDIATE)
    is_active = models.BooleanField(_("active"), default=True)
    is_default = models.BooleanField(_("default"), default=False)

    class Meta:
        verbose_name = _("queue")
        verbose_name_plural = _("queues")
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="queues_queue_one_default"
            ),
            models.CheckConstraint(
                condition=models.Q(priority__gte=1, priority__lte=10), name="queues_queue_priority_1_to_10"
            ),
            models.CheckConstraint(
                condition=models.Q(is_default=False) | models.Q(is_active=True), name="queues_queue_default_is_active"
            ),
        ]

    def __str__(self) -> str:
        return self.name
