"""Steps are taken off the checklist, and put back."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.audit.actions import audited_action
from apps.core.errors import DomainError
from apps.home.choices import Refusal
from apps.home.models import Checklist
from apps.home.registry import all_steps


@transaction.atomic
@audited_action(lambda _arguments: Checklist.load())
def step_dismiss(*, step: str, actor: Any) -> Checklist:
    """Take a step off the checklist: it counts as done. Dismissing it again changes nothing.

    Args:
        step: its code.
        actor: who.

    Raises:
        DomainError: ``step_unknown``.
    """
    del actor
    if step not in {each.code for each in all_steps()}:
        raise DomainError(Refusal.STEP_UNKNOWN, _("There is no such step."))
    checklist = _checklist_lock()
    return _dismissed_set(checklist, sorted({*checklist.dismissed, step}))


@transaction.atomic
@audited_action(lambda _arguments: Checklist.load())
def step_restore(*, step: str, actor: Any) -> Checklist:
    """Put a step back that was dismissed; one that was not changes nothing.

    Args:
        step: its code.
        actor: who.
    """
    del actor
    checklist = _checklist_lock()
    return _dismissed_set(checklist, [each for each in checklist.dismissed if each != step])


def _checklist_lock() -> Checklist:
    return Checklist.objects.select_for_update(no_key=True).get(pk=Checklist.load().pk)


def _dismissed_set(checklist: Checklist, steps: list[str]) -> Checklist:
    checklist.dismissed = steps
    checklist.save(update_fields=["dismissed"])
    return checklist
