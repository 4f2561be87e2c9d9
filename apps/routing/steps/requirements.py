"""What agents change about the skills that a conversation asks for (XFR-1)."""

from collections.abc import Collection
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.conversations.choices import Side
from apps.conversations.models import Conversation
from apps.conversations.steps import conversation_raise_version, timeline_record
from apps.core.errors import DomainError
from apps.queues.models import Queue, QueueSkill, Skill
from apps.routing import selectors
from apps.routing.choices import Refusal, RoutingEventKind, Source
from apps.routing.models import Requirement


def skills_change(
    conversation: Conversation, *, add: Collection[UUID], remove: Collection[UUID], actor: User
) -> list[Skill]:
    """Add skills to those that a locked conversation asks for, and remove others, whoever asked for them (XFR-1).

    What was removed is not asked for again by the queue's rules. Adding what is there, and removing what was removed
    already, changes nothing.

    Args:
        conversation: the conversation.
        add: ids of skills.
        remove: ids of skills, also of those that a queue would only add later.
        actor: the agent.

    Returns:
        The skills that it asks for now, by name.

    Raises:
        DomainError: ``skill_unknown``.
    """
    skills = {skill.pk: skill for skill in Skill.objects.filter(pk__in=[*add, *remove])}
    if not skills.keys() >= {*add, *remove}:
        raise DomainError(Refusal.SKILL_UNKNOWN, _("There is no such skill any more."))
    held = {row.skill_id: row for row in Requirement.objects.filter(conversation=conversation, skill__in=skills)}
    now = timezone.now()
    added = [pk for pk in add if pk not in held or not _stays(held[pk])]
    removed = [pk for pk in remove if pk not in held or not held[pk].is_removed]
    rows = [_decision(conversation, pk, is_removed=False) for pk in added]
    rows += [_decision(conversation, pk, is_removed=True) for pk in removed]
    if rows:
        Requirement.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["conversation", "skill"],
            update_fields=["source", "expires_at", "is_removed"],
        )
        timeline_record(
            conversation,
            RoutingEventKind.SKILLS_CHANGED,
            at=now,
            actor=actor,
            side=Side.AGENT,
            added=sorted(skills[pk].name for pk in added),
            removed=sorted(skills[pk].name for pk in removed),
        )
        conversation_raise_version(conversation=conversation)
    return [row.skill for row in selectors.conversation_skills(conversation.pk, at=now)]


def skills_forget_removed(conversation: Conversation, queue: Queue) -> None:
    """A locked conversation goes to a queue: what that queue asks for counts anew, whatever was removed before."""
    asked = QueueSkill.objects.filter(queue=queue).values("skill")
    Requirement.objects.filter(conversation=conversation, is_removed=True, skill__in=asked).delete()


def _stays(row: Requirement) -> bool:
    """Whether it is asked for already, and for good: one that would expire is made to stay."""
    return not row.is_removed and row.expires_at is None


def _decision(conversation: Conversation, skill_id: UUID, *, is_removed: bool) -> Requirement:
    return Requirement(conversation=conversation, skill_id=skill_id, source=Source.AGENT, is_removed=is_removed)
