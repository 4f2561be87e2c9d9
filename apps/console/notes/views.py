"""Notes beside a conversation, and where the agent was named (CON-4, AGT-12)."""

from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import push_url, retarget, trigger_client_event

from apps.accounts.models import User
from apps.console.access import ConsoleRequest, console_view
from apps.console.choices import Refusal
from apps.console.notes.selectors import newest_readable_with, own_conversation_with
from apps.console.panel.views import past_conversation
from apps.console.selectors.own import conversation_of_agent
from apps.console.shell.fragments import conversation_response, notes_context
from apps.conversations.models import Conversation
from apps.core.errors import DomainError
from apps.notes.actions import Noted, mentions_see, note_add, note_delete, note_edit
from apps.notes.mentions import mention_suggestions
from apps.notes.selectors import mentions_unseen, note_of, notes_of_contact


@require_http_methods(["GET", "HEAD", "POST"])
@console_view
def notes_list(request: ConsoleRequest, conversation_id: UUID) -> HttpResponse:
    """The notes about a customer; POST writes one."""
    it = _mine(request, conversation_id)
    if request.method != "POST":
        return _notes(request, it)
    noted = note_add(
        conversation_id=it.pk,
        key=_uuid(request.POST.get("key")) or uuid4(),
        body=request.POST.get("body", ""),
        on_contact=request.POST.get("about") == "customer",
        actor=request.user,
    )
    return _written(request, it, noted)


@require_safe
@console_view
def mention_candidates(request: ConsoleRequest, conversation_id: UUID) -> HttpResponse:
    """The colleagues whom a note may name, for what is typed behind an `@` (AGT-12)."""
    it = _mine(request, conversation_id)
    if not request.htmx:
        return redirect(_address(it))
    found = mention_suggestions(it, request.GET.get("q", ""), actor=request.user)
    return render(request, "console/notes/_note_names.html", {"found": found})


@require_POST
@console_view
def note_change(request: ConsoleRequest, conversation_id: UUID, note_id: UUID) -> HttpResponse:
    """Change one's own note."""
    it = _mine(request, conversation_id)
    noted = note_edit(note_id=note_id, body=request.POST.get("body", ""), actor=request.user)
    return _written(request, it, noted)


@require_POST
@console_view
def note_remove(request: ConsoleRequest, conversation_id: UUID, note_id: UUID) -> HttpResponse:
    """Delete a note."""
    it = _mine(request, conversation_id)
    note_delete(note_id=note_id, actor=request.user)
    return _notes(request, it) if request.htmx else redirect(_address(it))


def _mine(request: ConsoleRequest, conversation_id: UUID) -> Conversation:
    found = conversation_of_agent(request.agent, conversation_id)
    if found is None:
        raise DomainError(Refusal.NOT_YOURS, _("This conversation is not with you."))
    return found


def _address(it: Conversation) -> str:
    return reverse("console:conversation", args=[it.pk]) + "?panel=notes"


def _written(request: ConsoleRequest, it: Conversation, noted: Noted) -> HttpResponse:
    return _notes(request, it, untold=noted.untold) if request.htmx else redirect(_address(it))


def _notes(request: ConsoleRequest, it: Conversation, untold: list[User] | None = None) -> HttpResponse:
    """The list alone for htmx, else the page with it open."""
    if not request.htmx or request.htmx.history_restore_request:
        return conversation_response(request, it.pk)
    page = notes_of_contact(it.contact_id, user=request.user, before=_uuid(request.GET.get("before")))
    context = {"agent": request.agent, "it": it, "notes": page, "untold": untold, **notes_context(request)}
    template = "console/notes/_notes_more.html" if request.GET.get("before") else "console/notes/_notes.html"
    return render(request, template, context)


@require_http_methods(["GET", "HEAD", "POST"])
@console_view
def mentions_list(request: ConsoleRequest) -> HttpResponse:
    """Where the agent was named and has not looked yet; POST: they have seen it all."""
    if request.method == "POST":
        mentions_see(user_id=request.user.pk)
        if not request.htmx:
            return redirect("console:mentions")
    context = {"mentions": mentions_unseen(request.user.pk)}
    template = "console/notes/_mentions_dialog.html" if request.htmx else "console/notes/mentions.html"
    return render(request, template, context)


@require_safe
@console_view
def mention_open(request: ConsoleRequest, note_id: UUID) -> HttpResponse:
    """Look at a note in which the agent was named: in their own conversation of this customer, else to be read."""
    note = note_of(request.user, note_id)
    if note is None:
        raise DomainError(Refusal.NOTE_UNKNOWN, _("There is no such note."))
    mentions_see(user_id=request.user.pk, contact_id=note.contact_id)
    mine = own_conversation_with(request.user, note.contact_id)
    if mine is not None:
        return _open_notes(request, mine) if request.htmx else redirect(_address(mine))
    shown = note.conversation_id or note.written_in_id or newest_readable_with(request.user, note.contact_id)
    return past_conversation(request, conversation_id=shown) if request.htmx else redirect("console:past", shown)


def _open_notes(request: ConsoleRequest, mine: Conversation) -> HttpResponse:
    """The agent's own conversation, with its notes open; the list of mentions goes."""
    answer = retarget(conversation_response(request, mine.pk, extra={"panel_tab": "notes"}), "#workspace")
    answer["HX-Reswap"] = "morph"
    push_url(answer, reverse("console:conversation", args=[mine.pk]))
    return trigger_client_event(answer, "console:notes", after="swap")


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
