"""Reads of the customers' mailbox."""

from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from apps.demo.models import CaughtMail

MOST_KEPT = 200
"""Mails that a tenant keeps at most."""


def caught_mails() -> QuerySet[CaughtMail]:
    """The list, the newest first, without what came over the wire."""
    return CaughtMail.objects.defer("raw")[:MOST_KEPT]


def newest_mail() -> CaughtMail | None:
    """What came or was written last."""
    return CaughtMail.objects.first()


def caught_mail(mail_id: UUID) -> CaughtMail:
    """One mail.

    Raises:
        Http404: there is none.
    """
    return get_object_or_404(CaughtMail, pk=mail_id)
