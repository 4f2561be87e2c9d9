"""What a customer's page is told of forms: where one is filled in, how it stands, and never what stands in it."""

from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from msgspec import Struct

from apps.forms.choices import Status, Via
from apps.forms.selectors import sent_forms
from apps.forms.tokens import token_make


class FormView(Struct, frozen=True):
    """A form that this customer was sent.

    Attributes:
        number: that of the line by which it was sent.
        address: where it is shown and sent to; empty once it is shut.
    """

    number: int
    title: str
    state: Status
    address: str
    expires_at: datetime


def form_views(conversation_id: UUID) -> list[FormView]:
    """The forms of a conversation as its customer sees them, the oldest first."""
    now = timezone.now()
    found = []
    for sent in sent_forms(conversation_id):
        state = sent.status(now)
        token = token_make(sent.pk, Via.WIDGET) if state == Status.SENT else ""
        found.append(
            FormView(
                number=sent.message.number,
                title=sent.version.definition.title,
                state=state,
                address=reverse("forms:page", args=[token], urlconf="config.urls_tenant") if token else "",
                expires_at=sent.expires_at,
            )
        )
    return found
