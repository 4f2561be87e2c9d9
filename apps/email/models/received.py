"""Mail as it came, and that all of it was filed (EML-2)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.conversations.models import Conversation
from apps.core.models import Entity
from apps.email.choices import FILED_STATES, Inbound, RawState, Reason
from apps.email.models._fields import ID_LENGTH, NOTHING, SUBJECT_LENGTH
from apps.email.models.channels import MailChannel


class RawMail(Entity):
    """A mail as it came in: stored before anything else, and filed once (EML-2). Its content is a row of its own."""

    channel = models.ForeignKey(MailChannel, on_delete=models.PROTECT, related_name="mails", verbose_name=_("channel"))
    # Of what makes it this mail, see `apps/mailin/duplicate_key.py`: the same mail again is the same row.
    digest = models.CharField(max_length=64)
    # Its Message-ID, without angle brackets.
    mail_id = models.CharField(_("Message-ID"), max_length=ID_LENGTH, blank=True)
    size = models.PositiveIntegerField(_("bytes"))
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    # What the other server said, not what the mail says.
    envelope_from = models.CharField(_("returned to"), max_length=320, blank=True)
    envelope_to = models.CharField(_("sent to"), max_length=320, blank=True)
    peer = models.CharField(_("came from"), max_length=64, blank=True)
    helo = models.CharField(_("greeted as"), max_length=255, blank=True, default="", db_default="")
    came_by = models.CharField(
        _("came in by"), max_length=8, choices=Inbound.choices, blank=True, default="", db_default=""
    )
    # It came in pieces: no signature under it can be checked.
    is_put_together = models.BooleanField(default=False, db_default=False)
    # What speaks for its From (`authentication.results`); at first what its provider says of that.
    authentication = models.JSONField(_("sender"), default=dict, db_default=NOTHING, blank=True)

    state = models.CharField(_("state"), max_length=12, choices=RawState.choices, default=RawState.RECEIVED)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices, blank=True)
    detail = models.CharField(_("detail"), max_length=500, blank=True)
    filed_at = models.DateTimeField(_("filed"), null=True, blank=True)
    conversation = models.ForeignKey(
        Conversation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="raw_mails",
        verbose_name=_("conversation"),
    )
    # Found when it was filed: what the list shows of it.
    sender = models.CharField(_("from"), max_length=320, blank=True)
    subject = models.CharField(_("subject"), max_length=SUBJECT_LENGTH, blank=True)
    # The conversations that it might have belonged to, each with its signals and their scores (EML-3).
    matching = models.JSONField(_("matching"), default=list, blank=True)

    # How often filing began, and until when nobody else begins: set before, so that a mail that ends processes shows.
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    retry_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(_("error"), blank=True)

    # Somebody looked at it in quarantine and let it go: what machines say of it counts no more.
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("released by"),
    )
    released_at = models.DateTimeField(_("released"), null=True, blank=True)

    class Meta:
        verbose_name = _("received mail")
        verbose_name_plural = _("received mail")
        ordering = ("-received_at",)
        constraints = [
            models.UniqueConstraint(fields=["channel", "digest"], name="email_raw_once"),
            models.CheckConstraint(
                condition=Q(state=RawState.RECEIVED, filed_at__isnull=True)
                | Q(state__in=FILED_STATES, filed_at__isnull=False),
                name="email_raw_filed_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state=RawState.QUARANTINED) & ~Q(reason="") | ~Q(state=RawState.QUARANTINED) & Q(reason=""),
                name="email_raw_quarantined_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[RawState.MATCHED, RawState.NEW], conversation__isnull=False)
                | Q(state__in=[RawState.RECEIVED, RawState.QUARANTINED], conversation__isnull=True),
                name="email_raw_filed_where",
            ),
        ]
        indexes = [
            models.Index(fields=["channel", "id"], condition=Q(state=RawState.RECEIVED), name="email_raw_unfiled"),
            models.Index(fields=["-received_at"], name="email_raw_newest"),
            models.Index(
                fields=["-received_at"], condition=Q(state=RawState.QUARANTINED), name="email_raw_quarantined"
            ),
            models.Index(fields=["channel", "sender", "received_at"], name="email_raw_of_sender"),
        ]

    def __str__(self) -> str:
        return self.subject or self.sender or str(self.pk)


class RawContent(models.Model):
    """The bytes of a mail, encrypted with a key of the tenant's (EML-2)."""

    raw = models.OneToOneField(RawMail, on_delete=models.CASCADE, primary_key=True, related_name="content")
    sealed = models.BinaryField()

    class Meta:
        verbose_name = _("raw mail")
        verbose_name_plural = _("raw mails")

    def __str__(self) -> str:
        return str(self.raw_id)


class OriginalView(Entity):
    """Somebody has had a mail as it came; the database lets nobody change or delete it (FRM-6)."""

    raw = models.ForeignKey(RawMail, on_delete=models.PROTECT, related_name="original_views", verbose_name=_("mail"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("view of an original")
        verbose_name_plural = _("views of originals")
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.by} {self.at:%Y-%m-%d %H:%M}"


class MailDay(models.Model):
    """How many mails a channel received on a day, and what they became: counted where it happens (EML-2)."""

    channel = models.ForeignKey(MailChannel, on_delete=models.CASCADE, related_name="days", verbose_name=_("channel"))
    # In UTC, of when it was received.
    day = models.DateField(_("day"))
    received = models.PositiveIntegerField(_("received"), default=0, db_default=0)
    matched = models.PositiveIntegerField(_("matched"), default=0, db_default=0)
    new = models.PositiveIntegerField(_("new"), default=0, db_default=0)
    quarantined = models.PositiveIntegerField(_("in quarantine"), default=0, db_default=0)

    class Meta:
        verbose_name = _("mail count")
        verbose_name_plural = _("mail counts")
        ordering = ("-day", "channel")
        constraints = [
            models.UniqueConstraint(fields=["channel", "day"], name="email_day_once"),
            models.CheckConstraint(
                condition=Q(received__gte=F("matched") + F("new") + F("quarantined")), name="email_filed_was_received"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.day}"

    @property
    def filed(self) -> int:
        """How many were filed."""
        return int(self.matched + self.new + self.quarantined)

    @property
    def unfiled(self) -> int:
        """How many are still to be filed: nought but for the moment."""
        return int(self.received - self.filed)
