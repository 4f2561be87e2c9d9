"""What agents write, and what becomes of it (EML-5 to EML-10)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.conversations.models import Conversation
from apps.core.models import Entity
from apps.email.choices import ONCE_KINDS, UNSENT_STATES, DraftKind, OutboundKind, OutboundState
from apps.email.models._fields import ID_LENGTH, SUBJECT_LENGTH
from apps.email.models.channels import MailChannel
from apps.email.models.threads import MailMessage
from apps.files.models import StoredFile
from apps.forms.models import SentForm
from apps.queues.models import Queue
from apps.surveys.models import SurveyRequest


class MailDraft(Entity):
    """A mail that an agent is writing; while it is held it is the mail that leaves (EML-9, EML-10)."""

    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail_drafts")
    kind = models.CharField(_("kind"), max_length=10, choices=DraftKind.choices)
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, null=True, blank=True, related_name="mail_drafts"
    )
    answers = models.ForeignKey(MailMessage, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    # Of a new mail: from whose channel it is sent.
    queue = models.ForeignKey(Queue, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    # Pairs of name and address.
    to = models.JSONField(default=list, blank=True)
    cc = models.JSONField(default=list, blank=True)
    bcc = models.JSONField(default=list, blank=True)
    subject = models.CharField(_("subject"), max_length=SUBJECT_LENGTH, blank=True)
    body = models.TextField(blank=True)
    # What it answers stands below it, or is handed on.
    quotes = models.BooleanField(default=True)
    # Raised by each save: who saves an older one is told (EML-9).
    version = models.PositiveIntegerField(default=1)
    # The conversation's last line that its writer knew of: of what came after it they are told (EML-9).
    began_after = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("draft of a mail")
        verbose_name_plural = _("drafts of mails")
        ordering = ("-saved_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=DraftKind.NEW, conversation__isnull=True, answers__isnull=True)
                | ~Q(kind=DraftKind.NEW) & Q(conversation__isnull=False),
                name="email_draft_new_has_no_conversation",
            )
        ]
        indexes = [models.Index(fields=["agent", "-saved_at"], name="email_drafts_of_agent")]

    def __str__(self) -> str:
        return self.subject


class MailDraftFile(models.Model):
    """A file that is to go with a draft."""

    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, primary_key=True, related_name="mail_draft")
    draft = models.ForeignKey(MailDraft, on_delete=models.CASCADE, related_name="files")
    position = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("file of a draft")
        verbose_name_plural = _("files of drafts")
        ordering = ("position",)

    def __str__(self) -> str:
        return str(self.file)


class OutboundMail(Entity):
    """A mail of ours on its way: written with what causes it, and gone only when another server has it (EML-10)."""

    kind = models.CharField(_("kind"), max_length=12, choices=OutboundKind.choices, default=OutboundKind.AGENT)
    state = models.CharField(_("state"), max_length=8, choices=OutboundState.choices)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="outbound_mails")
    channel = models.ForeignKey(
        MailChannel, on_delete=models.PROTECT, related_name="outbound_mails", verbose_name=_("channel")
    )
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="outbound_mails",
        verbose_name=_("agent"),
    )
    # What it says: the draft while it can be taken back, a message of the conversation from then on.
    draft = models.OneToOneField(MailDraft, on_delete=models.PROTECT, null=True, blank=True, related_name="outbound")
    message = models.OneToOneField(
        MailMessage, on_delete=models.CASCADE, null=True, blank=True, related_name="outbound"
    )
    # Whose link it brings: nothing that is stored holds it (SRV-5, FRM-2).
    survey = models.ForeignKey(SurveyRequest, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    form = models.OneToOneField(SentForm, on_delete=models.SET_NULL, null=True, blank=True, related_name="outbound")
    # Its Message-ID, without angle brackets: minted once, so that however often it is sent it is one mail.
    mail_id = models.CharField(_("Message-ID"), max_length=ID_LENGTH, unique=True)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    release_at = models.DateTimeField(null=True, blank=True)
    close_after = models.BooleanField(default=False)

    # Addresses that have still to get it, and those that will not, each with what their server said.
    recipients = models.JSONField(default=list, blank=True)
    refused = models.JSONField(default=list, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # Since when it is tried, and until when nobody begins: somebody is at it, or it waits after a failure.
    tried_since = models.DateTimeField(null=True, blank=True)
    retry_at = models.DateTimeField(_("next attempt"), null=True, blank=True)
    # Its bytes are being handed over: who finds this after a crash can't know whether they arrived.
    handing_at = models.DateTimeField(null=True, blank=True)
    # How often it was sent once more without knowing.
    unsure = models.PositiveSmallIntegerField(_("sent again"), default=0)
    error = models.CharField(_("error"), max_length=500, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    failed_at = models.DateTimeField(_("failed"), null=True, blank=True)
    bounced_at = models.DateTimeField(_("bounced"), null=True, blank=True)

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mail")
        ordering = ("-created_at",)
        constraints = [
            models.CheckConstraint(condition=Q(state__in=OutboundState.values), name="email_outbound_state_known"),
            models.CheckConstraint(
                condition=Q(
                    state=OutboundState.HELD, draft__isnull=False, message__isnull=True, release_at__isnull=False
                )
                | ~Q(state=OutboundState.HELD) & Q(draft__isnull=True, message__isnull=False),
                name="email_outbound_says_something",
            ),
            models.CheckConstraint(
                condition=~Q(state=OutboundState.SENT) | Q(sent_at__isnull=False), name="email_outbound_sent_has_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state=OutboundState.FAILED, failed_at__isnull=False)
                | ~Q(state=OutboundState.FAILED) & Q(failed_at__isnull=True),
                name="email_outbound_failed_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=(OutboundKind.AGENT, OutboundKind.FORM), agent__isnull=False)
                | ~Q(kind__in=(OutboundKind.AGENT, OutboundKind.FORM)) & Q(agent__isnull=True),
                name="email_outbound_of_somebody",
            ),
            models.UniqueConstraint(
                fields=["conversation", "kind"], condition=Q(kind__in=ONCE_KINDS), name="email_outbound_automatic_once"
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(state__in=UNSENT_STATES), name="email_outbound_leaving"),
            models.Index(fields=["agent"], condition=Q(state=OutboundState.HELD), name="email_outbound_held"),
            models.Index(fields=["-created_at"], name="email_outbound_newest"),
            models.Index(fields=["-created_at"], condition=Q(state=OutboundState.FAILED), name="email_outbound_failed"),
        ]

    def __str__(self) -> str:
        return self.mail_id
