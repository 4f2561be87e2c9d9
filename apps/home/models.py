"""What a tenant's people said of the checklist on their home; all else on it is read from what there is."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import Singleton


class Checklist(Singleton):
    """Which steps of the checklist this tenant has dismissed."""

    dismissed = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("dismissed steps"),
        default=list,
        blank=True,
        help_text=_("Steps that count as done, whatever is set up."),
    )

    class Meta:
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")

    def __str__(self) -> str:
        return str(_("Checklist"))
