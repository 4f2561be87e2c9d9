"""Conversations by mail: their mails, files and people, and what machines said of them (EML-3, EML-4)."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.conversations.models import Conversation, Message
from apps.core.models import Entity
from apps.email.choices import NoticeKind, ShiftKind
from apps.email.models._fields import ID_LENGTH, NO_ADDRESSES, SUBJECT_LENGTH
from apps.email.models.channels import MailChannel
from apps.email.models.received import RawMail
from apps.files.models import StoredFile


class MailThread(models.Model):
    """What a conversation by mail has beside its messages."""

    conversation = models.OneToOneField(
        Conversation, on_delete=models.CASCADE, primary_key=True, related_name="mail_thread"
    )
    # Answers are sent from here.
    channel = models.ForeignKey(MailChannel, on_delete=models.PROTECT, related_name="threads")
    subject = models.CharField(_("subject"), max_length=SUBJECT_LENGTH, blank=True)
    # Stands in subjects: finds the conversation again, and lets nobody in by itself.
    reference = models.CharField(_("reference"), max_length=12, unique=True)
    # Something spoke for this one, but not enough (EML-3).
    may_belong_to = models.ForeignKey(
        Conversation, on_delete=models.SET_NULL, null=True, blank=True, related_name="may_belong"
    )

    class Meta:
        verbose_name = _("mail thread")
        verbose_name_plural = _("mail threads")

    def __str__(self) -> str:
        return self.reference


class MailMessage(models.Model):
    """What a message by mail has beside its text. Those that agents send have no raw mail."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, primary_key=True, related_name="mail")
    # Which conversation, once more: threading asks for both at once.
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="mails")
    raw = models.OneToOneField(RawMail, on_delete=models.PROTECT, null=True, blank=True, related_name="mail")
    is_outgoing = models.BooleanField(default=False)
    # Its Message-ID, without angle brackets.
    mail_id = models.CharField(max_length=ID_LENGTH, blank=True)
    in_reply_to = models.CharField(max_length=ID_LENGTH, blank=True)
    # The thread before it, oldest first.
    references = ArrayField(models.CharField(max_length=ID_LENGTH), default=list, blank=True)
    subject = models.CharField(_("subject"), max_length=SUBJECT_LENGTH, blank=True)
    # Pairs of name and address.
    sender = models.JSONField(default=list)
    reply_to = models.JSONField(default=list, blank=True)
    to = models.JSONField(default=list, blank=True)
    cc = models.JSONField(default=list, blank=True)
    # Of ours alone: nobody else's mail says.
    bcc = models.JSONField(default=list, db_default=NO_ADDRESSES, blank=True)
    # As the sender's clock has it.
    date = models.DateTimeField(null=True, blank=True)
    # All of it: the message's own text may be cut.
    text = models.TextField(blank=True)
    quoted = models.TextField(blank=True)
    # As it came: it is made safe when it is shown, by the rules of that day.
    html = models.TextField(blank=True)
    has_remote_images = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        indexes = [
            models.Index(fields=["mail_id"], condition=~Q(mail_id=""), name="email_message_by_id"),
            models.Index(fields=["conversation"], name="email_message_thread"),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def sender_address(self) -> str:
        """Who wrote it, in small letters; empty where it doesn't say."""
        return str(self.sender[0][1]).lower()[:320] if self.sender else ""


class MailPart(Entity):
    """Something that came with a mail: a file that is kept, or the name of one that may not be."""

    mail = models.ForeignKey(MailMessage, on_delete=models.CASCADE, related_name="parts")
    position = models.PositiveSmallIntegerField()
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="mail_part")
    name = models.CharField(_("name"), max_length=255)
    size = models.PositiveIntegerField(_("bytes"))
    # By which the HTML names it, and whether it does.
    content_id = models.CharField(max_length=ID_LENGTH, blank=True)
    is_inline = models.BooleanField(default=False)
    # Why it was not kept, as a word for programs; the raw mail has it still.
    refused = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("part of a mail")
        verbose_name_plural = _("parts of mails")
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=["mail", "position"], name="email_part_place_once"),
            models.CheckConstraint(
                condition=Q(file__isnull=False, refused="") | Q(file__isnull=True) & ~Q(refused=""),
                name="email_part_kept_or_refused",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Participant(models.Model):
    """An address that takes part in a conversation by mail; whoever else answers in it is a stranger (EML-3)."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="participants")
    # In small letters.
    address = models.CharField(max_length=320)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = [models.UniqueConstraint(fields=["conversation", "address"], name="email_participant_once")]

    def __str__(self) -> str:
        return self.address


class MailNotice(Entity):
    """What a machine answered in a conversation: shown to agents, wakes nobody and answers nobody (EML-11)."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="mail_notices")
    raw = models.OneToOneField(RawMail, on_delete=models.PROTECT, related_name="notice")
    kind = models.CharField(_("kind"), max_length=10, choices=NoticeKind.choices)
    # The mail that it answers, if that is known.
    about = models.ForeignKey(MailMessage, on_delete=models.SET_NULL, null=True, blank=True, related_name="notices")
    sender = models.CharField(_("from"), max_length=320, blank=True)
    subject = models.CharField(_("subject"), max_length=SUBJECT_LENGTH, blank=True)
    text = models.TextField(blank=True)
    # Of a delivery report: each recipient with what became of them.
    failures = models.JSONField(default=list, blank=True)
    is_failure = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("automatic answer")
        verbose_name_plural = _("automatic answers")
        ordering = ("at",)
        indexes = [models.Index(fields=["conversation", "at"], name="email_notices_of")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.sender}"


# --- What goes out


class MailShift(Entity):
    """Mails that somebody moved from one conversation into another; it can be undone (EML-3)."""

    kind = models.CharField(_("kind"), max_length=5, choices=ShiftKind.choices)
    source = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="mails_away", verbose_name=_("from")
    )
    target = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="mails_here", verbose_name=_("to"))
    # The messages, each with the number that it had.
    moved = models.JSONField(default=dict)
    # Whether the source had not ended.
    was_open = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("undone by"),
    )
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    class Meta:
        verbose_name = _("split or merge")
        verbose_name_plural = _("splits and merges")
        ordering = ("-at",)
        constraints = [
            models.CheckConstraint(condition=~Q(source=F("target")), name="email_shift_elsewhere"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="email_shift_undone_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"
