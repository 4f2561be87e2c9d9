"""What this app shows on the admin's home."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.email.choices import UNSENT_STATES, OutboundState
from apps.email.models import OutboundMail
from apps.home.choices import Tone
from apps.home.registry import StateLine, list_address, rows_on_page, state_source


@state_source()
def failed_mail(request: HttpRequest) -> Iterator[StateLine]:
    """Mail that was given up, and that nobody has sent again (EML-10)."""
    if count := rows_on_page(request, OutboundMail).filter(state=OutboundState.FAILED).count():
        text = ngettext("%d mail was not sent", "%d mails were not sent", count) % count
        address = list_address(OutboundMail, f"state__exact={OutboundState.FAILED}")
        yield StateLine(Tone.BROKEN, text, address, _("Send again"))


@state_source()
def retried_mail(request: HttpRequest) -> Iterator[StateLine]:
    """Mail that a server did not take at once, and that is tried again (EML-10)."""
    waiting = rows_on_page(request, OutboundMail).filter(state__in=UNSENT_STATES).exclude(error="")
    if count := waiting.count():
        text = ngettext("%d mail waits for its server", "%d mails wait for their servers", count) % count
        address = list_address(OutboundMail, f"state__exact={OutboundState.QUEUED}")
        yield StateLine(Tone.CHECK, text, address, _("See why"), _("It is tried again by itself."))
