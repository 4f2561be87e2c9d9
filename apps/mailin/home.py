"""What this app shows on the admin's home."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.email.choices import RawState
from apps.email.models import Mailbox, RawMail
from apps.home.choices import Tone
from apps.home.registry import StateLine, list_address, row_address, rows_on_page, state_source
from apps.home.text import some_of


@state_source()
def quarantined_mail(request: HttpRequest) -> Iterator[StateLine]:
    """Mail that was set aside until somebody looks at it (EML-2)."""
    if count := rows_on_page(request, RawMail).filter(state=RawState.QUARANTINED).count():
        text = ngettext("%d mail is in quarantine", "%d mails are in quarantine", count) % count
        address = list_address(RawMail, f"state__exact={RawState.QUARANTINED}")
        yield StateLine(Tone.CHECK, text, address, _("Look through"))


@state_source()
def unfiled_mail(request: HttpRequest) -> Iterator[StateLine]:
    """Mail that was received and could not be filed so far (EML-2)."""
    if count := rows_on_page(request, RawMail).filter(state=RawState.RECEIVED).exclude(error="").count():
        text = ngettext("%d mail could not be filed so far", "%d mails could not be filed so far", count) % count
        address = list_address(RawMail, f"state__exact={RawState.RECEIVED}")
        yield StateLine(Tone.BROKEN, text, address, _("See why"), _("It is tried again by itself."))


@state_source()
def failing_mailboxes(request: HttpRequest) -> Iterator[StateLine]:
    """Mailboxes that mail can't be fetched from (EML-1)."""
    boxes = list(rows_on_page(request, Mailbox).exclude(error="").select_related("channel"))
    if boxes:
        text = ngettext("No mail comes in from %d mailbox", "No mail comes in from %d mailboxes", len(boxes))
        address = row_address(boxes[0]) if len(boxes) == 1 else list_address(Mailbox)
        names = some_of([box.channel.address for box in boxes])
        yield StateLine(Tone.BROKEN, text % len(boxes), address, _("See why"), names)
