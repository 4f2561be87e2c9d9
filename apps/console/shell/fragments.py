"""What the console's pages answer with: whole pages, and for htmx the parts that changed."""

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import push_url

from apps.agents.models import Agent
from apps.console.access import ConsoleRequest
from apps.console.mail_editor.held_mails import held_mail_in
from apps.console.selectors.own import agent_of
from apps.console.settings.selectors import preferences_of
from apps.console.status.login import login_dialog_of
from apps.console.thread.selectors.location import conversation_location
from apps.console.thread.selectors.thread import thread_of
from apps.console.tray.filters import TrayFilters
from apps.console.tray.selectors.queues import queues_for
from apps.console.tray.selectors.tray import tray_for
from apps.console.wrap_up.forms import WrapUpForm
from apps.mailout.selectors.outbox import drafts_of
from apps.notes.selectors import mentions_count

MAILS_HEADER = "Parley-Mails"
"""How a page says with each request which mails it shows: `<conversation>:<number of the first>`."""
BLANK_OFFER = {"id": UUID(int=0), "may_reject": True}
"""What the offer template is rendered with; the page fills in the rest."""


def conversation_response(
    request: ConsoleRequest,
    conversation_id: UUID | None,
    *,
    form: WrapUpForm | None = None,
    status: int = 200,
    extra: dict[str, Any] | None = None,
    since: int | None = None,
) -> HttpResponse:
    """The page, or for htmx the part right of the tray."""
    context = conversation_context(request, conversation_id, form, since=since) | (extra or {})
    is_there = context["thread"] or context["held_mail"]
    status = 404 if conversation_id and not is_there else status
    return workspace_response(request, context, status=status)


def workspace_response(request: ConsoleRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """The page with this right of the tray, or for htmx this alone.

    Args:
        request: the request.
        context: what it is rendered with.
        status: the status of the answer.
    """
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, "console/shell/_workspace.html", context, status=status)
    context |= tray_context(request, request.agent, context["open_id"]) | {"blank_offer": BLANK_OFFER}
    context["mentions_count"] = mentions_count(request.agent.pk)
    context["drafts"] = drafts_of(request.user)
    return render(request, "console/shell/page.html", context, status=status)


def conversation_context(
    request: ConsoleRequest,
    conversation_id: UUID | None,
    form: WrapUpForm | None = None,
    *,
    since: int | None = None,
) -> dict[str, Any]:
    """What the part right of the tray is rendered with."""
    since = since or first_mail_shown(request, conversation_id)
    thread = thread_of(request.agent, conversation_id, since=since) if conversation_id else None
    held_mail = held_mail_in(request.user, conversation_id) if conversation_id and thread is None else None
    sets = thread.sets if thread else held_mail.sets if held_mail else []
    is_not_here = thread is None and held_mail is None
    return {
        "agent": request.agent,
        "thread": thread,
        "held_mail": held_mail,
        "location": conversation_location(conversation_id, request.user) if conversation_id and is_not_here else None,
        "open_id": str(conversation_id or ""),
        "form": form or WrapUpForm(sets, begun=thread.wrap_up_draft if thread else None),
        "ask_end": request.GET.get("ask") == "end",
        "ask_snooze": request.GET.get("ask") == "snooze",
        "ask_spam": request.GET.get("ask") == "spam",
        "panel_tab": "notes" if request.GET.get("panel") == "notes" else "contact",
        **notes_context(request),
    }


def first_mail_shown(request: ConsoleRequest, conversation_id: UUID | None) -> int | None:
    """How far back the mails of this conversation reach on the page: one that is fetched again loses none of them."""
    shown, _colon, number = request.headers.get(MAILS_HEADER, "").partition(":")
    return int(number[:9]) if shown == str(conversation_id) and number.isdecimal() else None


def notes_context(request: ConsoleRequest) -> dict[str, Any]:
    """What the list of notes is rendered with besides the notes: which of them is to be changed or deleted."""
    asked = {name: request.GET.get(name, "") for name in ("edit", "delete")} if request.method == "GET" else {}
    return {"asked": asked, "note_key": uuid4()}


def changed_response(request: ConsoleRequest, conversation_id: UUID | None) -> HttpResponse:
    """What a button changed: both parts of the page for htmx, else the page's address."""
    address = reverse("console:conversation", args=[conversation_id]) if conversation_id else reverse("console:home")
    if not request.htmx:
        return redirect(address)
    context = conversation_context(request, conversation_id) | tray_context_reloaded(
        request, str(conversation_id or "")
    )
    return push_url(render(request, "console/shell/_changed.html", context), address)


def mails_changed_response(request: ConsoleRequest, conversation_id: UUID | None, **extra: Any) -> HttpResponse:
    """What a button changed of mails: both parts of the page, the bar of drafts, and a toast that may offer to undo it.

    Args:
        request: the request.
        conversation_id: what is shown right of the tray.
        extra: `toast` and the address of its `undo`; an `editor`; `slot_key`, new by default: where it stays the same,
            so does an editor that stands open.
    """
    address = reverse("console:conversation", args=[conversation_id]) if conversation_id else reverse("console:home")
    if not request.htmx:
        return redirect(address)
    context = (
        conversation_context(request, conversation_id)
        | tray_context_reloaded(request, str(conversation_id or ""))
        | {"slot_key": uuid4(), **extra}
    )
    context["drafts"] = drafts_of(request.user)
    return push_url(render(request, "console/mail/_mail_changed.html", context), address)


def tray_response(request: ConsoleRequest) -> HttpResponse:
    """What a button in the tray changed: the tray for htmx, else the page it was clicked on."""
    back = request.POST.get("next", "")
    if not request.htmx:
        safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=False)
        return redirect(back if safe else "console:home")
    return render(request, "console/tray/_tray.html", tray_context_reloaded(request, request.POST.get("open", "")))


def tray_context_reloaded(request: ConsoleRequest, open_id: str) -> dict[str, Any]:
    """The tray after a change: the agent is read again."""
    return tray_context(request, agent_of(request.agent.pk) or request.agent, open_id)


def tray_context(request: ConsoleRequest, agent: Agent, open_id: str) -> dict[str, Any]:
    """What the tray is rendered with.

    Args:
        request: the request.
        agent: whose it is.
        open_id: the conversation that is open beside it; empty for none.
    """
    view = TrayFilters.of(request, preferences_of(agent).order, open_id)
    return {
        "open_id": open_id,
        "tray": tray_for(agent, view),
        "queues": queues_for(agent),
        "login_dialog": login_dialog_of(agent, request.session),
    }
