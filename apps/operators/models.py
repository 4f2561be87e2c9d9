"""Passes: by which operators enter a tenant for a while (TEN-2)."""

from hashlib import sha256

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.models import Entity


class OperatorPass(Entity):
    """An operator's leave to look after one tenant from within: for a reason, for a while, seen by its people.

    The operator works as a user of the tenant's own, who is made for the pass and gone with it.
    """

    # Of the operators' schema, where no key of this one leads.
    operator_id = models.UUIDField(editable=False)
    operator_name = models.CharField(_("operator"), max_length=200)
    operator_email = models.EmailField(_("email"))
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="operator_pass")
    reason = models.CharField(_("reason"), max_length=300)
    issued_at = models.DateTimeField(_("from"), default=timezone.now)
    expires_at = models.DateTimeField(_("until"))
    entered_at = models.DateTimeField(_("first came in"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    # Empty: by itself, as its time was over, or by the operator.
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("ended by")
    )
    # Of the link that leads in, once: SHA-256, in hexadecimal; empty when it was used.
    link_hash = models.CharField(max_length=64, blank=True, editable=False)
    link_expires_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = _("operator pass")
        verbose_name_plural = _("operator passes")
        ordering = ("-issued_at",)
        indexes = [models.Index(fields=["-issued_at"], name="operators_pass_newest")]

    def __str__(self) -> str:
        return self.operator_name


def link_hash(key: str) -> str:
    """What is kept of a link's key."""
    return sha256(key.encode()).hexdigest()
