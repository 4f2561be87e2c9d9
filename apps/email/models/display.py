"""How mail is shown (EML-4)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import Entity, Singleton


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
