"""Offers, and picking from a queue."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from apps.console.access import ConsoleRequest, console_view
from apps.console.shell.fragments import changed_response, tray_response
from apps.routing.actions import conversation_pick, offer_accept, offer_reject


@require_POST
@console_view
def offer_take(request: ConsoleRequest, offer_id: UUID) -> HttpResponse:
    """Accept an offer; its conversation opens (CON-2)."""
    accepted = offer_accept(offer_id=offer_id, actor=request.user)
    return changed_response(request, accepted.pk)


@require_POST
@console_view
def offer_pass(request: ConsoleRequest, offer_id: UUID) -> HttpResponse:
    """Reject an offer, where that is allowed (AGT-7)."""
    offer_reject(offer_id=offer_id, actor=request.user)
    return tray_response(request)


@require_POST
@console_view
def conversation_take(request: ConsoleRequest, conversation_id: UUID) -> HttpResponse:
    """Take a waiting conversation out of turn, where that is allowed (RTE-12)."""
    picked = conversation_pick(conversation_id=conversation_id, actor=request.user)
    return changed_response(request, picked.pk)
