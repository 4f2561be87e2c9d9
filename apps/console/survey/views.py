"""Send survey: on and off."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from apps.console.access import ConsoleRequest, console_view
from apps.console.shell.fragments import changed_response
from apps.surveys.actions import survey_mark


@require_POST
@console_view
def survey_switch(request: ConsoleRequest, conversation_id: UUID) -> HttpResponse:
    """A survey is to follow the conversation, or none (SRV-2)."""
    survey_mark(conversation_id=conversation_id, on=request.POST.get("on") == "1", actor=request.user)
    return changed_response(request, conversation_id)
