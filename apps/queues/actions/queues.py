"""Every change of queues (RTE-2, RTE-13)."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import ProtectedError, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.audit.actions import audited_action, audited_creation
from apps.core.errors import DomainError
from apps.core.events import announce
from apps.queues.choices import Refusal
from apps.queues.events import Actor, QueueChanged, QueueClosing, QueueDeactivating
from apps.queues.models import Queue, QueueSkill
from apps.queues.steps import entity_lock, entity_write

QUEUE_FIELDS = frozenset(
    {
        "name",
        "description",
        "hours",
        "priority",
        "strategy",
        "max_wait_seconds",
        "preferred_seconds",
        "last_agent_first",
        "service_level_seconds",
        "service_level_percent",
        "limits_transfers",
        "acw_mode",
        "acw_seconds",
        "closing_message",
    }
)

Skills = Mapping[UUID, int | None]
"""Which skills a queue asks for: by skill, after how many seconds no longer; None is never."""


@transaction.atomic
@audited_creation
def queue_create(
    *, name: str, actor: Actor, skills: Skills | None = None, transfer_to: Iterable[Queue] = (), **fields: Any
) -> Queue:
    """Make a queue (RTE-2).

    Args:
        name: unique.
        actor: who makes it.
        skills: what it asks for, see `Skills`.
        transfer_to: the queues that transfers may go to, if `limits_transfers`.
        fields: any other of `QUEUE_FIELDS`.

    Raises:
        ValidationError: a value is not acceptable.
    """
    queue = entity_write(Queue(), {"name": name, **fields}, QUEUE_FIELDS)
    _ask_for(queue, skills or {})
    queue.transfer_to.set(transfer_to)
    announce(QueueChanged(queue, actor))
    return queue


@transaction.atomic
@audited_action("queue")
def queue_update(
    *,
    queue: Queue,
    actor: Actor,
    fields: Mapping[str, Any] | None = None,
    skills: Skills | None = None,
    transfer_to: Iterable[Queue] | None = None,
) -> Queue:
    """Change a queue (RTE-2); whoever waits there is served by the new rules at once (RTE-8).

    Args:
        queue: the one to change.
        actor: who changes it.
        fields: new values, by names of `QUEUE_FIELDS`.
        skills: all that it asks for from now on, see `Skills`; None leaves them.
        transfer_to: all queues that transfers may go to from now on; None leaves them.

    Raises:
        DomainError: ``gone``.
        ValidationError: a value is not acceptable.
    """
    queue = entity_write(entity_lock(queue), fields or {}, QUEUE_FIELDS)
    if skills is not None:
        _ask_for(queue, skills)
    if transfer_to is not None:
        queue.transfer_to.set(transfer_to)
    announce(QueueChanged(queue, actor))
    return queue


@transaction.atomic
@audited_action("queue")
def queue_make_default(*, queue: Queue, actor: Actor) -> Queue:
    """Make a queue the one that takes what has no queue of its own; the one that was is not any more.

    Raises:
        DomainError: ``gone``, ``queue_inactive``.
    """
    # In one order, so that two who choose different queues wait for one another.
    concerned = Queue.objects.select_for_update(no_key=True).filter(Q(pk=queue.pk) | Q(is_default=True)).order_by("pk")
    before = [each for each in concerned if each.is_default and each.pk != queue.pk]
    queue = entity_lock(queue)
    if not queue.is_active:
        raise DomainError(Refusal.QUEUE_INACTIVE, _("“%(queue)s” is not active: activate it first.") % {"queue": queue})
    Queue.objects.filter(pk__in=[each.pk for each in before]).update(is_default=False)
    queue.is_default = True
    queue.save(update_fields=["is_default"])
    announce(QueueChanged(queue, actor))
    return queue


@transaction.atomic
@audited_action("queue")
def queue_close_now(*, queue: Queue, message: str | None = None, actor: Actor) -> Queue:
    """Stop arrivals at once, whatever the hours say; who waits already is served (RTE-13).

    Args:
        queue: the one to close; one that is closed already stays so since when it was.
        message: what customers are told; None leaves the announcement as it is.
        actor: who closes it.

    Raises:
        DomainError: ``gone``.
        ValidationError: the message is too long.
    """
    queue = entity_lock(queue)
    queue.closed_at = queue.closed_at or timezone.now()
    if message is not None:
        queue.closing_message = message
    queue.full_clean()
    queue.save(update_fields=["closed_at", "closing_message"])
    announce(QueueChanged(queue, actor))
    return queue


@transaction.atomic
@audited_action("queue")
def queue_reopen(*, queue: Queue, actor: Actor) -> Queue:
    """Take arrivals again, as the hours say (RTE-13).

    Raises:
        DomainError: ``gone``.
    """
    queue = entity_lock(queue)
    queue.closed_at = None
    queue.save(update_fields=["closed_at"])
    announce(QueueChanged(queue, actor))
    return queue


@transaction.atomic
@audited_action("queue")
def queue_activate(*, queue: Queue, actor: Actor) -> Queue:
    """Take arrivals again after a deactivation.

    Raises:
        DomainError: ``gone``.
    """
    queue = entity_lock(queue)
    queue.is_active = True
    queue.save(update_fields=["is_active"])
    announce(QueueChanged(queue, actor))
    return queue


@transaction.atomic
@audited_action("queue")
def queue_deactivate(*, queue: Queue, move_to: Queue | None = None, drain: bool = False, actor: Actor) -> Queue:
    """Take a queue out of use; those who wait there are given another queue or served to the last (RTE-13).

    Args:
        queue: the one to deactivate; an inactive one stays as it is.
        move_to: an active queue that takes those who wait.
        drain: those who wait stay and are served; nobody else arrives.
        actor: who deactivates it.

    Raises:
        DomainError: ``gone``, ``queue_is_default``, ``queue_move_unfit``; and when neither `move_to` nor `drain` is
            given, what an app above has against it, such as people who wait.
        ValueError: both `move_to` and `drain`.
    """
    if move_to is not None and drain:
        raise ValueError("either another queue or draining")
    queue = entity_lock(queue)
    if not queue.is_active:
        return queue
    if queue.is_default:
        message = _("The default queue can't be deactivated. Make another queue the default first.")
        raise DomainError(Refusal.QUEUE_IS_DEFAULT, message)
    _announce_end(queue, move_to, drain, actor)
    queue.is_active = False
    queue.save(update_fields=["is_active"])
    announce(QueueChanged(queue, actor))
    return queue


@transaction.atomic
@audited_action("queue")
def queue_delete(*, queue: Queue, actor: Actor) -> None:
    """Delete a queue that never had a conversation.

    Raises:
        DomainError: ``gone``, ``queue_is_default``, ``queue_in_use``, or what an app above has against it.
    """
    queue = entity_lock(queue)
    if queue.is_default:
        raise DomainError(Refusal.QUEUE_IS_DEFAULT, _("The default queue can't be deleted."))
    announce(QueueClosing(queue, actor))
    try:
        queue.delete()
    except ProtectedError as error:
        message = _("“%(queue)s” is in use or has a past: deactivate it instead.") % {"queue": queue}
        raise DomainError(Refusal.QUEUE_IN_USE, message) from error


def _announce_end(queue: Queue, move_to: Queue | None, drain: bool, actor: Actor) -> None:
    if move_to is not None:
        move_to = entity_lock(move_to)
        if move_to.pk == queue.pk or not move_to.is_active:
            message = _("Those who wait need another queue that is active: “%(queue)s” is not.") % {"queue": move_to}
            raise DomainError(Refusal.QUEUE_MOVE_UNFIT, message)
    if move_to is not None or drain:
        announce(QueueDeactivating(queue, move_to, actor))
    else:
        announce(QueueClosing(queue, actor))


def _ask_for(queue: Queue, skills: Skills) -> None:
    rows = [QueueSkill(queue=queue, skill_id=skill, expires_after_seconds=after) for skill, after in skills.items()]
    for row in rows:
        row.clean_fields(exclude=["queue", "skill"])
    QueueSkill.objects.filter(queue=queue).exclude(skill__in=skills).delete()
    QueueSkill.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["queue", "skill"], update_fields=["expires_after_seconds"]
    )
