"""Mail channels, every mail that came in, and what it became."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.conversations.models import Conversation, Message
from apps.core.models import Entity, Singleton
from apps.email.choices import (
    AUTOMATIC,
    FILED,
    LEAVING,
    AfterImport,
    DraftKind,
    Inbound,
    NoticeKind,
    OutboundKind,
    OutboundState,
    Provider,
    RawState,
    Reason,
    Security,
    ShiftKind,
)
from apps.email.words import validate_automatic, validate_signature
from apps.files.models import StoredFile
from apps.queues.models import Queue

NO_ADDRESSES: Any = models.Value([], output_field=models.JSONField())
ID_LENGTH = 500
"""Characters of a Message-ID that are kept: an index entry has room for no more."""
SUBJECT_LENGTH = 500


class MailChannel(Entity):
    """An address of the company's: where its mail goes, and in whose name it is answered (EML-1)."""

    # In small letters.
    address = models.EmailField(_("address"), unique=True)
    display_name = models.CharField(
        _("display name"), max_length=80, blank=True, help_text=_("What stands beside the address in answers.")
    )
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="mail_channels", verbose_name=_("queue"))
    signature = models.TextField(
        _("signature"),
        max_length=2000,
        blank=True,
        validators=[validate_signature],
        help_text=_("Stands at the end of answers."),
    )
    inbound = models.CharField(_("mail comes in by"), max_length=8, choices=Inbound.choices, default=Inbound.LISTENER)
    smtp_host = models.CharField(
        _("outgoing server"),
        max_length=253,
        blank=True,
        default="",
        db_default="",
        help_text=_("Empty: the server of this installation."),
    )
    smtp_port = models.PositiveIntegerField(
        _("port"), default=587, db_default=587, validators=[MinValueValidator(1), MaxValueValidator(65_535)]
    )
    smtp_security = models.CharField(
        _("encryption"), max_length=8, choices=Security.choices, default=Security.STARTTLS, db_default=Security.STARTTLS
    )
    smtp_user = models.CharField(_("user name"), max_length=254, blank=True, default="", db_default="")
    # The password, encrypted with a key of the tenant's.
    smtp_sealed = models.BinaryField(null=True, blank=True)
    plus_addresses = models.BooleanField(
        _("the server knows plus addresses"),
        default=True,
        db_default=True,
        help_text=_("Answers then find their conversation by an address of its own, such as support+…@example.com."),
    )
    tags_subjects = models.BooleanField(
        _("reference in subjects"),
        default=True,
        db_default=True,
        help_text=_("Such as [#K7QX-2M4P], behind the subject of each mail."),
    )
    acknowledges = models.BooleanField(
        _("acknowledge new conversations"),
        default=False,
        db_default=False,
        help_text=_("Whoever opens a conversation gets a mail with its reference, once."),
    )
    replies_out_of_hours = models.BooleanField(
        _("reply out of hours"),
        default=False,
        db_default=False,
        help_text=_("Whoever opens a conversation outside its queue's hours is told so, once."),
    )
    flood_limit = models.PositiveSmallIntegerField(
        _("mails of one sender in ten minutes"),
        default=100,
        validators=[MinValueValidator(1), MaxValueValidator(10_000)],
        help_text=_("What comes on top of it is kept in quarantine, so that two machines can't write to each other."),
    )
    reopen_days = models.PositiveSmallIntegerField(
        _("days within which an answer reopens"),
        default=7,
        validators=[MaxValueValidator(365)],
        help_text=_("A customer who answers later after the closing opens a new conversation, linked to the old one."),
    )
    is_active = models.BooleanField(
        _("active"), default=False, help_text=_("While it is off, mail to this address is turned away.")
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("mail channel")
        verbose_name_plural = _("mail channels")
        ordering = ("address",)

    def __str__(self) -> str:
        return self.address


class MailView(Singleton):
    """How agents see a conversation's mails (EML-4)."""

    is_threaded = models.BooleanField(
        _("threaded view"),
        default=True,
        help_text=_("All mails of a conversation stand under one another. Otherwise the newest; the rest on demand."),
    )
    is_collapsed = models.BooleanField(
        _("collapsed tiles"),
        default=True,
        help_text=_("Only the newest mail is open, of the others one line is shown. Otherwise all of them are open."),
    )

    class Meta:
        verbose_name = _("mail in the console")
        verbose_name_plural = _("mail in the console")

    def __str__(self) -> str:
        return str(_("Mail in the console"))


class ImageSender(Entity):
    """A sender whose remote images an agent always lets be loaded (EML-4)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="image_senders")
    # In small letters.
    address = models.CharField(max_length=320)

    class Meta:
        verbose_name = _("sender whose images are shown")
        verbose_name_plural = _("senders whose images are shown")
        constraints = [models.UniqueConstraint(fields=["user", "address"], name="email_image_sender_once")]

    def __str__(self) -> str:
        return self.address


class Mailbox(models.Model):
    """A mailbox elsewhere that a channel's mail is fetched from by IMAP, and how far it is fetched (EML-1)."""

    channel = models.OneToOneField(
        MailChannel, on_delete=models.CASCADE, primary_key=True, related_name="mailbox", verbose_name=_("channel")
    )
    host = models.CharField(_("server"), max_length=253)
    port = models.PositiveIntegerField(
        _("port"), default=993, validators=[MinValueValidator(1), MaxValueValidator(65_535)]
    )
    security = models.CharField(_("encryption"), max_length=8, choices=Security.choices, default=Security.TLS)
    user = models.CharField(_("user name"), max_length=254)
    # The password, encrypted with a key of the tenant's.
    sealed = models.BinaryField(null=True, blank=True)
    folder = models.CharField(_("folder"), max_length=200, default="INBOX")
    after_import = models.CharField(
        _("after import"), max_length=6, choices=AfterImport.choices, default=AfterImport.READ
    )
    move_to = models.CharField(
        _("folder to move to"), max_length=200, blank=True, help_text=_("It has to be there already.")
    )
    imports_from = models.DateTimeField(
        _("import what came since"),
        default=timezone.now,
        help_text=_("Mail that reached the mailbox earlier stays there, and is never imported."),
    )
    # Raised by each save: whoever has the old settings connects anew.
    version = models.PositiveIntegerField(default=1)

    # UIDs ascend, and mean something under one UIDVALIDITY alone: all of them up to this one are done with.
    uid_validity = models.BigIntegerField(null=True, blank=True)
    last_uid = models.BigIntegerField(default=0)

    # One connection to a mailbox, whichever process has it: for as long as it renews its lease.
    held_by = models.CharField(max_length=64, blank=True)
    held_until = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(_("last looked into"), null=True, blank=True)
    imported = models.PositiveIntegerField(_("imported"), default=0)
    failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0)
    retry_at = models.DateTimeField(_("next attempt"), null=True, blank=True)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")
        ordering = ("channel",)
        constraints = [
            models.CheckConstraint(
                condition=Q(held_by="", held_until__isnull=True) | ~Q(held_by="") & Q(held_until__isnull=False),
                name="email_mailbox_held_until",
            ),
            models.CheckConstraint(
                condition=~Q(after_import=AfterImport.MOVE) | ~Q(move_to=""), name="email_mailbox_moves_somewhere"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.host})"


