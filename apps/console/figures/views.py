"""The agent's own figures."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.console.access import ConsoleRequest, console_view
from apps.console.figures.period import Length, Span
from apps.console.figures.selectors import DEFINITIONS, figures_for
from apps.console.shell.fragments import beside_the_tray


@require_safe
@console_view
def dashboard(request: ConsoleRequest) -> HttpResponse:
    """My dashboard: a day or a week of one's own (CON-7)."""
    span = Span.of(request.GET)
    context = {
        "agent": request.agent,
        "open_id": "",
        "page": "me",
        "span": span,
        "lengths": Length,
        "figures": figures_for(request.agent.pk, since=span.since, until=span.until),
        "definitions": DEFINITIONS,
        "read_at": timezone.now(),
    }
    return beside_the_tray(request, context)
