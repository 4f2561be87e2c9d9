"""What this app shows on the admin's home."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.chat.models import IdentityKey, Visitor, WidgetChannel
from apps.conversations.models import Conversation, Segment
from apps.home.choices import Tone
from apps.home.registry import StateLine, Step, list_address, register_step, row_address, rows_on_page, state_source
from apps.queues.choices import Family

SOON: Final = timedelta(days=7)
"""How long before its end a secret is told of."""


def was_seen_on_a_site() -> bool:
    """Whether any browser ever came through a widget: a customer who wrote, or whom a site vouched for."""
    return Visitor.objects.exists() or Conversation.objects.filter(channel=Family.CHAT).exists()


def was_chat_answered() -> bool:
    """Whether an agent ever answered a chat."""
    return Segment.objects.filter(first_response_at__isnull=False, conversation__channel=Family.CHAT).exists()


def widget_address() -> str:
    """The page of the first widget, with its script tag."""
    widget = WidgetChannel.objects.filter(is_active=True).first()
    return row_address(widget) if widget else list_address(WidgetChannel)


register_step(
    Step(
        code="widget",
        position=40,
        title=gettext_lazy("Put the chat on your site"),
        about=gettext_lazy("One line of code; done when the first customer comes through it."),
        model=WidgetChannel,
        is_done=was_seen_on_a_site,
        address=widget_address,
        dismiss=gettext_lazy("Not for us"),
    )
)
register_step(
    Step(
        code="first_chat",
        position=60,
        title=gettext_lazy("Answer the first chat"),
        about=gettext_lazy("Open the console, choose Available, and accept what rings."),
        model=WidgetChannel,
        is_done=was_chat_answered,
        address=lambda: "/console/",
        dismiss=gettext_lazy("Not for us"),
    )
)


@state_source()
def ending_secrets(request: HttpRequest) -> Iterator[StateLine]:
    """Identity secrets that were replaced and soon stop working (CHAT-12)."""
    now = timezone.now()
    widgets = rows_on_page(request, WidgetChannel)
    keys = IdentityKey.objects.filter(channel__in=widgets, ends_at__gt=now, ends_at__lt=now + SOON)
    for key in keys.select_related("channel").order_by("ends_at"):
        text = _("The former identity secret of “%s” stops working soon") % key.channel
        until = date_format(timezone.localtime(key.ends_at), "SHORT_DATETIME_FORMAT")
        yield StateLine(Tone.NOTE, text, row_address(key.channel), _("Widget"), _("Until %s") % until)