class MailboxItem(models.Model):
    """A mail in a mailbox that something is still to be done with, or that could not be imported."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="items")
    uid = models.BigIntegerField()
    # Why it was left where it is, as a word for programs; none: imported, and to be marked, moved or deleted there.
    problem = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("mail in a mailbox")
        verbose_name_plural = _("mails in mailboxes")
        constraints = [models.UniqueConstraint(fields=["mailbox", "uid"], name="email_mailbox_item_once")]

    def __str__(self) -> str:
        return str(self.uid)


class MailHook(models.Model):
    """A webhook by which a provider brings a channel's mail (EML-1)."""

    channel = models.OneToOneField(
        MailChannel, on_delete=models.CASCADE, primary_key=True, related_name="hook", verbose_name=_("channel")
    )
    provider = models.CharField(_("provider"), max_length=12, choices=Provider.choices)
    # The end of its address, encrypted with a key of the tenant's: who knows it may bring mail.
    sealed = models.BinaryField(null=True, blank=True)
    last_at = models.DateTimeField(_("last mail"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("mail webhook")
        verbose_name_plural = _("mail webhooks")
        ordering = ("channel",)

    def __str__(self) -> str:
        return f"{self.get_provider_display()} ({self.channel})"


class RawMail(Entity):
    """A mail as it came in: stored before anything else, and filed once (EML-2). Its content is a row of its own."""

    channel = models.ForeignKey(MailChannel, on_delete=models.PROTECT, related_name="mails", verbose_name=_("channel"))
    # Of what makes it this mail, see `digest.py`: the same mail again is the same row.
    digest = models.CharField(max_length=64)
    # Its Message-ID, without angle brackets.
    mail_id = models.CharField(_("Message-ID"), max_length=ID_LENGTH, blank=True)
    size = models.PositiveIntegerField(_("bytes"))
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    # What the other server said, not what the mail says.
    envelope_from = models.CharField(_("returned to"), max_length=320, blank=True)
    envelope_to = models.CharField(_("sent to"), max_length=320, blank=True)
    peer = models.CharField(_("came from"), max_length=64, blank=True)

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
                | Q(state__in=FILED, filed_at__isnull=False),
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
    # The conversation's last line when it began: what came after it, its writer may not know.
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
                condition=Q(kind=OutboundKind.AGENT, agent__isnull=False) | Q(kind__in=AUTOMATIC, agent__isnull=True),
                name="email_outbound_of_somebody",
            ),
            models.UniqueConstraint(
                fields=["conversation", "kind"], condition=Q(kind__in=AUTOMATIC), name="email_outbound_automatic_once"
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(state__in=LEAVING), name="email_outbound_leaving"),
            models.Index(fields=["agent"], condition=Q(state=OutboundState.HELD), name="email_outbound_held"),
            models.Index(fields=["-created_at"], name="email_outbound_newest"),
            models.Index(fields=["-created_at"], condition=Q(state=OutboundState.FAILED), name="email_outbound_failed"),
        ]

    def __str__(self) -> str:
        return self.mail_id


class MailText(Entity):
    """What an automatic mail of a channel says, in a language; without one it says our own text (EML-11)."""

    channel = models.ForeignKey(MailChannel, on_delete=models.CASCADE, related_name="texts", verbose_name=_("channel"))
    kind = models.CharField(
        _("mail"), max_length=12, choices=[choice for choice in OutboundKind.choices if choice[0] in AUTOMATIC]
    )
    language = models.CharField(
        _("language"),
        max_length=16,
        blank=True,
        help_text=_("A language tag such as es or pt-br; empty for every language that has no text of its own."),
    )
    body = models.TextField(_("text"), max_length=4000, validators=[validate_automatic])

    class Meta:
        verbose_name = _("text of automatic mail")
        verbose_name_plural = _("texts of automatic mail")
        ordering = ("channel", "kind", "language")
        constraints = [models.UniqueConstraint(fields=["channel", "kind", "language"], name="email_text_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.language}".strip()
