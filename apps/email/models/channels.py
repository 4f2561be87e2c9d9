"""Channels of mail, and what they say by themselves (EML-1, EML-11)."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.models import Entity
from apps.email.choices import AUTOMATIC_KINDS, Inbound, OutboundKind, Security
from apps.email.texts import validate_automatic, validate_signature
from apps.queues.models import Queue


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
    trusted_server = models.CharField(
        _("server that checks senders"),
        max_length=253,
        blank=True,
        default="",
        db_default="",
        validators=[RegexValidator(r"^[A-Za-z0-9._-]+\Z", _("A name such as mx.example.com."))],
        help_text=_(
            "The name in the Authentication-Results of your mailbox’s server, such as mx.google.com. What it says of a "
            "sender is believed; empty: we check signatures ourselves."
        ),
    )
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
    signs = models.BooleanField(
        _("sign mails (DKIM)"),
        default=False,
        db_default=False,
        help_text=_("Switch it on when the DNS record below is published. A server that signs by itself needs none."),
    )
    dkim_selector = models.CharField(
        _("selector"),
        max_length=63,
        blank=True,
        default="",
        db_default="",
        validators=[RegexValidator(r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\Z", _("Letters, digits and hyphens."))],
        help_text=_("Such as parley. Saving makes a key for it; another selector later makes a new key."),
    )
    # The public key in base64, and the private one, encrypted with a key of the tenant's.
    dkim_public = models.TextField(blank=True, default="", db_default="", editable=False)
    dkim_sealed = models.BinaryField(null=True, blank=True)
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
        _("answers reopen for"),
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
        constraints = [
            models.CheckConstraint(
                condition=models.Q(dkim_selector="", dkim_sealed__isnull=True, signs=False)
                | ~models.Q(dkim_selector="") & models.Q(dkim_sealed__isnull=False),
                name="email_channel_signs_by_a_key",
            )
        ]

    def __str__(self) -> str:
        return self.address


class MailText(Entity):
    """What an automatic mail of a channel says, in a language; without one it says our own text (EML-11)."""

    channel = models.ForeignKey(MailChannel, on_delete=models.CASCADE, related_name="texts", verbose_name=_("channel"))
    kind = models.CharField(
        _("mail"), max_length=12, choices=[choice for choice in OutboundKind.choices if choice[0] in AUTOMATIC_KINDS]
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
