"""Every kind of deadline as one row of a table: how it begins, what it does, and what cancels or moves it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.db import transaction

from apps.agents.actions import (
    agent_console_close,
    agent_console_open,
    agent_sign_out,
    agent_status_choose,
)
from apps.agents.models import Agent, AgentSettings, Membership, StatusInterval
from apps.chat.actions import Introduction, visitor_leave, visitor_open, visitor_start
from apps.chat.models import WidgetChannel
from apps.clocks.models import ReplyClock, ReplyRules
from apps.conversations.actions import conversation_end, message_post
from apps.conversations.models import Conversation
from apps.conversations.steps import MessageDraft
from apps.core.errors import DomainError
from apps.queues.actions import hours_create, hours_update, queue_update
from apps.queues.models import QueueSkill, Skill, SkillGroup
from apps.routing.actions import offer_accept
from apps.routing.models import ChannelRules, Flow, Offer, RoutingSettings
from tests.support.clocks import at, say
from tests.support.people import arrive, default_queue, make_agent, ringing, talk

MONDAY = datetime(2031, 5, 5, 17, 55, tzinfo=ZoneInfo("Europe/Madrid"))


@dataclass
class World:
    """What a deadline is about."""

    owner: UUID
    conversation: Conversation | None = None
    agent: Agent | None = None
    token: str = ""

    @property
    def chat(self) -> Conversation:
        """The conversation as it is stored now."""
        assert self.conversation is not None
        self.conversation.refresh_from_db()
        return self.conversation

    @property
    def who(self) -> Agent:
        """The agent."""
        assert self.agent is not None
        return self.agent


@dataclass(frozen=True)
class Case:
    """One kind of deadline.

    Attributes:
        name: of the test.
        line: of the product.
        kind: of the wake-up.
        begins: brings it about; the deadline must be the next one of its kind.
        after: how long it runs, in seconds.
        happened: how often it has acted.
        cancel: what makes it void.
        move: what sets it anew.
        outage: when it was due while we were down, it fires late, or its time is added, or it is a grace that begins
            anew.
    """

    name: str
    line: str
    kind: str
    begins: Callable[[], World]
    after: float
    happened: Callable[[World], int]
    cancel: Callable[[World], Any]
    move: Callable[[World], Any] | None
    outage: str = "late"


# Offers


def _ringing() -> World:
    agent = make_agent()
    conversation = arrive()
    offer = ringing(conversation)
    assert offer is not None
    return World(offer.pk, conversation, agent)


def _accept(world: World) -> None:
    offer_accept(offer_id=world.owner, actor=world.who.user)


def _timed_out(world: World) -> int:
    return Offer.objects.filter(pk=world.owner, state="timed_out").count()


def _auto() -> World:
    ChannelRules.objects.filter(family="chat").update(answer_mode="auto")
    agent = make_agent()
    conversation = arrive()
    return World(Offer.objects.get(conversation=conversation).pk, conversation, agent)


def _answer(world: World) -> None:
    message_post(
        conversation_id=world.chat.pk,
        draft=MessageDraft(side="agent", client_id=uuid4(), body="Good morning", author=world.who.user),
    )


# Agents


def _preparing() -> World:
    settings: AgentSettings = AgentSettings.load()
    settings.login_prep, settings.login_prep_seconds = True, 30
    settings.save()
    agent = make_agent(available=False)
    return World(agent.pk, None, agent)


def _prepared(world: World) -> int:
    return StatusInterval.objects.filter(agent=world.owner, cause="prepared").count()


def _choose(world: World) -> None:
    agent_status_choose(agent_id=world.owner, code="available")


def _prepare_again(world: World) -> None:
    agent_sign_out(agent_id=world.owner)
    agent_console_open(agent_id=world.owner, console_id=uuid4())


def _lost() -> World:
    agent = make_agent()
    conversation = talk(agent)
    _lose(World(agent.pk, conversation, agent))
    return World(agent.pk, conversation, agent)


def _lose(world: World) -> None:
    console_id = Agent.objects.get(pk=world.owner).console_id
    assert console_id is not None
    agent_console_close(agent_id=world.owner, console_id=console_id)


def _back(world: World) -> None:
    agent_console_open(agent_id=world.owner, console_id=uuid4())


def _lose_again(world: World) -> None:
    _back(world)
    _lose(world)


def _given_back(cause: str) -> Callable[[World], int]:
    return lambda world: world.chat.timeline.filter(kind="returned", data__cause=cause).count()


# Waiting


def _waiting() -> World:
    Flow.objects.update(exit="end", target=None)
    conversation = arrive()
    return World(conversation.pk, conversation)


def _ended(cause: str) -> Callable[[World], int]:
    return lambda world: world.chat.timeline.filter(kind="ended", data__cause=cause).count()


def _take(world: World) -> None:
    """An agent comes and accepts."""
    agent = make_agent(chat=15)
    offer = Offer.objects.filter(conversation=world.owner, state="ringing").first()
    if offer is None:
        raise DomainError("offer_gone", "Nobody is offered it.")
    offer_accept(offer_id=offer.pk, actor=agent.user)


def _wait_longer(world: World) -> None:
    queue = default_queue()
    queue_update(queue=queue, actor=None, fields={"max_wait_seconds": queue.max_wait_seconds + 60})


def _closing() -> World:
    with transaction.atomic():
        settings: RoutingSettings = RoutingSettings.load()
        settings.flow_at_closing = True
        settings.save()
    profile = hours_create(name="Office", time_zone="Europe/Madrid", actor=None)
    queue_update(queue=default_queue(), actor=None, fields={"hours": profile})
    with at(MONDAY):
        return _waiting()


def _close_later(_world: World) -> None:
    profile = default_queue().hours
    assert profile is not None
    hours_update(profile=profile, week={0: [(9 * 60, 18 * 60 + 4)]}, actor=None)


def _unskilled() -> World:
    skill = Skill.objects.create(group=SkillGroup.objects.create(name="Tests"), name="Billing")
    QueueSkill.objects.create(queue=default_queue(), skill=skill, expires_after_seconds=45)
    agent = make_agent()
    conversation = arrive()
    return World(conversation.pk, conversation, agent)


def _rings(world: World) -> int:
    return Offer.objects.filter(conversation=world.owner).count()


def _leaves(world: World) -> None:
    conversation_end(conversation_id=world.owner, by="customer", actor=None)


def _ask_longer(_world: World) -> None:
    queue_update(queue=default_queue(), actor=None, skills={Skill.objects.get(name="Billing").pk: 90})


def _preferring() -> World:
    preferred, other = make_agent(available=False), make_agent()
    Membership.objects.filter(agent=preferred).update(is_preferred=True)
    queue = default_queue()
    queue.preferred_seconds = 45
    queue.save()
    conversation = arrive()
    return World(conversation.pk, conversation, other)


def _prefer_longer(_world: World) -> None:
    queue_update(queue=default_queue(), actor=None, fields={"preferred_seconds": 90})


# Customers who close the page


def _gone() -> World:
    channel = WidgetChannel.objects.select_related("queue").get(name="Website")
    opened = visitor_open(channel=channel, token=None, page={})
    message = visitor_start(
        channel=channel,
        opened=opened,
        start_key=uuid4(),
        who=Introduction(name="Lena", email="lena@example.test", page={}),
        first=MessageDraft(client_id=uuid4(), body="Hello"),
    )
    world = World(opened.visitor_id, message.conversation, None, opened.token)
    visitor_leave(visitor_id=world.owner)
    return world


def _returns(world: World) -> None:
    visitor_open(channel=WidgetChannel.objects.get(name="Website"), token=world.token, page={})


def _gone_again(world: World) -> None:
    visitor_leave(visitor_id=world.owner)


# Reply clocks


def _only(stage: str) -> None:
    """Switch off the stages that come before this one."""
    fields = ["due_on", "overdue_on", "inactivity_on", "idle_reminder_on", "idle_on", "auto_close_on"]
    ReplyRules.objects.update(**{field: field == stage for field in fields})


def _unanswered(stage: str) -> Callable[[], World]:
    def begins() -> World:
        _only(stage)
        agent = make_agent()
        conversation = talk(agent)
        return World(conversation.pk, conversation, agent)

    return begins


def _silent(stage: str) -> Callable[[], World]:
    def begins() -> World:
        _only(stage)
        agent = make_agent()
        conversation = talk(agent)
        say(conversation, agent)
        return World(conversation.pk, conversation, agent)

    return begins


def _stage(stage: str) -> Callable[[World], int]:
    return lambda world: ReplyClock.objects.filter(pk=world.owner, stage=stage).count()


def _notices(world: World) -> int:
    return world.chat.messages.filter(kind="notice").count()


def _writes(world: World) -> None:
    say(world.chat)


def _agent_writes(world: World) -> None:
    say(world.chat, world.who)


CASES = [
    Case("offer", "AGT-7", "routing.offer", _ringing, 30, _timed_out, _accept, None),
    Case("first response", "AGT-6", "routing.first_response", _auto, 60, _timed_out, _answer, None),
    Case("login preparation", "AGT-4", "agents.login_prep", _preparing, 30, _prepared, _choose, _prepare_again),
    Case("lost console", "AGT-9", "agents.console", _lost, 60, _given_back("console_lost"), _back, _lose_again, "anew"),
    Case("maximum wait", "RTE-4", "routing.wait", _waiting, 600, _ended("no_agents"), _take, _wait_longer, "added"),
    Case("hours that end", "RTE-4", "routing.wait", _closing, 300, _ended("out_of_hours"), _take, _close_later),
    Case("skill that expires", "RTE-2", "routing.wait", _unskilled, 45, _rings, _leaves, _ask_longer),
    Case("preferred window", "RTE-6", "routing.wait", _preferring, 45, _rings, _leaves, _prefer_longer),
    Case("closed page", "EDG-2", "chat.left", _gone, 60, _ended("abandoned"), _returns, _gone_again, "anew"),
    Case("due", "CHAT-11", "clocks.reply", _unanswered("due_on"), 90, _stage("due"), _agent_writes, None),
    Case("overdue", "CHAT-11", "clocks.reply", _unanswered("overdue_on"), 120, _stage("overdue"), _agent_writes, None),
    Case(
        "agent inactive",
        "CHAT-11",
        "clocks.reply",
        _unanswered("inactivity_on"),
        300,
        _given_back("agent_inactive"),
        _agent_writes,
        None,
    ),
    Case(
        "idle reminder",
        "CHAT-11",
        "clocks.reply",
        _silent("idle_reminder_on"),
        225,
        _notices,
        _writes,
        _agent_writes,
        "added",
    ),
    Case("idle", "CHAT-11", "clocks.reply", _silent("idle_on"), 300, _notices, _writes, _agent_writes, "added"),
    Case(
        "auto close",
        "EDG-8",
        "clocks.reply",
        _silent("auto_close_on"),
        600,
        _ended("inactivity"),
        _writes,
        _agent_writes,
        "added",
    ),
]
