"""The skills bar, and transfers (XFR-1 to XFR-4)."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import reswap, retarget

from apps.console.access import ConsoleRequest, console_view
from apps.console.choices import Refusal
from apps.console.selectors.own import conversation_of_agent, conversation_owned_by
from apps.console.shell.fragments import changed_response, conversation_response
from apps.console.transfer.selectors import (
    QUEUE,
    Destination,
    SkillsStep,
    destination_of,
    lost_destination,
    skills_step,
)
from apps.conversations.models import Conversation
from apps.core.errors import DomainError
from apps.routing.selectors import conversation_skills
from apps.transfers.actions import (
    conversation_skill_add,
    conversation_skill_remove,
    transfer_cancel,
    transfer_to_agent,
    transfer_to_queue,
)
from apps.transfers.destinations import destinations_for, skills_to_add
from apps.transfers.models import TransferSettings
from apps.transfers.rules import check_queue

CHOOSE, SKILLS = "choose", "skills"
"""The steps of the dialog."""

MORPH: Any = "morph"
"""The swap of static/js/console/shell/morph.js, which htmx for Django does not know."""

LIST, SKILL_LIST = "transfer-list", "transfer-skills"
"""The parts of it that are searched."""


@require_http_methods(["GET", "HEAD", "POST"])
@console_view
def transfer_dialog(request: ConsoleRequest, conversation_id: UUID) -> HttpResponse:
    """The transfer dialog: where to, then the skills where agents say so, then the transfer itself.

    What is refused is said in the dialog, with the destinations as they are now.
    """
    try:
        conversation = _mine(request, conversation_id)
    except Http404:
        if _looks_again(request):
            return HttpResponse(status=204)
        raise
    if request.method != "POST":
        return _part(request, conversation)
    chosen, step = destination_of(request.POST.get("to", "")), request.POST.get("step", CHOOSE)
    if step == "back":
        return _dialog(request, conversation)
    if chosen is None:
        return _dialog(request, conversation, refusal=_("Choose where it goes first."), status=422)
    try:
        if step == CHOOSE and chosen.kind == QUEUE and TransferSettings.load().skills_on_transfer:
            queue = check_queue(conversation, chosen.id, request.user)
            return _dialog(request, conversation, skills=_skills_step(request, conversation, queue))
        _carry_out(request, conversation, chosen, step)
    except DomainError as refused:
        if conversation_owned_by(request.agent.pk, conversation_id) is None:
            raise
        return _dialog(request, conversation, refusal=refused.message, status=422)
    still_here = conversation_owned_by(request.agent.pk, conversation_id)
    return changed_response(request, conversation_id if still_here else None)


def _looks_again(request: ConsoleRequest) -> bool:
    """Whether an open dialog looks by itself at where it could go: nobody has asked, so nobody is refused."""
    return bool(request.htmx and request.method == "GET" and request.htmx.trigger == LIST)


def _carry_out(request: ConsoleRequest, conversation: Conversation, chosen: Destination, step: str) -> None:
    note, actor = request.POST.get("note", ""), request.user
    if chosen.kind == QUEUE:
        skills = _ids(request.POST.getlist("skills")) if step == SKILLS else None
        transfer_to_queue(conversation_id=conversation.pk, queue_id=chosen.id, actor=actor, note=note, skills=skills)
    else:
        transfer_to_agent(conversation_id=conversation.pk, agent_id=chosen.id, actor=actor, note=note)


def _part(request: ConsoleRequest, conversation: Conversation) -> HttpResponse:
    """The dialog, or the part of it that is searched."""
    target = request.htmx.target if request.htmx else ""
    if target == LIST:
        found = destinations_for(conversation, request.user, search=request.GET.get("q", ""))
        to = request.GET.get("to", "")
        # A search may leave out what is chosen; what is missing else has become impossible, and stays the choice.
        lost = lost_destination(to) if request.htmx.trigger == LIST and to not in found.keys else None
        return render(
            request,
            "console/transfer/_transfer_list.html",
            {"it": conversation, "found": found, "to": to, "lost": lost},
        )
    chosen = destination_of(request.GET.get("to", ""))
    if target == SKILL_LIST and chosen is not None:
        queue = check_queue(conversation, chosen.id, request.user)
        step = _skills_step(request, conversation, queue, ticked=_ids(request.GET.getlist("skills")))
        return render(request, "console/transfer/_transfer_skills.html", {"it": conversation, "skills": step})
    return _dialog(request, conversation)


def _dialog(
    request: ConsoleRequest,
    conversation: Conversation,
    *,
    refusal: str | Promise = "",
    skills: SkillsStep | None = None,
    status: int = 200,
) -> HttpResponse:
    sent = request.POST if request.method == "POST" else request.GET
    search = sent.get("q", "") if skills is None else ""
    context: dict[str, Any] = {
        "it": conversation,
        "to": sent.get("to", ""),
        "note": sent.get("note", ""),
        "refusal": refusal,
        "skills": skills,
        "found": None if skills else destinations_for(conversation, request.user, search=search),
        "settings": TransferSettings.load(),
    }
    if not request.htmx:
        return render(request, "console/transfer/transfer.html", context, status=status)
    answer = render(request, "console/transfer/_transfer_dialog.html", context, status=status)
    if request.method == "POST":
        answer = reswap(retarget(answer, "#transfer-dialog"), MORPH)
    return answer


def _skills_step(
    request: ConsoleRequest, conversation: Conversation, queue: Any, *, ticked: list[UUID] | None = None
) -> SkillsStep:
    search = request.GET.get("skill", "")
    return skills_step(conversation, queue, request.user, ticked=ticked, search=search)


@require_POST
@console_view
def transfer_stop(request: ConsoleRequest, conversation_id: UUID) -> HttpResponse:
    """Take back a transfer that rings at a colleague."""
    transfer_cancel(conversation_id=conversation_id, actor=request.user)
    return changed_response(request, conversation_id)


@require_safe
@console_view
def skills_list(request: ConsoleRequest, conversation_id: UUID) -> HttpResponse:
    """Skills that could be added to a conversation."""
    conversation = _mine(request, conversation_id)
    present = [row.skill_id for row in conversation_skills(conversation.pk, at=timezone.now())]
    search = request.GET.get("q", "")
    context = {"it": conversation, "found": skills_to_add(present, search=search), "search": search}
    return render(
        request, "console/transfer/_skills_found.html" if request.htmx else "console/transfer/skills.html", context
    )


@require_POST
@console_view
def skill_add(request: ConsoleRequest, conversation_id: UUID) -> HttpResponse:
    """Add a skill to a conversation (XFR-1)."""
    conversation_skill_add(conversation_id=conversation_id, skill_id=_skill(request), actor=request.user)
    return _bar_changed(request, conversation_id)


@require_POST
@console_view
def skill_remove(request: ConsoleRequest, conversation_id: UUID) -> HttpResponse:
    """Remove a skill from a conversation (XFR-1)."""
    conversation_skill_remove(conversation_id=conversation_id, skill_id=_skill(request), actor=request.user)
    return _bar_changed(request, conversation_id)


def _bar_changed(request: ConsoleRequest, conversation_id: UUID) -> HttpResponse:
    return (
        conversation_response(request, conversation_id)
        if request.htmx
        else redirect("console:conversation", conversation_id)
    )


def _mine(request: ConsoleRequest, conversation_id: UUID) -> Conversation:
    """A conversation of this agent's; what is not theirs looks like what is not there."""
    found = conversation_of_agent(request.agent, conversation_id)
    if found is None:
        raise Http404
    return found


def _skill(request: ConsoleRequest) -> UUID:
    found = _ids([request.POST.get("skill", "")])
    if not found:
        raise DomainError(Refusal.SKILL_UNKNOWN, _("There is no such skill any more."))
    return found[0]


def _ids(values: list[str]) -> list[UUID]:
    """Those that are ids."""
    found = []
    for value in values:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found
