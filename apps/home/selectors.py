"""What one user sees on the admin's home."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString

from apps.core.rows import row_get
from apps.home.choices import Tone
from apps.home.models import Checklist
from apps.home.registry import StateLine, Step, all_steps, home_panels, may_open, state_sources
from apps.tenants.admin_reach import has_full_reach


@dataclass(frozen=True)
class ShownStep:
    """A step as it stands now.

    Attributes:
        step: it.
        address: where it is done.
        is_done: whether it is.
    """

    step: Step
    address: str
    is_done: bool


@dataclass(frozen=True)
class ShownChecklist:
    """The checklist of one user.

    Attributes:
        steps: those that were not dismissed, in order; none once all that count are done.
        dismissed: those that were, in order.
    """

    steps: list[ShownStep]
    dismissed: list[Step]

    @property
    def done(self) -> int:
        """How many are done."""
        return sum(each.is_done for each in self.steps)


def checklist_for(request: HttpRequest) -> ShownChecklist:
    """The steps that this user may take, one or two queries for each that was not dismissed.

    Nobody has any whose role reaches only their own queues: the steps are about the whole tenant.
    """
    allowed = [step for step in all_steps() if may_answer(request, step)]
    if not allowed:
        return ShownChecklist([], [])
    dismissed = set((row_get(Checklist, 1) or Checklist()).dismissed)
    steps = [ShownStep(step, step.address(), step.is_done()) for step in allowed if step.code not in dismissed]
    is_complete = all(each.is_done or each.step.is_optional for each in steps)
    return ShownChecklist([] if is_complete else steps, [step for step in allowed if step.code in dismissed])


def may_answer(request: HttpRequest, step: Step) -> bool:
    """Whether this user may take a step, and so see and dismiss it."""
    return has_full_reach(request) and may_open(request, step.model)


def state_for(request: HttpRequest, site: Any) -> list[StateLine]:
    """What is to be told to this user on a site's home, what matters most first."""
    lines: Iterable[StateLine] = (line for source in state_sources(site) for line in source(request))
    order = list(Tone)
    return sorted(lines, key=lambda line: order.index(line.tone))


def panels_for(request: HttpRequest) -> list[SafeString]:
    """The panels that have something to show to this user, in order."""
    shown = (panel(request) for panel in home_panels())
    return [each for each in shown if each]
