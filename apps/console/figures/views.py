"""The agent's own figures."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.console.access import ConsoleRequest, console_view
from apps.console.figures.period import Length, Period
from apps.console.figures.selectors import DEFINITIONS, figures_for
from apps.console.shell.fragments import workspace_response


@require_safe
@console_view
def dashboard_show(request: ConsoleRequest) -> HttpResponse:
    """My dashboard: a day or a week of one's own (CON-7)."""
    period = Period.of(request.GET)
    context = {
        "agent": request.agent,
        "open_id": "",
        "page": "me",
        "period": period,
        "lengths": Length,
        "figures": figures_for(request.agent.pk, since=period.since, until=period.until),
        "definitions": DEFINITIONS,
        "read_at": timezone.now(),
    }
    return workspace_response(request, context)
