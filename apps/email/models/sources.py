"""Mailboxes elsewhere and providers, out of which mail comes (EML-1)."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.email.choices import AfterImport, Provider, Security
from apps.email.models.channels import MailChannel


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
