"""What agents can do (RTE-1)."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import Entity

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
