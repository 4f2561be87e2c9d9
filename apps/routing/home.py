"""What this app shows on the admin's home: who waits where, and how many agents are there."""

from datetime import timedelta
from typing import Any, Final

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from apps.conversations.models import Conversation
from apps.core.durations import duration_text
from apps.home.registry import home_panel, list_address, may_open, row_address
from apps.queues.models import Queue
from apps.routing.waiting_now import QueueNow, agents_now, queues_now
from apps.tenants.admin_reach import has_full_reach, queues_of_user

SHOWN: Final = 10
"""Queues that the home names: those in which somebody waits longest."""


@home_panel(10)
def waiting_panel(request: HttpRequest) -> SafeString | None:
    """Who waits in the queues of this user, and how many agents serve them (SUP-1)."""
    if not may_open(request, Conversation):
        return None
    within = None if has_full_reach(request) else queues_of_user(request)
    rows = queues_now(within, at=timezone.now())
    context = {
        "waiting": sum(row.waiting for row in rows),
        "longest": _rounded(rows[0].longest) if rows else "",
        "agents": agents_now(within),
        "rows": [_shown(request, row) for row in rows[:SHOWN]],
        "more": len(rows) - SHOWN,
        "conversations": list_address(Conversation, "state__exact=waiting"),
    }
    return render_to_string("routing/home_waiting.html", context, request)


def _shown(request: HttpRequest, row: QueueNow) -> dict[str, Any]:
    address = row_address(row.queue) if may_open(request, Queue) else ""
    return {
        "queue": row.queue.name,
        "address": address,
        "waiting": row.waiting,
        "longest": _rounded(row.longest),
        "available": row.available,
    }


def _rounded(length: timedelta) -> str:
    """A wait at a glance: seconds within the first minute, then whole minutes."""
    seconds = int(length.total_seconds())
    return duration_text(seconds if seconds < 60 else seconds // 60 * 60)
