"""The end of a conversation and its wrap-up."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from apps.console.access import ConsoleRequest, console_view
from apps.console.mail_editor.held_mails import held_mail_in
from apps.console.selectors.own import conversation_owned_by
from apps.console.shell.fragments import changed_response, conversation_response
from apps.console.thread.selectors.thread import thread_of
from apps.console.wrap_up.forms import WrapUpForm, choices_in_draft
from apps.conversations.actions import conversation_end
from apps.conversations.choices import Side
from apps.dispositions.actions import wrap_up_close, wrap_up_draft
from apps.mailout.actions import closing_mails_release


@require_POST
@console_view
def conversation_finish(request: ConsoleRequest, conversation_id: UUID) -> HttpResponse:
    """End a conversation: it enters wrap-up, or leaves where its queue has none (WRP-1, WRP-4)."""
    conversation_end(conversation_id=conversation_id, by=Side.AGENT, actor=request.user)
    still_here = conversation_owned_by(request.agent.pk, conversation_id)
    return changed_response(request, conversation_id if still_here else None)


@require_POST
@console_view
def wrap_up_finish(request: ConsoleRequest, conversation_id: UUID) -> HttpResponse:
    """Record the outcome and close (WRP-2); what was sent with Send & Close leaves first, as it can wait no longer."""
    thread = thread_of(request.agent, conversation_id)
    found = thread or held_mail_in(request.user, conversation_id)
    form = WrapUpForm(found.sets if found else [], request.POST)
    if not form.is_valid() and found:
        return conversation_response(request, conversation_id, form=form, status=422)
    closing_mails_release(conversation_id=conversation_id, actor=request.user)
    wrap_up_close(
        conversation_id=conversation_id,
        chosen=form.chosen() if found else [],
        description=form.cleaned_data["description"] if found else "",
        actor=request.user,
    )
    return changed_response(request, None)


@require_POST
@console_view
def wrap_up_save(request: ConsoleRequest, conversation_id: UUID) -> HttpResponse:
    """Keep what has been chosen and written so far (WRP-3)."""
    wrap_up_draft(
        conversation_id=conversation_id,
        chosen=choices_in_draft(request.POST.dict()),
        description=request.POST.get("description", ""),
        actor=request.user,
    )
    return HttpResponse(status=204)
