"""Many conversations with one agent, by real actions: what a console looks like on a bad day."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import Role, User
from apps.agents.steps import notice_add
from apps.clocks.choices import Stage
from apps.clocks.models import ReplyClock
from apps.contacts.models import Contact
from apps.conversations.actions import conversation_end, conversation_start, message_post
from apps.conversations.choices import Side
from apps.conversations.models import Conversation, Mark
from apps.conversations.steps import MessageDraft
from apps.email.models import MailChannel, MailThread
from apps.queues.choices import Family
from apps.queues.models import Queue, Skill, SkillGroup
from apps.responses.models import Draft
from apps.routing.actions import conversation_assign
from apps.routing.models import Requirement
from apps.snooze.actions import conversation_snooze, conversation_wake
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


def assign(agent_id: str, queue_id: str, count: int, first: int = 0) -> list[str]:
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
        first=MessageDraft(client_id=uuid4(), body=f"Hello, where is my parcel? Order {4711 + number}."),
    ).conversation


def _skills(conversation: Conversation, count: int) -> None:
    group = SkillGroup.objects.get_or_create(name="Topics of a crowd", defaults={"colour": "#b4472e"})[0]
    for name in SKILLS[:count]:
        skill = Skill.objects.get_or_create(group=group, name=name)[0]
        Requirement.objects.get_or_create(conversation=conversation, skill=skill, defaults={"source": "queue"})


def say(conversation_id: str, body: str) -> None:
    """The agent says something."""
    row = Conversation.objects.select_related("agent").get(pk=conversation_id)
    message_post(
        conversation_id=row.pk, draft=MessageDraft(side=Side.AGENT, client_id=uuid4(), body=body, author=row.agent)
    )


def nap(conversation_id: str) -> None:
    """The agent snoozes it, and wakes it at once."""
    row = Conversation.objects.select_related("agent").get(pk=conversation_id)
    assert row.agent is not None
    conversation_snooze(conversation_id=row.pk, option="15", actor=row.agent)
    conversation_wake(conversation_id=row.pk, actor=row.agent)


def write(conversation_id: str, body: str) -> None:
    """The customer says something."""
    message_post(
        conversation_id=conversation_id,
        draft=MessageDraft(side=Side.CUSTOMER, client_id=uuid4(), body=body),
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


def ring(queue_id: str, number: int) -> str:
    """A customer comes, and rings where routing likes."""
    return str(_customer(Queue.objects.get(pk=queue_id), number).pk)


def tell(agent_id: str, text: str, about: str | None = None) -> None:
    """An agent is told something."""
    with transaction.atomic():
        notice_add(agent_id=UUID(agent_id), text=text, about=UUID(about) if about else None)


def states(agent_id: str, queue_id: str) -> dict[str, str]:
    """A conversation in every state that a card can be in, by what is odd about it; most of them forced on the agent.

    Args:
        agent_id: whose they are; they have to have a live console.
        queue_id: where they came.
    """
    names = ("engaged", "due", "overdue", "idle", "draft", "snoozed", "wrap_up", "mail", "unread", "long", "rtl")
    made = dict(zip(names, assign(agent_id, queue_id, len(names)), strict=True))
    overdue(made["due"], Stage.DUE, 2)
    overdue(made["overdue"])
    for name in ("idle", "snoozed", "draft"):
        say(made[name], "One moment please")
    read = ("draft", "idle", "snoozed")
    for name in read:
        Mark.objects.update_or_create(conversation_id=made[name], side=Side.AGENT, defaults={"read": 9, "delivered": 9})
    ReplyClock.objects.filter(conversation=made["idle"]).update(stage=Stage.IDLE, waits_for=Side.CUSTOMER)
    agent = User.objects.get(pk=agent_id)
    Draft.objects.create(conversation_id=made["draft"], agent=agent, body="I have looked " * 9, saved_at=timezone.now())
    conversation_snooze(conversation_id=UUID(made["snoozed"]), option="15", actor=agent)
    end(made["wrap_up"])
    for line in range(101):
        write(made["unread"], f"Line {line}")
    _become_mail(made["mail"], queue_id)
    _rename(made["long"], "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh the Younger of Llanfairpwllgwyngyll")
    _rename(made["rtl"], "عبد الرحمن بن محمد الأنصاري")
    write(made["rtl"], "أين طلبي؟ لقد انتظرت أسبوعين كاملين ولم يصلني أي شيء حتى الآن")
    return made


def _become_mail(conversation_id: str, queue_id: str) -> None:
    address = f"{uuid4().hex[:8]}@acme.test"
    channel = MailChannel.objects.create(address=address, queue_id=queue_id)
    subject = "Re: Fwd: Your order of the third of November and the invoice that went with it"
    MailThread.objects.create(
        conversation_id=conversation_id, channel=channel, subject=subject, reference=uuid4().hex[:12]
    )
    Conversation.objects.filter(pk=conversation_id).update(channel=Family.EMAIL)


def _rename(conversation_id: str, name: str) -> None:
    Contact.objects.filter(conversations=conversation_id).update(name=name)
