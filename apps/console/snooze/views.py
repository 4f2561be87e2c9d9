"""Snoozing and waking."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from apps.console.access import ConsoleRequest, console_view
from apps.console.shell.fragments import changed_response
from apps.console.snooze.forms import SnoozeForm
from apps.snooze.actions import conversation_snooze, conversation_wake


@require_POST
@console_view
def snooze_start(request: ConsoleRequest, conversation_id: UUID) -> HttpResponse:
    """Put a conversation aside (SNZ-1)."""
    form = SnoozeForm(request.POST)
    form.is_valid()  # What is missing or no time at all, the action refuses.
    conversation_snooze(
        conversation_id=conversation_id,
        option=form.cleaned_data.get("option", ""),
        until=form.cleaned_data.get("until"),
        actor=request.user,
    )
    return changed_response(request, conversation_id)


@require_POST
@console_view
def snooze_end(request: ConsoleRequest, conversation_id: UUID) -> HttpResponse:
    """Wake it now (SNZ-4)."""
    conversation_wake(conversation_id=conversation_id, actor=request.user)
    return changed_response(request, conversation_id)
