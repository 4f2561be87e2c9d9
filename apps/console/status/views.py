"""The agent's status."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST
from django_htmx.http import reswap, retarget

from apps.agents.actions import agent_drain, agent_status_choose
from apps.agents.choices import Base
from apps.agents.selectors import selectable_statuses
from apps.console.access import ConsoleRequest, console_view
from apps.console.shell.fragments import tray_response
from apps.console.status.login import ASKED_STATUS
from apps.console.tray.selectors.tray import active_count

DRAIN = "away_after_these"
"""What the status menu sends for "Away after these"; no status has an underscore in its code but the reserved ones."""


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
    return tray_response(request)


def _ask_before_away(request: ConsoleRequest, code: str) -> HttpResponse | None:
    """The question whether to leave now or after these: a dialog for htmx, else a page; `sure` is the answer to it."""
    if "sure" in request.POST:
        return None
    status = selectable_statuses().filter(code=code, base=Base.AWAY).first()
    live = active_count(request.user) if status else 0
    if not live:
        return None
    context: dict[str, Any] = {"status": status, "live": live, "may_drain": request.agent.base != Base.AWAY}
    context |= {"next": request.POST.get("next", ""), "open_id": request.POST.get("open", "")}
    if not request.htmx:
        return render(request, "console/status/away.html", context)
    return reswap(retarget(render(request, "console/status/_away_dialog.html", context), "#dialog-slot"), "innerHTML")
