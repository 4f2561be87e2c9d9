"""The customer beside a conversation: details, what came before, and who else is the same person (CON-5)."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import reswap, retarget

from apps.console.access import ConsoleRequest, console_view
from apps.console.choices import Refusal
from apps.console.panel.forms import ContactForm
from apps.console.panel.merge import Merge
from apps.console.panel.selectors import candidate_of, conversations_of_contact, past_conversation_of
from apps.console.selectors.own import conversation_of_agent
from apps.console.shell.fragments import changed_response, conversation_response
from apps.console.thread.messages import lines_with_notes, message_lines
from apps.console.thread.selectors.thread import thread_of
from apps.contacts.actions import contact_update
from apps.contacts.models import Contact
from apps.contacts.selectors import matching_contacts, waiting_merge_request
from apps.conversations import actions
from apps.conversations.models import Conversation
from apps.conversations.selectors import contacts_writable_by
from apps.core.errors import DomainError
from apps.routing.supervision import may_handle

BESIDE_FIELDS = {"contact_invalid", "contact_changed", "external_id_taken"}
"""Refusals that are shown in the form."""


@require_http_methods(["GET", "HEAD", "POST"])
@console_view
def contact_edit(request: ConsoleRequest, conversation_id: UUID) -> HttpResponse:
    """What is known of the customer; `edit` asks for the form, POST writes it."""
    if request.method == "POST":
        return _save(request, _in_hand(request, conversation_id))
    if "edit" in request.GET:
        it = _in_hand(request, conversation_id)
        return _contact(request, it, ContactForm(it.contact))
    return _contact(request, _mine(request, conversation_id), None)


def _save(request: ConsoleRequest, it: Conversation) -> HttpResponse:
    form = ContactForm(it.contact, request.POST)
    if form.is_valid():
        version, values = form.cleaned_data["version"], form.values()
        try:
            contact_update(contact_id=it.contact_id, version=version, values=values, actor=request.user)
        except DomainError as refused:
            if refused.code not in BESIDE_FIELDS:
                raise
            form.refused(refused)
            return _contact(request, it, form, says=str(refused.message), status=422)
        return changed_response(request, it.pk)
    return _contact(request, it, form, says=_("Look at what is marked."), status=422)


def _contact(
    request: ConsoleRequest, it: Conversation, form: ContactForm | None, *, says: str = "", status: int = 200
) -> HttpResponse:
    """The details alone for htmx, else the page with them."""
    extra = {"contact_form": form, "contact_says": says}
    if not request.htmx or request.htmx.history_restore_request:
        return conversation_response(request, it.pk, status=status, extra=extra)
    thread = thread_of(request.agent, it.pk)
    context = extra | {"thread": thread, "it": it}
    answer = retarget(render(request, "console/panel/_contact.html", context, status=status), "#contact")
    answer["HX-Reswap"] = "morph"
    return answer


@require_safe
@console_view
def earlier_conversations(request: ConsoleRequest, conversation_id: UUID) -> HttpResponse:
    """All conversations of the customer that this agent may see, by pages."""
    it = _mine(request, conversation_id)
    listing = conversations_of_contact(request.user, it.contact_id, _uuid(request.GET.get("before")))
    context: dict[str, Any] = {"it": it, "listing": listing}
    if not request.htmx:
        return render(request, "console/panel/earlier.html", context)
    if "before" in request.GET:
        return render(request, "console/panel/_earlier_more.html", context)
    return _asked(render(request, "console/panel/_earlier_dialog.html", context))


@require_safe
@console_view
def past_conversation(request: ConsoleRequest, conversation_id: UUID) -> HttpResponse:
    """A conversation that this user may see, to be read."""
    before = request.GET.get("before", "")
    found = past_conversation_of(request.user, conversation_id, int(before[:9]) if before.isdecimal() else None)
    if found is None:
        raise DomainError(Refusal.CONVERSATION_UNKNOWN, _("There is no such conversation."))
    actions.conversation_read_record(conversation=found.conversation, actor=request.user)
    lines = lines_with_notes(message_lines(found.messages, found.marks), found.notes)
    context = {"past": found, "it": found.conversation, "lines": lines, "agent": request.agent}
    if not request.htmx:
        return render(request, "console/panel/past.html", context)
    return _asked(render(request, "console/panel/_past_dialog.html", context))


@require_http_methods(["GET", "HEAD", "POST"])
@console_view
def contact_merge(request: ConsoleRequest, conversation_id: UUID) -> HttpResponse:
    """Find who is the same person, look at both side by side, make them one."""
    it = _in_hand(request, conversation_id)
    asked = request.POST if request.method == "POST" else request.GET
    other = _uuid(asked.get("with"))
    is_open = contacts_writable_by(request.user).filter(pk=it.contact_id).exists()
    candidate = candidate_of(request.user, other) if is_open and other and other != it.contact_id else None
    if request.method == "POST":
        if candidate is None:
            raise DomainError(Refusal.CONTACT_UNKNOWN, _("There is no such contact."))
        taken = Merge.of(it.contact, candidate, request.user).taken(asked)
        actions.contact_merge_checked(
            kept_id=it.contact_id, gone_id=candidate.contact.pk, taken=taken, actor=request.user
        )
        return changed_response(request, it.pk)
    typed = asked.get("q", "")
    context = {
        "it": it,
        "typed": typed,
        "found": _found(request, it, typed) if is_open and candidate is None else [],
        "merge": Merge.of(it.contact, candidate, request.user) if candidate else None,
        "asked": waiting_merge_request(it.contact_id) if candidate is None else None,
    }
    if not request.htmx:
        return render(request, "console/panel/merge.html", context)
    if request.htmx.target == "merge-found":
        return render(request, "console/panel/_merge_found.html", context)
    return _asked(render(request, "console/panel/_merge_dialog.html", context))


@require_POST
@console_view
def contact_merge_request(request: ConsoleRequest, conversation_id: UUID) -> HttpResponse:
    """Ask a supervisor whether the customer is somebody whom the agent may not read (CON-5)."""
    about, reason = request.POST.get("about", ""), request.POST.get("reason", "")
    actions.merge_request_create(conversation_id=conversation_id, about=about, reason=reason, actor=request.user)
    answer = changed_response(request, conversation_id)
    if request.htmx:
        said = _("A supervisor was asked. You are told what they decide.")
        toast = render(request, "console/shell/_toast_oob.html", {"message": said})
        answer.content += toast.content
    return answer


def _found(request: ConsoleRequest, it: Conversation, typed: str) -> list[Contact]:
    return matching_contacts(typed, among=contacts_writable_by(request.user), but=it.contact_id)


def _mine(request: ConsoleRequest, conversation_id: UUID) -> Conversation:
    found = conversation_of_agent(request.agent, conversation_id)
    if found is None:
        raise DomainError(Refusal.NOT_YOURS, _("This conversation is not with you."))
    return found


def _in_hand(request: ConsoleRequest, conversation_id: UUID) -> Conversation:
    """One whose contact the agent may change."""
    found = _mine(request, conversation_id)
    if not may_handle(request.user, found):
        raise DomainError(Refusal.NOT_YOURS, _("This conversation is not with you any more."))
    return found


def _asked(answer: HttpResponse) -> HttpResponse:
    """A dialog, put where the page keeps what it was asked."""
    return reswap(retarget(answer, "#dialog-slot"), "innerHTML")


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
