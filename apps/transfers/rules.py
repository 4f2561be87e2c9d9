"""Where a conversation may be transferred to, asked about one queue (XFR-3)."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.permissions import Permission
from apps.conversations.models import Conversation
from apps.core.errors import DomainError
from apps.queues.models import Queue, QueueSkill, Skill
from apps.queues.selectors import is_accepting
from apps.routing.choices import Source
from apps.routing.selectors import conversation_skills
from apps.transfers.choices import Refusal


def limited_by_rules(conversation: Conversation, actor: User) -> bool:
    """Whether the transfer rules of its queue leave this agent only some queues; supervisors override them (XFR-3)."""
    return conversation.queue.limits_transfers and not actor.may(Permission.OVERRIDE_TRANSFER)


def check_queue(conversation: Conversation, queue_id: UUID, actor: User) -> Queue:
    """The queue, if this agent may transfer this conversation there now.

    Raises:
        DomainError: ``queue_unknown``, ``same_queue``, ``queue_not_allowed``, ``queue_closed``.
    """
    queue = Queue.objects.select_related("hours").filter(pk=queue_id).first()
    if queue is None:
        raise DomainError(Refusal.QUEUE_UNKNOWN, _("There is no such queue any more."))
    if queue.pk == conversation.queue_id:
        raise DomainError(Refusal.SAME_QUEUE, _("This conversation is in “%(queue)s” already.") % {"queue": queue})
    allowed = conversation.queue.transfer_to.filter(pk=queue.pk)
    if limited_by_rules(conversation, actor) and not allowed.exists():
        message = _("The transfer rules of “%(from)s” don't allow “%(queue)s”.")
        raise DomainError(Refusal.QUEUE_NOT_ALLOWED, message % {"from": conversation.queue, "queue": queue})
    if not is_accepting(queue, timezone.now()):
        raise DomainError(Refusal.QUEUE_CLOSED, _("“%(queue)s” is closed at the moment.") % {"queue": queue})
    return queue


def skills_proposed(conversation: Conversation, queue: Queue) -> list[Skill]:
    """What a conversation would ask for in a queue, unless its agent says otherwise, by name (RTE-1).

    What its present queue asked for stays behind; what its language, its flow and agents asked for goes along, and
    what the other queue asks for is added.
    """
    rows = conversation_skills(conversation.pk, at=timezone.now()).exclude(source=Source.QUEUE)
    asked = QueueSkill.objects.filter(queue=queue).select_related("skill__group")
    skills = {row.skill_id: row.skill for row in rows} | {row.skill_id: row.skill for row in asked}
    return sorted(skills.values(), key=lambda skill: (skill.name, skill.pk))
