"""What the transfer dialog and the skills bar show (XFR-1 to XFR-4)."""

from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from django.utils import timezone

from apps.accounts.models import User
from apps.conversations.choices import State
from apps.conversations.models import Conversation
from apps.queues.models import Queue, Skill
from apps.routing.models import Offer, Requirement
from apps.routing.selectors import conversation_skills, ringing_transfer
from apps.transfers.destinations import matching_in, skills_to_add
from apps.transfers.models import TransferSettings
from apps.transfers.rules import skills_proposed

QUEUE, AGENT = "queue", "agent"


@dataclass(frozen=True)
class SkillsBar:
    """What the pane's head shows of a conversation's skills and its way on.

    Attributes:
        skills: what it asks for now.
        ringing: the transfer that rings at a colleague, if one does.
        settings: the tenant's rules.
    """

    skills: list[Requirement]
    ringing: Offer | None
    settings: TransferSettings

    @property
    def may_change_skills(self) -> bool:
        """Whether this agent adds and removes skills (XFR-1)."""
        return self.settings.skills_live


def skills_bar(conversation: Conversation) -> SkillsBar | None:
    """The same for a conversation that an agent has and that has not ended, in three queries; none for others."""
    if conversation.state not in {State.ACTIVE, State.SNOOZED}:
        return None
    return SkillsBar(
        skills=list(conversation_skills(conversation.pk, at=timezone.now())),
        ringing=ringing_transfer(conversation.pk),
        settings=TransferSettings.load(),
    )


@dataclass(frozen=True)
class Destination:
    """A destination as a form names it."""

    kind: str
    id: UUID


def destination_of(key: str) -> Destination | None:
    """Read ``queue:<id>`` or ``agent:<id>``; nothing when it is neither."""
    kind, _colon, value = key.partition(":")
    try:
        return Destination(kind, UUID(value)) if kind in {QUEUE, AGENT} else None
    except ValueError:
        return None


@dataclass(frozen=True)
class LostDestination:
    """A destination that was chosen and is not possible any more."""

    key: str
    name: str


def lost_destination(key: str) -> LostDestination | None:
    """The name of what a form names; nothing when there is no such."""
    chosen = destination_of(key)
    if chosen is None:
        return None
    found = (Queue if chosen.kind == QUEUE else User).objects.filter(pk=chosen.id).first()
    return LostDestination(key, found.name if isinstance(found, Queue) else found.full_name) if found else None


@dataclass(frozen=True)
class SkillChoice:
    """A skill in the skills step, and whether it is ticked."""

    skill: Skill
    ticked: bool


@dataclass(frozen=True)
class SkillsStep:
    """What a conversation is to ask for in a queue, as its agent says on transfer (XFR-3).

    Attributes:
        queue: where it goes.
        choices: what is ticked, what was proposed and is not, and what was found, each once.
        available: how many agents could take it there now.
        matching: how many of them hold everything that is ticked; none where skills don't count after a transfer.
    """

    queue: Queue
    choices: list[SkillChoice] = field(default_factory=list)
    available: int = 0
    matching: int | None = None


def skills_step(
    conversation: Conversation, queue: Queue, actor: User, *, ticked: Collection[UUID] | None, search: str
) -> SkillsStep:
    """The skills step of a transfer.

    Args:
        conversation: the actor's, with its queue.
        queue: where it goes.
        actor: its agent.
        ticked: ids of what is ticked; none at the beginning, when all that is proposed is.
        search: what further skills are searched by.
    """
    proposed = skills_proposed(conversation, queue)
    wanted = {skill.pk for skill in proposed} if ticked is None else set(ticked)
    known = {skill.pk: skill for skill in proposed}
    known |= {skill.pk: skill for skill in Skill.objects.filter(pk__in=wanted - known.keys()).select_related("group")}
    others = skills_to_add(known, search=search)
    skills = [*sorted(known.values(), key=lambda skill: (skill.name, skill.pk)), *others]
    available, matching = matching_in(conversation, queue, actor, wanted)
    return SkillsStep(
        queue=queue,
        choices=[SkillChoice(skill, skill.pk in wanted) for skill in skills],
        available=available,
        matching=matching if TransferSettings.load().enforces_skills else None,
    )
