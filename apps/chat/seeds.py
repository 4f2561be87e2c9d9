"""What a new tenant finds of chat: a widget on the default queue."""

from apps.chat.models import WidgetChannel
from apps.queues.models import Queue
from apps.tenants.seeds import register_seed


@register_seed("chat.widget")
def default_widget() -> None:
    """One widget, ready for its script tag."""
    WidgetChannel.objects.create(name="Website", queue=Queue.objects.get(is_default=True))
