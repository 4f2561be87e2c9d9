"""A conversation that is spam, and its customer, who may be blocked (CON-10)."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from apps.console.access import ConsoleRequest, console_view
from apps.console.views.answers import changed
from apps.conversations.actions import conversation_spam


@require_POST
@console_view
def spam(request: ConsoleRequest, conversation_id: UUID) -> HttpResponse:
    """Mark a conversation as spam: it leaves the tray at once; `block` shuts its customer out."""
    block = request.POST.get("block") == "on"
    conversation_spam(conversation_id=conversation_id, block=block, actor=request.user)
    return changed(request, None)
