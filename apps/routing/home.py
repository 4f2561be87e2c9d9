"""What this app shows on the admin's home: who waits where, which queues and skills nobody can serve."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from django.db.models import Model
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.conversations.models import Conversation
from apps.core.durations import duration_text
from apps.home.choices import Tone
from apps.home.registry import (
    StateLine,
    home_panel,
    list_address,
    may_open,
    row_address,
    rows_on_page,
    state_source,
)
from apps.home.text import some_of
from apps.queues.models import Queue, Skill
from apps.routing.coverage import queues_coverage
from apps.routing.selectors import queues_unserved, skills_unheld
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


@state_source()
def unserved_queues(request: HttpRequest) -> Iterator[StateLine]:
    """Queues whose conversations reach nobody: no agent serves them, or none who does can be offered any (RTE-2)."""
    rows = rows_on_page(request, Queue)
    unserved = list(queues_unserved(rows).order_by("name"))
    if unserved:
        text = ngettext("Nobody serves %d queue", "Nobody serves %d queues", len(unserved)) % len(unserved)
        yield StateLine(Tone.CHECK, text, _address(Queue, unserved), _("Add members"), _names(unserved))
    coverage = queues_coverage(rows.filter(is_active=True).exclude(pk__in=[each.pk for each in unserved]))
    reached = {each.queue.pk for each in coverage if each.could_ever}
    # A queue stands in it once for each channel family.
    if unreached := list({each.queue.pk: each.queue for each in coverage if each.queue.pk not in reached}.values()):
        text = ngettext(
            "What comes to %d queue reaches nobody", "What comes to %d queues reaches nobody", len(unreached)
        )
        text %= len(unreached)
        yield StateLine(Tone.CHECK, text, _address(Queue, unreached), _("See why"), _names(unreached))


@state_source()
def unheld_skills(request: HttpRequest) -> Iterator[StateLine]:
    """Skills that nobody holds: those that a queue asks for keep its conversations from everybody (RTE-1)."""
    skills: list[Any] = list(skills_unheld(rows_on_page(request, Skill)).order_by("name"))
    if asked := [skill for skill in skills if skill.is_asked]:
        text = ngettext("Nobody holds %d required skill", "Nobody holds %d required skills", len(asked))
        yield StateLine(Tone.CHECK, text % len(asked), list_address(User), _("Give it to somebody"), _names(asked))
    if unused := [skill for skill in skills if not skill.is_asked]:
        text = ngettext("%d skill is not used", "%d skills are not used", len(unused)) % len(unused)
        yield StateLine(Tone.NOTE, text, _address(Skill, unused), _("Skills"), _names(unused))


def _names(rows: list[Any]) -> str:
    return some_of([row.name for row in rows])


def _address(model: type[Model], rows: list[Any]) -> str:
    return row_address(rows[0]) if len(rows) == 1 else list_address(model)


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
