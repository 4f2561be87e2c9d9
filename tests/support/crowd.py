"""Many conversations with one agent, by real actions: what a console looks like on a bad day."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from apps.accounts.models import Role, User
from apps.clocks.choices import Stage
from apps.clocks.models import ReplyClock
from apps.contacts.models import Contact
from apps.conversations.actions import FirstMessage, conversation_end, conversation_start, message_post
from apps.conversations.choices import Side
from apps.conversations.models import Conversation
from apps.queues.choices import Family
from apps.queues.models import Queue, Skill, SkillGroup
from apps.routing.actions import conversation_assign
from apps.routing.models import Requirement
from tests.support.people import UserFactory

NAMES = (
    "Ana Ruiz",
    "Bo Lindqvist",
    "Chiamaka Okonkwo-Adeyemi",
    "Daan de Vries",
    "Élodie Marchand",
    "Farid Haddad",
    "Giulia Conti",
    "Hiroshi Tanaka",
)
SKILLS = ("Billing", "Spanish", "Deliveries abroad", "Returns")


def crowd(agent_id: str, queue_id: str, count: int, first: int = 0) -> list[str]:
    """So many customers, assigned to an agent with a live console: every third one answered.

    Args:
        agent_id: whose they are.
        queue_id: where they came.
        count: how many.
        first: the number of the first of them, from which name, skills and answer follow.

    Returns:
        The ids of the conversations, the first one first.
    """
    boss = _boss()
    queue = Queue.objects.get(pk=queue_id)
    made = [_customer(queue, number) for number in range(first, first + count)]
    for number, conversation in enumerate(made, first):
        _skills(conversation, number % 4)
        conversation_assign(conversation_id=conversation.pk, agent_id=agent_id, actor=boss)  # type: ignore[arg-type]
        if number % 3 == 0:
            say(str(conversation.pk), "Let me look that up for you.")
    return [str(each.pk) for each in made]


def _boss() -> User:
    boss: User = UserFactory(role=Role.objects.get(code="owner"), email=f"{uuid4().hex[:8]}@boss.test")
    return boss


def _customer(queue: Queue, number: int) -> Conversation:
    name = NAMES[number % len(NAMES)] if number < len(NAMES) else f"{NAMES[number % len(NAMES)]} {number}"
    contact = Contact.objects.create(
        name=name, email=f"customer{number}-{uuid4().hex[:6]}@example.test", phone=f"+34 600 10 {number:04}"
    )
    return conversation_start(
        channel=Family.CHAT,
        queue=queue,
        contact=contact,
        start_key=uuid4(),
        first=FirstMessage(client_id=uuid4(), body=f"Hello, where is my parcel? Order {4711 + number}."),
    )


def _skills(conversation: Conversation, count: int) -> None:
    group = SkillGroup.objects.get_or_create(name="Topics of a crowd", defaults={"colour": "#b4472e"})[0]
    for name in SKILLS[:count]:
        skill = Skill.objects.get_or_create(group=group, name=name)[0]
        Requirement.objects.get_or_create(conversation=conversation, skill=skill, defaults={"source": "queue"})


def say(conversation_id: str, body: str) -> None:
    """The agent says something."""
    row = Conversation.objects.select_related("agent").get(pk=conversation_id)
    message_post(conversation_id=row.pk, side=Side.AGENT, client_id=uuid4(), body=body, actor=row.agent)


def write(conversation_id: str, body: str) -> None:
    """The customer says something."""
    message_post(
        conversation_id=conversation_id,  # type: ignore[arg-type]
        side=Side.CUSTOMER,
        client_id=uuid4(),
        body=body,
        actor=None,
    )


def end(conversation_id: str) -> None:
    """The customer leaves."""
    conversation_end(conversation_id=conversation_id, by=Side.CUSTOMER, actor=None)  # type: ignore[arg-type]


def overdue(conversation_id: str, stage: str = Stage.OVERDUE, minutes: int = 3) -> None:
    """The reply clock of a conversation has come so far."""
    since = timezone.now() - timedelta(minutes=minutes)
    ReplyClock.objects.filter(conversation=conversation_id).update(stage=stage, since=since, due_at=None)
    values: dict[str, Any] = {"unanswered_since": since}
    Conversation.objects.filter(pk=conversation_id).update(**values)
