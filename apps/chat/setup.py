"""Changes of widgets, as administrators make them (CHAT-1)."""

from django.db import transaction
from django.utils.translation import gettext as _

from apps.chat.models import WidgetChannel
from apps.core.errors import DomainError


@transaction.atomic
def widget_save(*, channel: WidgetChannel) -> WidgetChannel:
    """Make a widget or write its changes.

    Raises:
        ValidationError: a value is not acceptable.
    """
    channel.full_clean()
    channel.save()
    return channel


@transaction.atomic
def widget_delete(*, channel: WidgetChannel) -> None:
    """Delete a widget that nobody came through: who did would not find their conversation again (CHAT-12).

    Raises:
        DomainError: ``widget_in_use``.
    """
    if channel.visitors.exists():
        message = _("Customers came through “%(widget)s”: deactivate it instead.") % {"widget": channel}
        raise DomainError("widget_in_use", message)
    channel.delete()
