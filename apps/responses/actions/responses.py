"""Changes of response groups and responses, as administrators and supervisors make them (CON-8)."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.agents.models import AgentGroup
from apps.agents.reach import is_within_reach
from apps.audit.actions import audited_action
from apps.core.errors import DomainError
from apps.queues.models import Queue, Skill
from apps.responses.choices import Refusal
from apps.responses.models import Response, ResponseGroup


@transaction.atomic
@audited_action("group")
def response_group_save(*, group: ResponseGroup) -> ResponseGroup:
    """Make a group or write its changes.

    Raises:
        ValidationError: a value is not acceptable.
    """
    group.full_clean()
    group.save()
    return group


@transaction.atomic
@audited_action("group")
def response_group_delete(*, group: ResponseGroup) -> int:
    """Delete a group with all its responses; whoever asks for it has been told how many those are.

    Returns:
        How many responses went with it.
    """
    responses = list(Response.objects.select_for_update().filter(group=group))
    group.delete()
    return len(responses)


@transaction.atomic
@audited_action("response")
def response_save(
    *,
    response: Response,
    queues: Collection[Queue],
    skills: Collection[Skill],
    agent_groups: Collection[AgentGroup],
    actor: User | None,
) -> Response:
    """Make a response or write its changes.

    Args:
        response: with its new values; shortcut and language are stored in small letters.
        queues: it is offered in conversations of one of these; none means of any queue.
        skills: it is offered in conversations that ask for one of these; none means whatever they ask for.
        agent_groups: it is offered to agents of one of these; none means to everybody.
        actor: whose reach it has to be in; none is the system.

    Raises:
        DomainError: ``response_not_yours``.
        ValidationError: a value is not acceptable, such as a variable that there is not.
    """
    if not response._state.adding:  # noqa: SLF001 - Django's own way to ask
        before = Response.objects.select_for_update().get(pk=response.pk)
        _must_reach(actor, before.queues_only, {queue.pk for queue in before.queues.all()})
    _must_reach(actor, bool(queues), {queue.pk for queue in queues})
    response.shortcut = response.shortcut.strip().lower()
    response.language = response.language.strip().lower()
    response.queues_only, response.skills_only = bool(queues), bool(skills)
    response.groups_only = bool(agent_groups)
    response.full_clean()
    response.save()
    response.queues.set(queues)
    response.skills.set(skills)
    response.agent_groups.set(agent_groups)
    return response


@transaction.atomic
@audited_action("response")
def response_delete(*, response: Response, actor: User | None) -> None:
    """Delete a response. What was said with it stays said.

    Raises:
        DomainError: ``response_not_yours``.
    """
    _must_reach(actor, response.queues_only, {queue.pk for queue in response.queues.all()})
    response.delete()


def _must_reach(actor: User | None, queues_only: bool, queues: Collection[UUID]) -> None:
    if actor is not None and not is_within_reach(actor, queues if queues_only else ()):
        raise DomainError(
            Refusal.RESPONSE_NOT_YOURS, _("You set up responses of your own queues: name one or more of them.")
        )
