"""Forms in a conversation: choose and send one, its card, reveal what stands in it, its link (FRM-2 to FRM-4)."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import trigger_client_event

from apps.console.access import ConsoleRequest, console_view
from apps.console.choices import Refusal
from apps.console.forms.selectors import form_card_of, forms_for
from apps.console.selectors.own import conversation_of_agent, conversation_owned_by
from apps.console.shell.fragments import changed_response
from apps.core.errors import DomainError
from apps.forms.actions import form_link, form_reveal, form_send, form_withdraw
from apps.forms.models import FormSettings, SentForm
from apps.forms.selectors import sent_form_for


@require_http_methods(["GET", "HEAD", "POST"])
@console_view
def form_choose(request: ConsoleRequest, conversation_id: UUID) -> HttpResponse:
    """The forms that may be sent here; or send one of them."""
    conversation = conversation_of_agent(request.agent, conversation_id)
    if conversation is None:
        raise Http404
    if request.method == "POST":
        form_id = _uuid(request.POST.get("chosen", ""))
        form_send(conversation_id=conversation_id, form_id=form_id, actor=request.user)
        return changed_response(request, conversation_id)
    context = {"it": conversation, "forms": forms_for(conversation, request.agent)}
    return render(
        request, "console/forms/_form_dialog.html" if request.htmx else "console/forms/form_choose.html", context
    )


@require_safe
@console_view
def form_card(request: ConsoleRequest, sent_id: UUID) -> HttpResponse:
    """The card of a sent form, as it stands now."""
    sent = _seen(request, sent_id)
    if not request.htmx and request.headers.get("X-Requested-With") != "fetch":
        return redirect(_page_of(request, sent))
    return render(request, "console/forms/_form_card.html", {"card": form_card_of(sent, request.user)})


@require_POST
@console_view
@sensitive_variables()
def form_show(request: ConsoleRequest, sent_id: UUID) -> HttpResponse:
    """Reveal: the only answer that holds a secured value. Nothing keeps it; without scripts its page goes by itself."""
    sent = _seen(request, sent_id)
    wanted, reason = request.POST.get("field", ""), request.POST.get("reason", "")
    try:
        found = form_reveal(sent_id=sent_id, name=wanted, reason=reason, actor=request.user)
    except DomainError as refused:
        if not _in_json(request):
            raise
        return JsonResponse({"code": refused.code, "message": str(refused.message)}, status=409)
    settings: FormSettings = FormSettings.load()
    values = [{"name": each.name, "text": each.text} for each in found]
    if _in_json(request):
        return JsonResponse({"values": values, "seconds": settings.hide_seconds})
    context = {"title": sent.version.definition.title, "found": found, "seconds": settings.hide_seconds}
    answer = render(request, "console/forms/form_revealed.html", context | {"back": _page_of(request, sent)})
    answer.headers["Refresh"] = f"{settings.hide_seconds}; url={_page_of(request, sent)}"
    return answer


@require_POST
@console_view
def form_link_copy(request: ConsoleRequest, sent_id: UUID) -> HttpResponse:
    """The link to an open form, for a customer who has no chat before them."""
    sent = _seen(request, sent_id)
    token = form_link(sent_id=sent_id, actor=request.user)
    address = request.build_absolute_uri(reverse("forms:page", args=[token]))
    if _in_json(request):
        return JsonResponse({"address": address})
    context = {"title": sent.version.definition.title, "address": address, "back": _page_of(request, sent)}
    return render(request, "console/forms/form_link.html", context)


@require_POST
@console_view
def form_take_back(request: ConsoleRequest, sent_id: UUID) -> HttpResponse:
    """A form is not needed any more."""
    sent = _seen(request, sent_id)
    form_withdraw(sent_id=sent_id, actor=request.user)
    if conversation_owned_by(request.agent.pk, sent.conversation_id) is None:
        return redirect(_page_of(request, sent))
    return trigger_client_event(changed_response(request, sent.conversation_id), "console:forms")


def _seen(request: ConsoleRequest, sent_id: UUID) -> SentForm:
    """A form of a conversation that this user may see; what they may not see is not there."""
    sent = sent_form_for(request.user, sent_id)
    if sent is None:
        raise Http404
    return sent


def _page_of(request: ConsoleRequest, sent: SentForm) -> str:
    """Where the conversation of a form is read."""
    mine = sent.conversation.agent_id == request.user.pk
    return reverse("console:conversation" if mine else "console:past", args=[sent.conversation_id])


def _in_json(request: Any) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise DomainError(Refusal.FORM_UNKNOWN, _("Choose a form first.")) from error
