"""Every change of queues and skills."""

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from apps.core.errors import DomainError
from apps.core.events import announce
from apps.queues.events import QueueClosing
from apps.queues.models import Queue, Skill, SkillGroup


@transaction.atomic
def queue_save(*, queue: Queue) -> Queue:
    """Make a queue or write its changes (RTE-2). Becoming the default takes that from the queue that was.

    Args:
        queue: with its new values; whether it is there already, its primary key says.

    Raises:
        DomainError: ``queue_is_default`` when the default queue would stop being that, or being active, or what an app
            above has against deactivating it, such as people who wait (RTE-13).
        ValidationError: a value is not acceptable.
    """
    before = Queue.objects.select_for_update().filter(pk=queue.pk).first()
    if before is not None and before.is_default and not (queue.is_default and queue.is_active):
        message = _("The default queue stays active and the default. Make another queue the default first.")
        raise DomainError("queue_is_default", message)
    if queue.is_default and (before is None or not before.is_default):
        Queue.objects.filter(is_default=True).update(is_default=False)
    if before is not None and before.is_active and not queue.is_active:
        announce(QueueClosing(queue))
    queue.full_clean()
    queue.save()
    return queue


@transaction.atomic
def queue_delete(*, queue: Queue) -> None:
    """Delete a queue that never had a conversation.

    Raises:
        DomainError: ``queue_is_default``, ``queue_in_use``, or what an app above has against it.
    """
    if queue.is_default:
        raise DomainError("queue_is_default", _("The default queue can't be deleted."))
    announce(QueueClosing(queue))
    try:
        queue.delete()
    except ProtectedError as error:
        message = _("“%(queue)s” is in use or has a past: deactivate it instead.") % {"queue": queue}
        raise DomainError("queue_in_use", message) from error


@transaction.atomic
def skill_group_save(*, group: SkillGroup) -> SkillGroup:
    """Make a skill group or write its changes.

    Raises:
        ValidationError: a value is not acceptable.
    """
    group.full_clean()
    group.save()
    return group


@transaction.atomic
def skill_group_delete(*, group: SkillGroup) -> None:
    """Delete a skill group that is empty (RTE-1).

    Raises:
        DomainError: ``skill_group_not_empty``.
    """
    if group.skills.exists():
        message = _("“%(group)s” still has skills: delete them or move them to another group first.") % {"group": group}
        raise DomainError("skill_group_not_empty", message)
    group.delete()


@transaction.atomic
def skill_save(*, skill: Skill) -> Skill:
    """Make a skill or write its changes.

    Raises:
        ValidationError: a value is not acceptable.
    """
    skill.full_clean()
    skill.save()
    return skill


@transaction.atomic
def skill_delete(*, skill: Skill) -> None:
    """Delete a skill that nobody holds (RTE-1).

    Raises:
        DomainError: ``skill_in_use``.
    """
    try:
        skill.delete()
    except ProtectedError as error:
        message = _("Agents hold “%(skill)s”: take it from them first.") % {"skill": skill}
        raise DomainError("skill_in_use", message) from error
