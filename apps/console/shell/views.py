"""The tray, the pane and the queues: each a whole page, and the part of it that changes for htmx."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.console.access import ConsoleRequest, console_view
from apps.console.shell.fragments import conversation_response, tray_context
from apps.console.tray.selectors.queues import queues_for


@require_safe
@console_view
def home_page(request: ConsoleRequest) -> HttpResponse:
    """The tray, and no conversation open."""
    return conversation_response(request, None)


@require_safe
@console_view
def conversation_page(request: ConsoleRequest, conversation_id: UUID) -> HttpResponse:
    """The tray, and one of the agent's conversations open."""
    return conversation_response(request, conversation_id)


@require_safe
@console_view
def tray_fragment(request: ConsoleRequest) -> HttpResponse:
    """The tray alone: status, offers, cards, queues; `open` names the conversation whose card is marked."""
    context = tray_context(request, request.agent, request.GET.get("open", ""))
    return render(request, "console/tray/_tray.html", context)


@require_safe
@console_view
def queues_fragment(request: ConsoleRequest) -> HttpResponse:
    """The agent's queues alone (RTE-12)."""
    return render(request, "console/tray/_queues.html", {"queues": queues_for(request.agent)})
