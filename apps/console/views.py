"""The console's pages. Each address answers with a whole page, and with the part that changes when htmx asks."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import push_url, reswap, retarget

from apps.agents.actions import agent_drain, agent_status_choose
from apps.agents.choices import Base
from apps.agents.models import Agent
from apps.agents.selectors import selectable_statuses
from apps.console import selectors
from apps.console.access import ConsoleRequest, console_view
from apps.console.arrival import ASKED_STATUS, arrival_of
from apps.console.forms import WrapUpForm
from apps.console.queues import queues_for
from apps.conversations.actions import conversation_end
from apps.conversations.choices import Side
from apps.dispositions.actions import wrap_up_close
from apps.routing.actions import conversation_pick, offer_accept, offer_reject

DRAIN = "away_after_these"
"""What the status menu sends for "Away after these"; no status has an underscore in its code but the reserved ones."""

BLANK_OFFER = {"id": UUID(int=0), "may_reject": True}
"""What the offer template is rendered with; the page fills in the rest."""


@require_safe
@console_view
def home(request: ConsoleRequest) -> HttpResponse:
    """The tray, and no conversation open."""
    return _workspace(request, None)


@require_safe
@console_view
def conversation(request: ConsoleRequest, conversation_id: UUID) -> HttpResponse:
    """The tray, and one of the agent's conversations open."""
    return _workspace(request, conversation_id)


@require_safe
@console_view
def tray(request: ConsoleRequest) -> HttpResponse:
    """The tray alone: status, offers, cards, queues; `open` names the conversation whose card is marked."""
    context = _tray(request, request.agent) | {"open_id": request.GET.get("open", "")}
    return render(request, "console/_tray.html", context)


@require_safe
@console_view
def queues(request: ConsoleRequest) -> HttpResponse:
    """The agent's queues alone (RTE-12)."""
    return render(request, "console/_queues.html", {"queues": queues_for(request.agent)})


@require_POST
@console_view
def status_choose(request: ConsoleRequest) -> HttpResponse:
    """The agent's own choice of status (AGT-1), or "Away after these"; who would leave live ones is asked (AGT-5)."""
    code = request.POST.get("code", "")
    if code == DRAIN:
        agent_drain(agent_id=request.agent.pk)
    elif question := _ask_before_away(request, code):
        return question
    else:
        agent_status_choose(agent_id=request.agent.pk, code=code)
    request.session[ASKED_STATUS] = True
    return _tray_again(request)


def _ask_before_away(request: ConsoleRequest, code: str) -> HttpResponse | None:
    """The question whether to leave now or after these: a dialog for htmx, else a page; `sure` is the answer to it."""
    if "sure" in request.POST:
        return None
    status = selectable_statuses().filter(code=code, base=Base.AWAY).first()
    live = selectors.live_of(request.user) if status else 0
    if not live:
        return None
    context: dict[str, Any] = {"status": status, "live": live, "may_drain": request.agent.base != Base.AWAY}
    context |= {"next": request.POST.get("next", ""), "open_id": request.POST.get("open", "")}
    if not request.htmx:
        return render(request, "console/away.html", context)
    return reswap(retarget(render(request, "console/_away_dialog.html", context), "#asked"), "innerHTML")


@require_POST
@console_view
def offer_take(request: ConsoleRequest, offer_id: UUID) -> HttpResponse:
    """Accept an offer; its conversation opens (CON-2)."""
    accepted = offer_accept(offer_id=offer_id, actor=request.user)
    return _changed(request, accepted.pk)


@require_POST
@console_view
def offer_pass(request: ConsoleRequest, offer_id: UUID) -> HttpResponse:
    """Reject an offer, where that is allowed (AGT-7)."""
    offer_reject(offer_id=offer_id, actor=request.user)
    return _tray_again(request)


@require_POST
@console_view
def pick(request: ConsoleRequest, conversation_id: UUID) -> HttpResponse:
    """Take a waiting conversation out of turn, where that is allowed (RTE-12)."""
    picked = conversation_pick(conversation_id=conversation_id, actor=request.user)
    return _changed(request, picked.pk)


@require_POST
@console_view
def conversation_finish(request: ConsoleRequest, conversation_id: UUID) -> HttpResponse:
    """End a conversation: it enters wrap-up, or leaves where its queue has none (WRP-1, WRP-4)."""
    conversation_end(conversation_id=conversation_id, by=Side.AGENT, actor=request.user)
    still_here = selectors.owned(request.agent.pk, conversation_id)
    return _changed(request, conversation_id if still_here else None)


@require_POST
@console_view
def wrap_up(request: ConsoleRequest, conversation_id: UUID) -> HttpResponse:
    """Record the outcome and close (WRP-2)."""
    thread = selectors.thread_of(request.agent, conversation_id)
    form = WrapUpForm(thread.sets if thread else [], request.POST)
    if thread and not form.is_valid():
        return _workspace(request, conversation_id, form=form, status=422)
    wrap_up_close(
        conversation_id=conversation_id,
        chosen=form.chosen() if thread else [],
        description=form.cleaned_data["description"] if thread else "",
        actor=request.user,
    )
    return _changed(request, None)


# --- What they answer with


def _workspace(
    request: ConsoleRequest, conversation_id: UUID | None, *, form: WrapUpForm | None = None, status: int = 200
) -> HttpResponse:
    """The page, or for htmx the part right of the tray."""
    context = _open(request, conversation_id, form)
    status = 404 if conversation_id and context["thread"] is None else status
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, "console/_workspace.html", context, status=status)
    context |= _tray(request, request.agent) | {"blank_offer": BLANK_OFFER}
    return render(request, "console/page.html", context, status=status)


def _open(request: ConsoleRequest, conversation_id: UUID | None, form: WrapUpForm | None = None) -> dict[str, Any]:
    thread = selectors.thread_of(request.agent, conversation_id) if conversation_id else None
    return {
        "agent": request.agent,
        "thread": thread,
        "open_id": str(conversation_id or ""),
        "form": form or (WrapUpForm(thread.sets) if thread else None),
        "ask_end": request.GET.get("ask") == "end",
    }


def _changed(request: ConsoleRequest, conversation_id: UUID | None) -> HttpResponse:
    """What a button changed: both parts of the page for htmx, else the page's address."""
    address = reverse("console:conversation", args=[conversation_id]) if conversation_id else reverse("console:home")
    if not request.htmx:
        return redirect(address)
    context = _open(request, conversation_id) | _tray_now(request)
    return push_url(render(request, "console/_changed.html", context), address)


def _tray_again(request: ConsoleRequest) -> HttpResponse:
    """What a button in the tray changed: the tray for htmx, else the page it was clicked on."""
    back = request.POST.get("next", "")
    if not request.htmx:
        safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=False)
        return redirect(back if safe else "console:home")
    context = _tray_now(request) | {"open_id": request.POST.get("open", "")}
    return render(request, "console/_tray.html", context)


def _tray_now(request: ConsoleRequest) -> dict[str, Any]:
    """The tray after a change: the agent is read again."""
    return _tray(request, selectors.agent_of(request.agent.pk) or request.agent)


def _tray(request: ConsoleRequest, agent: Agent) -> dict[str, Any]:
    return {
        "tray": selectors.tray_for(agent),
        "queues": queues_for(agent),
        "arrival": arrival_of(agent, request.session),
    }
