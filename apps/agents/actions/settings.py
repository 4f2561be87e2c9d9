"""What administrators set up about agents: groups, statuses, how a day begins."""

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from apps.agents.choices import Refusal
from apps.agents.models import (
    Agent,
    AgentGroup,
    AgentSettings,
    Status,
)
from apps.audit.actions import audited_action
from apps.core.errors import DomainError


@transaction.atomic
@audited_action("settings")
def agent_settings_save(*, settings: AgentSettings) -> AgentSettings:
    """Change how agents begin their day (AGT-4); those who are signed in already notice nothing.

    Raises:
        ValidationError: a value is not acceptable.
    """
    settings.full_clean()
    settings.save()
    return settings


@transaction.atomic
@audited_action("group")
def agent_group_save(*, group: AgentGroup) -> AgentGroup:
    """Make an agent group or write its changes.

    Raises:
        DomainError: ``agent_group_built_in``.
        ValidationError: a value is not acceptable.
    """
    if group.is_stock:
        raise DomainError(Refusal.AGENT_GROUP_BUILT_IN, _("The built-in groups stay as they are."))
    group.full_clean()
    group.save()
    return group


@transaction.atomic
@audited_action("group")
def agent_group_delete(*, group: AgentGroup) -> None:
    """Delete an agent group that nobody is in.

    Raises:
        DomainError: ``agent_group_built_in``, ``agent_group_in_use``.
    """
    if group.is_stock:
        raise DomainError(Refusal.AGENT_GROUP_BUILT_IN, _("The built-in groups stay."))
    try:
        group.delete()
    except ProtectedError as error:
        message = _("There are agents in “%(group)s”: move them to another group first.") % {"group": group}
        raise DomainError(Refusal.AGENT_GROUP_IN_USE, message) from error


@transaction.atomic
@audited_action("status")
def status_save(*, status: Status) -> Status:
    """Make a status of the tenant's own, or write its changes; it is of type Away or Busy (AGT-1).

    Raises:
        DomainError: ``status_built_in``.
        ValidationError: a value is not acceptable.
    """
    if status.is_stock:
        raise DomainError(Refusal.STATUS_BUILT_IN, _("The built-in statuses stay as they are."))
    status.full_clean()
    status.save()
    return status


@transaction.atomic
@audited_action("status")
def status_delete(*, status: Status) -> None:
    """Delete a status of the tenant's own that nobody is in; intervals keep its label (AGT-11).

    Raises:
        DomainError: ``status_built_in``, ``status_in_use``.
    """
    if status.is_stock:
        raise DomainError(Refusal.STATUS_BUILT_IN, _("The built-in statuses stay."))
    Agent.objects.filter(chosen_status=status).exclude(status=status).update(chosen_status=None)
    try:
        status.delete()
    except ProtectedError as error:
        message = _("Agents are in “%(status)s” now: switch it off, and delete it later.") % {"status": status}
        raise DomainError(Refusal.STATUS_IN_USE, message) from error
