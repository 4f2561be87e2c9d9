"""Changes of codes and sets, as administrators make them (WRP-6, WRP-7)."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from apps.agents.models import AgentGroup
from apps.audit.actions import audited_action
from apps.core.errors import DomainError
from apps.dispositions.choices import Refusal
from apps.dispositions.models import Code, CodeSet, SetEntry
from apps.queues.models import Queue


@transaction.atomic
@audited_action("code")
def code_save(*, code: Code) -> Code:
    """Make a code or write its changes; what was chosen before keeps its old name (WRP-7).

    Raises:
        DomainError: ``code_of_the_system``.
        ValidationError: a value is not acceptable.
    """
    if code.is_system:
        raise DomainError(Refusal.CODE_OF_THE_SYSTEM, _("The system sets this code by itself: it stays as it is."))
    code.full_clean()
    code.save()
    return code


@transaction.atomic
@audited_action("code")
def code_delete(*, code: Code) -> None:
    """Delete a code that was never chosen (WRP-7).

    Raises:
        DomainError: ``code_of_the_system``, ``code_in_use``.
    """
    if code.is_system:
        raise DomainError(Refusal.CODE_OF_THE_SYSTEM, _("The system sets this code by itself: it stays."))
    SetEntry.objects.filter(code=code).delete()
    try:
        code.delete()
    except ProtectedError as error:
        message = _("“%(code)s” was chosen in conversations: switch it off instead of deleting it.") % {"code": code}
        raise DomainError(Refusal.CODE_IN_USE, message) from error


@transaction.atomic
@audited_action("code_set")
def code_set_save(*, code_set: CodeSet, queues: Iterable[Queue], groups: Iterable[AgentGroup] = ()) -> CodeSet:
    """Make a set or write its changes.

    Args:
        code_set: with its new values.
        queues: the queues it serves.
        groups: the agent groups it serves; with neither it serves everybody (WRP-6).

    Raises:
        ValidationError: a value is not acceptable.
    """
    code_set.full_clean()
    code_set.save()
    code_set.queues.set(queues)
    code_set.groups.set(groups)
    return code_set


@transaction.atomic
@audited_action("code_set")
def code_set_fill(*, code_set: CodeSet, places: Mapping[UUID, int]) -> CodeSet:
    """Say which codes a set offers, in which order.

    Args:
        code_set: the set.
        places: position by code; a code that is not named leaves the set.
    """
    SetEntry.objects.filter(code_set=code_set).exclude(code__in=places).delete()
    SetEntry.objects.bulk_create(
        [SetEntry(code_set=code_set, code_id=code, position=position) for code, position in places.items()],
        update_conflicts=True,
        unique_fields=["code_set", "code"],
        update_fields=["position"],
    )
    return code_set


@transaction.atomic
@audited_action("code_set")
def code_set_delete(*, code_set: CodeSet) -> None:
    """Delete a set; its codes stay, and conversations keep what was chosen from it by name (WRP-7)."""
    code_set.delete()
