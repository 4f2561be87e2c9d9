"""A conversation that is spam, and its customer, who may be blocked (CON-10)."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST
from django_htmx.http import push_url

from apps.console.access import ConsoleRequest, console_view
from apps.console.shell.fragments import changed_response, conversation_context, tray_context_reloaded
from apps.conversations.actions import conversation_mark_spam, conversation_unmark_spam


@require_POST
@console_view
def spam_mark(request: ConsoleRequest, conversation_id: UUID) -> HttpResponse:
    """Mark a conversation as spam: it leaves the tray at once; `block` shuts its customer out. It can be undone."""
    block = request.POST.get("block") == "on"
    marked = conversation_mark_spam(conversation_id=conversation_id, block=block, actor=request.user)
    if not request.htmx:
        # Where it can be taken back.
        return redirect("console:conversation", conversation_id)
    context = conversation_context(request, None) | tray_context_reloaded(request, "") | {"marked": marked}
    return push_url(render(request, "console/spam/_spam_done.html", context), reverse("console:home"))


@require_POST
@console_view
def spam_undo(request: ConsoleRequest, conversation_id: UUID) -> HttpResponse:
    """Take it back: it counts again, and stays closed."""
    conversation_unmark_spam(conversation_id=conversation_id, actor=request.user)
    return changed_response(request, conversation_id)
