"""Texts that agents say again and again (CON-8), and what they have begun to say and not sent."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.agents.models import AgentGroup
from apps.conversations.models import Conversation
from apps.conversations.text import MAX_LENGTH
from apps.core.models import Entity
from apps.queues.models import Queue, Skill
from apps.responses.text import validate_body

SHORTCUT = r"^[a-z0-9]+([-_][a-z0-9]+)*$"


class ResponseGroup(Entity):
    """Responses that belong together; deleting it deletes them."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    description = models.CharField(_("description"), max_length=240, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=100)

    class Meta:
        verbose_name = _("response group")
        verbose_name_plural = _("response groups")
        ordering = ("position", "name")

    def __str__(self) -> str:
        return self.name


class Response(Entity):
    """A text that is ready to be said. Without rules of a kind it serves whatever there is of that kind."""

    group = models.ForeignKey(
        ResponseGroup, on_delete=models.CASCADE, related_name="responses", verbose_name=_("group")
    )
    name = models.CharField(_("name"), max_length=120)
    shortcut = models.CharField(
        _("shortcut"),
        max_length=40,
        unique=True,
        validators=[RegexValidator(SHORTCUT, _("Small letters and digits, with - or _ between them."))],
        help_text=_("What agents type after the slash."),
    )
    chat_body = models.TextField(_("text for chat"), max_length=MAX_LENGTH, validators=[validate_body])
    email_body = models.TextField(
        _("text for email"),
        max_length=MAX_LENGTH,
        blank=True,
        validators=[validate_body],
        help_text=_("Empty: the text for chat."),
    )
    language = models.CharField(
        _("language"),
        max_length=16,
        blank=True,
        validators=[RegexValidator(r"^[a-z]{2,3}(-[a-z0-9]{2,8})*$", _("Use a language tag such as es or pt-br."))],
        help_text=_("A language tag such as es or pt-br: shown first to customers of that language."),
    )
    is_enabled = models.BooleanField(_("enabled"), default=True)
    expires_at = models.DateTimeField(
        _("expires"), null=True, blank=True, help_text=_("From then on it is no longer offered. Empty: never.")
    )
    queues = models.ManyToManyField(Queue, blank=True, related_name="responses", verbose_name=_("queues"))
    skills = models.ManyToManyField(Skill, blank=True, related_name="responses", verbose_name=_("skills"))
    agent_groups = models.ManyToManyField(
        AgentGroup, blank=True, related_name="responses", verbose_name=_("agent groups")
    )
    # Whether it has rules of a kind. A queue that is deleted takes its rules along, and a response whose last one went
    # so serves nobody: what was meant for a few must not reach everybody.
    queues_only = models.BooleanField(default=False, editable=False)
    skills_only = models.BooleanField(default=False, editable=False)
    groups_only = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("standard response")
        verbose_name_plural = _("standard responses")
        ordering = ("group__position", "group__name", "name", "pk")
        constraints = [
            models.UniqueConstraint(fields=["group", "name", "language"], name="responses_name_once_in_group"),
            models.CheckConstraint(
                condition=Q(shortcut__regex=SHORTCUT),
                name="responses_shortcut_is_a_word",
                violation_error_message=_("Small letters and digits, with - or _ between them."),
            ),
        ]
        indexes = [models.Index(fields=["group", "name"], condition=Q(is_enabled=True), name="responses_enabled")]

    def __str__(self) -> str:
        return self.name

    def body_for(self, channel: str) -> str:
        """The text for a channel family: that for chat, unless email has its own."""
        return self.email_body if channel == "email" and self.email_body else self.chat_body


class Draft(models.Model):
    """What an agent has begun to write in a conversation and not sent; nobody else is ever shown it."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="drafts")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    body = models.TextField()
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [
            models.UniqueConstraint(fields=["conversation", "agent"], name="responses_draft_once"),
            models.CheckConstraint(condition=~Q(body=""), name="responses_draft_says_something"),
        ]

    def __str__(self) -> str:
        return self.body[:40]
