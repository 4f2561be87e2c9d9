"""The keys under which a tenant's values are encrypted."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.models import Entity


class DataKey(Entity):
    """A key of this tenant's for values of one purpose, itself encrypted under a master key that no database holds.

    Older ones stay, to read what they have encrypted. One that is erased leaves its row and nothing in it: whatever it
    has encrypted can't be read by anybody any more, backups of it included.
    """

    # What it encrypts, such as "mail": erasing one purpose's keys leaves the others'.
    purpose = models.CharField(_("purpose"), max_length=20)
    # Encrypted under the master key whose fingerprint stands beside it; empty once it is erased.
    wrapped = models.BinaryField(editable=False)
    master = models.CharField(max_length=16)
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    # Set when a newer one took its place: it encrypts nothing more.
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)

    class Meta:
        verbose_name = _("data key")
        verbose_name_plural = _("data keys")
        ordering = ("purpose", "created_at")
        constraints = [
            models.UniqueConstraint(
                fields=["purpose"], condition=Q(retired_at__isnull=True), name="vault_one_current_key"
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) & ~Q(wrapped=b"")
                | Q(erased_at__isnull=False, retired_at__isnull=False, wrapped=b""),
                name="vault_erased_is_empty",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.created_at:%Y-%m-%d}"
