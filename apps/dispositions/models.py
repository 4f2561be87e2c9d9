"""Outcome codes, the sets they are chosen from, and what was chosen (WRP-6, WRP-7)."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.agents.models import AgentGroup
from apps.conversations.models import Conversation
from apps.core.models import Entity
from apps.dispositions.choices import DESCRIPTION_LENGTH, Display
from apps.queues.models import COLOUR, Queue


class Code(Entity):
    """One outcome. A code in use is disabled, not deleted."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    description = models.CharField(_("description"), max_length=240, blank=True)
    colour = models.CharField(_("colour"), max_length=7, default="#5b6b7c", validators=[COLOUR])
    is_enabled = models.BooleanField(_("enabled"), default=True)
    is_system = models.BooleanField(_("set by the system"), default=False, editable=False)

    class Meta:
        verbose_name = _("disposition code")
        verbose_name_plural = _("disposition codes")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class CodeSet(Entity):
    """Codes that are offered together: in its queues, and to its agent groups; with neither it serves everybody."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    description = models.CharField(_("description"), max_length=240, blank=True)
    display = models.CharField(_("shown as"), max_length=8, choices=Display.choices, default=Display.BUTTONS)
    is_required = models.BooleanField(_("required"), default=True)
    is_enabled = models.BooleanField(_("enabled"), default=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    codes = models.ManyToManyField(Code, through="SetEntry", related_name="sets", verbose_name=_("codes"))
    queues = models.ManyToManyField(Queue, blank=True, related_name="disposition_sets", verbose_name=_("queues"))
    groups = models.ManyToManyField(
        AgentGroup, blank=True, related_name="disposition_sets", verbose_name=_("agent groups")
    )

    class Meta:
        verbose_name = _("disposition set")
        verbose_name_plural = _("disposition sets")
        ordering = ("position", "name")

    def __str__(self) -> str:
        return self.name


class SetEntry(models.Model):
    """A code's place in a set."""

    code_set = models.ForeignKey(CodeSet, on_delete=models.CASCADE, related_name="entries", verbose_name=_("set"))
    code = models.ForeignKey(Code, on_delete=models.PROTECT, related_name="entries", verbose_name=_("code"))
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("code")
        verbose_name_plural = _("codes")
        ordering = ("position",)
        constraints = [models.UniqueConstraint(fields=["code_set", "code"], name="dispositions_code_once_in_set")]

    def __str__(self) -> str:
        return str(self.code)


class Choice(Entity):
    """What was chosen from one set for one conversation, kept by name and id whatever becomes of the code (WRP-7)."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="dispositions")
    code_set = models.ForeignKey(CodeSet, on_delete=models.SET_NULL, null=True, related_name="+")
    code = models.ForeignKey(Code, on_delete=models.PROTECT, related_name="choices")
    set_name = models.CharField(max_length=80)
    code_name = models.CharField(max_length=80)
    description = models.CharField(_("description"), max_length=DESCRIPTION_LENGTH, blank=True)
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    chosen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("chosen disposition")
        verbose_name_plural = _("chosen dispositions")
        ordering = ("chosen_at",)
        constraints = [
            models.UniqueConstraint(fields=["conversation", "code_set"], name="dispositions_choice_once_a_set")
        ]

    def __str__(self) -> str:
        return self.code_name


class Outcome(models.Model):
    """A conversation's wrap-up: what its agent has chosen and written so far, and the description that stays (WRP-6).

    Codes are kept as `Choice` rows once it closes; until then they are a draft, so that neither a reload nor the clock
    loses what was begun.
    """

    conversation = models.OneToOneField(
        Conversation, on_delete=models.CASCADE, primary_key=True, related_name="outcome"
    )
    description = models.CharField(_("description"), max_length=DESCRIPTION_LENGTH, blank=True)
    # Code by set, as ids.
    draft = models.JSONField(default=dict, blank=True)
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    corrected_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        ordering = ("-conversation_id",)

    def __str__(self) -> str:
        return str(self.conversation.contact)
