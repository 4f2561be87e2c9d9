"""What the tests of transfers have in common."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.utils import timezone

from apps.agents.models import Agent, AgentSkill, Capacity
from apps.conversations.actions import message_post
from apps.conversations.models import Conversation
from apps.conversations.steps import MessageDraft
from apps.core.errors import DomainError
from apps.queues.models import Queue, QueueSkill, Skill, SkillGroup
from apps.routing.models import Offer
from apps.transfers.actions import transfer_to_agent
from apps.transfers.models import Transfer, TransferSettings
from apps.transfers.selectors import stages_of
from tests.support.people import make_agent, talk


def settings(**values: Any) -> None:
    """Change the tenant's rules of transfers."""
    TransferSettings.load()
    TransferSettings.objects.update(**values)


def queue(name: str = "Sales", **fields: Any) -> Queue:
    """A queue that is always open."""
    return Queue.objects.create(name=name, **fields)


def skill(name: str, *, holders: tuple[Agent, ...] = (), **fields: Any) -> Skill:
    """A skill that these agents hold."""
    group = SkillGroup.objects.get_or_create(name="Topics")[0]
    made = Skill.objects.create(group=group, name=name, **fields)
    AgentSkill.objects.bulk_create([AgentSkill(agent=agent, skill=made, level=2) for agent in holders])
    return made


def asks(where: Queue, *skills: Skill, seconds: int | None = None) -> None:
    """Conversations of a queue ask for skills."""
    for each in skills:
        QueueSkill.objects.create(queue=where, skill=each, expires_after_seconds=seconds)


def colleague(**fields: Any) -> Agent:
    """An agent who serves no queue: only transfers reach them."""
    return make_agent(queues=[], **fields)


def pair(**fields: Any) -> tuple[Agent, Agent, Conversation]:
    """A sender with a conversation, and a colleague who could take it."""
    sender = make_agent()
    return sender, colleague(**fields), talk(sender)


def rings(conversation: Conversation) -> Offer:
    """The offer by which it rings."""
    return Offer.objects.select_related("agent", "sender").get(conversation=conversation, state="ringing")


def refused(call: Callable[[], Any]) -> str:
    """The code of what is refused; `done` if it is not."""
    try:
        call()
    except DomainError as refusal:
        return refusal.code
    return "done"


def hops_of(conversation: Conversation) -> list[Transfer]:
    """The transfers that ended its stays, the oldest first."""
    return [stage.hop for stage in stages_of(conversation) if stage.hop]


def used(*agents: Agent) -> list[int]:
    """Taken chat slots of each."""
    return [Capacity.objects.get(agent=agent, family="chat").used for agent in agents]


def say(conversation: Conversation, agent: Agent | None = None, body: str = "Hi") -> None:
    """A message of the agent, or of the customer."""
    side, actor = ("agent", agent.user) if agent else ("customer", None)
    message_post(
        conversation_id=conversation.pk, draft=MessageDraft(side=side, client_id=uuid4(), body=body, author=actor)
    )


def asked_for(conversation: Conversation) -> list[str]:
    """Names of the skills that it asks for."""

    from apps.routing.selectors import conversation_skills

    return [row.skill.name for row in conversation_skills(conversation.pk, at=timezone.now())]


def office_prepare(name: str, member: str, *names: str) -> None:
    """For tests that look from outside: a queue that one agent serves, skills of a new group, and every switch on.

    Args:
        name: of the queue, and of the group of skills.
        member: the agent's id.
        names: of the skills; the first one is what the queue asks for, and the agent holds them all.
    """
    from apps.agents.models import Membership

    settings(skills_live=True, skills_on_transfer=True, enforces_skills=True)
    made = queue(name)
    agent = Agent.objects.get(pk=member)
    Membership.objects.create(agent=agent, queue=made)
    group = SkillGroup.objects.create(name=name)
    for each in names:
        one = Skill.objects.create(group=group, name=each)
        AgentSkill.objects.create(agent=agent, skill=one, level=3)
    asks(made, Skill.objects.get(group=group, name=names[0]))


def office_restore() -> None:
    """Every switch off again."""
    settings(skills_live=False, skills_on_transfer=False, enforces_skills=False)


def ask(conversation: Conversation, sender: Agent, receiver: Agent, **more: Any) -> Transfer:
    """The sender asks the receiver to take it."""
    return transfer_to_agent(conversation_id=conversation.pk, agent_id=receiver.pk, actor=sender.user, **more)


def state(conversation: Conversation) -> tuple[str, Any]:
    """Its state, and whose it is."""
    conversation.refresh_from_db()
    return conversation.state, conversation.agent_id
