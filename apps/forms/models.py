"""Forms, what was sent of them, what stands in them, and who has looked at it (FRM-1 to FRM-5)."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.agents.models import AgentGroup
from apps.conversations.models import Conversation, Message
from apps.core.models import Entity, Singleton
from apps.forms.choices import (
    HIDE_LEAST,
    HIDE_MOST,
    HOURS_LEAST,
    HOURS_MOST,
    KEEP_MOST,
    LABEL_LENGTH,
    OPTION_LENGTH,
    REASON_LENGTH,
    AccessKind,
    Condition,
    Kind,
    Secure,
    Status,
    Via,
)
from apps.forms.definition import NAME, FormDefinition
from apps.queues.models import Queue


class FormSettings(Singleton):
    """Who reveals, how long it is seen, and how long a form can be filled in (TEN-5, FRM-2, FRM-4)."""

    agents_reveal = models.BooleanField(
        _("agents may reveal secured values"),
        default=True,
        help_text=_("Roles that may reveal do so in any case; each reveal is recorded."),
    )
    asks_reason = models.BooleanField(_("ask why"), default=False, help_text=_("Nobody reveals without a reason."))
    hide_seconds = models.PositiveSmallIntegerField(
        _("hide again after"),
        default=30,
        validators=[MinValueValidator(HIDE_LEAST), MaxValueValidator(HIDE_MOST)],
        help_text=_("How long a secured value stays in view once it is revealed."),
    )
    expires_hours = models.PositiveIntegerField(
        _("can be filled in for"),
        default=24,
        validators=[MinValueValidator(HOURS_LEAST), MaxValueValidator(HOURS_MOST)],
        help_text=_("From the moment it is sent."),
    )

    class Meta:
        verbose_name = _("form settings")
        verbose_name_plural = _("form settings")
        constraints = [
            models.CheckConstraint(
                condition=Q(hide_seconds__gte=HIDE_LEAST, hide_seconds__lte=HIDE_MOST), name="forms_hide_in_range"
            ),
            models.CheckConstraint(
                condition=Q(expires_hours__gte=HOURS_LEAST, expires_hours__lte=HOURS_MOST),
                name="forms_expires_in_range",
            ),
        ]

    def __str__(self) -> str:
        return str(_("Form settings"))

    @property
    def open_for(self) -> timedelta:
        """How long a form can be filled in."""
        return timedelta(hours=self.expires_hours)


class Form(Entity):
    """A form and its draft. What agents send is its newest published version (FRM-1)."""

    name = models.CharField(_("name"), max_length=80, unique=True, help_text=_("What agents choose it by."))
    title = models.CharField(_("display name"), max_length=120, help_text=_("What customers read above it."))
    description = models.CharField(_("description"), max_length=500, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_secured = models.BooleanField(
        _("secure the whole form"),
        default=False,
        help_text=_("Agents see no value before they reveal it; otherwise each field says for itself."),
    )
    queues = models.ManyToManyField(Queue, blank=True, related_name="forms", verbose_name=_("queues"))
    agent_groups = models.ManyToManyField(AgentGroup, blank=True, related_name="forms", verbose_name=_("agent groups"))
    # Whether it has rules of a kind: a queue that is deleted takes its rules along, and must not open it to everybody.
    queues_only = models.BooleanField(default=False, editable=False)
    groups_only = models.BooleanField(default=False, editable=False)
    published = models.ForeignKey(
        "FormVersion", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    class Meta:
        verbose_name = _("form")
        verbose_name_plural = _("forms")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class FormField(Entity):
    """A field of a form's draft."""

    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="fields")
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.TEXT)
    label = models.CharField(_("label"), max_length=LABEL_LENGTH)
    # What rules call it; made of the label where nothing is said.
    name = models.CharField(
        _("name"),
        max_length=40,
        blank=True,
        validators=[RegexValidator(NAME, _("Small letters, digits and _, a letter first."))],
        help_text=_("For rules of other fields; made of the label if empty."),
    )
    says = models.CharField(_("help"), max_length=500, blank=True)
    placeholder = models.CharField(_("placeholder"), max_length=120, blank=True)
    is_required = models.BooleanField(_("required"), default=False)
    options = ArrayField(
        models.CharField(max_length=OPTION_LENGTH), verbose_name=_("options"), default=list, blank=True
    )
    least = models.CharField(_("least"), max_length=32, blank=True)
    most = models.CharField(_("most"), max_length=32, blank=True)
    pattern = models.CharField(
        _("pattern"), max_length=300, blank=True, help_text=_("A regular expression that the whole text must match.")
    )
    pattern_says = models.CharField(
        _("what is asked for"), max_length=200, blank=True, help_text=_("Said when the pattern does not match.")
    )
    secure = models.CharField(_("agents see"), max_length=8, choices=Secure.choices, blank=True, default=Secure.NO)
    replacement = models.CharField(_("other text"), max_length=60, blank=True)
    mask = models.CharField(_("character"), max_length=1, default="*", blank=True)
    keep = models.PositiveSmallIntegerField(_("shown at the end"), default=0, validators=[MaxValueValidator(KEEP_MOST)])
    shown_by = models.CharField(_("only if"), max_length=40, blank=True, help_text=_("The name of a field above."))
    shown_test = models.CharField(
        _("condition"), max_length=8, choices=Condition.choices, default=Condition.IS, blank=True
    )
    shown_value = models.CharField(_("value"), max_length=OPTION_LENGTH, blank=True)

    class Meta:
        verbose_name = _("field")
        verbose_name_plural = _("fields")
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return f"{self.label} · {self.get_kind_display()}"


