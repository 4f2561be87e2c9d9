"""The standard responses of a conversation (CHAT-3)."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.console import selectors
from apps.console.access import ConsoleRequest, console_view
from apps.core.errors import DomainError
from apps.responses.selectors import ready_for


@require_safe
@console_view
def responses(request: ConsoleRequest, conversation_id: UUID) -> HttpResponse:
    """What this agent may say here, by group and filled in: fetched when a list is first opened, and now and then.

    Raises:
        DomainError: ``not_yours``.
    """
    conversation = selectors.owned(request.agent.pk, conversation_id)
    if conversation is None:
        raise DomainError("not_yours", _("This conversation is not with you."))
    groups = ready_for(conversation, request.agent)
    return render(request, "console/_responses.html", {"groups": groups})
