"""What stands in for the customers' mailboxes in local mode."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.models import Entity


class CaughtMail(Entity):
    """A mail that would have left for the outside, or one that a customer has written on the pages of the demo."""

    # By its customer; else it was sent to them.
    is_written = models.BooleanField(default=False)
    sender = models.CharField(_("from"), max_length=320)
    recipients = ArrayField(models.CharField(max_length=320))
    subject = models.CharField(_("subject"), max_length=500, blank=True)
    # The beginning of what it says.
    preview = models.CharField(max_length=160, blank=True)
    raw = models.BinaryField()
    size = models.PositiveIntegerField(_("bytes"))
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("mail of the demo")
        verbose_name_plural = _("mails of the demo")
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.subject