class FormVersion(Entity):
    """A form as it was published. Never changed: what was sent keeps it."""

    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("number"))
    spec_json = models.JSONField(editable=False)
    published_at = models.DateTimeField(_("published"), default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ("-number",)
        constraints = [models.UniqueConstraint(fields=["form", "number"], name="forms_version_once")]

    def __str__(self) -> str:
        return f"{self.number}"

    @property
    def definition(self) -> FormDefinition:
        """What it asks for."""
        return msgspec.convert(self.spec_json, FormDefinition)


class SentForm(Entity):
    """A form that a customer was sent: at its place in the conversation, to be filled in once (FRM-2)."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="sent_forms")
    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="sent", verbose_name=_("form"))
    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="sent", verbose_name=_("version"))
    # The line by which both sides see it.
    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="sent_form")
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("sent by")
    )
    sent_at = models.DateTimeField(_("sent"))
    expires_at = models.DateTimeField(_("until"))
    withdrawn_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    filled_at = models.DateTimeField(_("filled in"), null=True, blank=True)
    via = models.CharField(_("by"), max_length=8, choices=Via.choices, blank=True)
    erased_at = models.DateTimeField(_("values erased"), null=True, blank=True)

    class Meta:
        verbose_name = _("sent form")
        verbose_name_plural = _("sent forms")
        ordering = ("-sent_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "form"], condition=Q(filled_at=None, withdrawn_at=None), name="forms_open_once"
            ),
            models.CheckConstraint(
                condition=Q(filled_at=None, via="", erased_at=None) | Q(filled_at__isnull=False) & ~Q(via=""),
                name="forms_filled_by_a_way",
            ),
            models.CheckConstraint(
                condition=Q(filled_at=None) | Q(withdrawn_at=None), name="forms_filled_or_withdrawn"
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("sent_at")), name="forms_open_for_a_time"),
            models.CheckConstraint(
                condition=Q(filled_at=None) | Q(filled_at__gte=F("sent_at"), filled_at__lt=F("expires_at")),
                name="forms_filled_in_time",
            ),
        ]
        indexes = [
            models.Index(fields=["conversation", "sent_at"], name="forms_of_conversation"),
            models.Index(fields=["-sent_at"], name="forms_newest"),
        ]

    def __str__(self) -> str:
        return str(self.form)

    @property
    def is_filled(self) -> bool:
        """Whether the customer has filled it in."""
        return self.filled_at is not None

    def status(self, now: datetime) -> Status:
        """How it stands at this moment."""
        if self.filled_at is not None:
            return Status.FILLED
        if self.withdrawn_at is not None:
            return Status.WITHDRAWN
        return Status.SENT if now < self.expires_at else Status.EXPIRED


class FormValue(Entity):
    """What stands in one field of a form: encrypted with a key of the tenant's, as this row's alone (FRM-5)."""

    sent = models.ForeignKey(SentForm, on_delete=models.CASCADE, related_name="values")
    key = models.CharField(max_length=40)
    sealed = models.BinaryField(editable=False)

    class Meta:
        verbose_name = _("value")
        verbose_name_plural = _("values")
        constraints = [models.UniqueConstraint(fields=["sent", "key"], name="forms_value_once")]

    def __str__(self) -> str:
        return self.key


class FormAccess(Entity):
    """Who revealed what of a form, when, why (FRM-4). Append-only: a trigger refuses updates and deletions."""

    sent = models.ForeignKey(SentForm, on_delete=models.PROTECT, related_name="accesses", verbose_name=_("form"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("who")
    )
    kind = models.CharField(_("what"), max_length=8, choices=AccessKind.choices)
    # The labels that were revealed: a form may call its fields otherwise by now.
    fields: Any = ArrayField(models.CharField(max_length=LABEL_LENGTH), verbose_name=_("fields"), default=list)
    reason = models.CharField(_("why"), max_length=REASON_LENGTH, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("access to a form")
        verbose_name_plural = _("access to forms")
        ordering = ("-at",)
        indexes = [
            models.Index(fields=["-at"], name="forms_access_newest"),
            models.Index(fields=["sent", "at"], name="forms_access_of_form"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.user}"
