"""What the palette finds."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from apps.agents.selectors import selectable_statuses
from apps.console.access import ConsoleRequest, console_view
from apps.console.tray.selectors.cards import cards_of
from apps.console.tray.selectors.queues import queues_for


@require_safe
@console_view
def palette_options(request: ConsoleRequest) -> HttpResponse:
    """Actions, the agent's conversations, statuses and queues, for the palette to filter (CON-6)."""
    if not request.htmx:
        return redirect("console:home")
    context = {
        "agent": request.agent,
        "conversations": list(cards_of(request.user)),
        "statuses": list(selectable_statuses()),
        "queues": queues_for(request.agent).rows,
    }
    return render(request, "console/keyboard/_palette_options.html", context)
