"""Mail in a demo tenant: a channel, and past conversations by mail with all that filing and sending leave behind."""

import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from textwrap import dedent
from typing import Any

from django.utils import timezone

from apps.agents.choices import Base
from apps.agents.models import Agent, AgentSkill, Membership, StatusInterval
from apps.conversations.choices import MessageKind
from apps.demo.seeds.companies import Company
from apps.demo.seeds.customers import dialogue_values, invent_customer
from apps.demo.seeds.dialogue import Dialogue
from apps.demo.seeds.history import conversations_write
from apps.demo.seeds.mail_threads import SimulatedThread
from apps.demo.seeds.shifts import Worker
from apps.demo.seeds.simulation import SimulatedConversation, SimulatedOffer
from apps.email.actions.channels import channel_save
from apps.email.models import MailChannel
from apps.queues.choices import Family
from apps.queues.models import Queue

SCRIPTS: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text())
QUEUE = "Support"
FIRST_NUMBER = 801
"""Of the customers who write mails: those who chat have lower ones."""
EARLIEST, LATEST = timedelta(days=27), timedelta(days=3)
"""The past's bounds, before now."""
LEAST_WORK = timedelta(hours=2)


def mail_channel_make(company: Company) -> None:
    """The company's address for mail; its answers are signed."""
    address = f"support@{company.schema}.test"
    if not MailChannel.objects.filter(address=address).exists():
        row = MailChannel(address=address, display_name=company.name, queue=Queue.objects.get(name=QUEUE))
        row.signature, row.is_active = SCRIPTS[company.about]["signature"], True
        channel_save(channel=row)


def mail_history_make(company: Company) -> None:
    """A handful of past conversations by mail, every few days one."""
    rng = Random(f"mails {company.schema}")  # noqa: S311 - it has to be the same every time
    row = MailChannel.objects.get(address=f"support@{company.schema}.test")
    pasts = list(_pasts(rng, SCRIPTS[company.about]["threads"]))
    rows = conversations_write(rng, [each for each, _script in pasts])
    for conversation, (past, script) in zip(rows.conversations, pasts, strict=True):
        lines = [each for each in rows.messages if each.conversation == conversation and each.kind == MessageKind.TEXT]
        SimulatedThread(rng, row, conversation, past, script).write(sorted(lines, key=lambda line: line.number))


# --- What happened when


def _pasts(rng: Random, scripts: list[dict[str, Any]]) -> Iterator[tuple[SimulatedConversation, dict[str, Any]]]:
    work = _work()
    span = (EARLIEST - LATEST) / len(scripts)
    for place, script in enumerate(map(dict, scripts)):
        begin = timezone.now() - EARLIEST + place * span
        if past := _past(rng, script, place, begin, work):
            yield past, script


def _work() -> dict[Agent, list[tuple[datetime, datetime]]]:
    """When the agents of the queue were Available."""
    found: dict[Agent, list[tuple[datetime, datetime]]] = {}
    members = Membership.objects.filter(queue__name=QUEUE).select_related("agent__user").order_by("agent__user__email")
    stays = StatusInterval.objects.filter(base=Base.AVAILABLE, ended_at__isnull=False).order_by("started_at")
    for member in members:
        mine = stays.filter(agent=member.agent).values_list("started_at", "ended_at")
        found[member.agent] = [(since, until) for since, until in mine if until is not None]
    return found


def _past(
    rng: Random,
    script: dict[str, Any],
    place: int,
    begin: datetime,
    work: dict[Agent, list[tuple[datetime, datetime]]],
) -> SimulatedConversation | None:
    """What happened in one conversation; none where nobody was there for it."""
    speakers = set(AgentSkill.objects.filter(skill__language=script["language"]).values_list("agent", flat=True))
    stays = [
        (since, until, agent)
        for agent, mine in work.items()
        for since, until in mine
        if agent.pk in speakers and since > begin and until - since > LEAST_WORK
    ]
    if not stays:
        return None
    since, until, agent = min(stays, key=lambda stay: stay[0])
    worker = Worker(agent, 0, frozenset(), frozenset())
    arrived = since + rng.uniform(0.1, 0.6) * (until - since - LEAST_WORK / 2)
    topic = {key: script[key] for key in ("topic", "language", "outcome")}
    who = invent_customer(rng, script["language"], FIRST_NUMBER + place)
    past = SimulatedConversation(
        who, place, Dialogue(queue=QUEUE, agent_ends=True, lines=(), **topic), arrived, channel=Family.EMAIL
    )
    past.worker, past.accepted = worker, arrived + timedelta(seconds=rng.uniform(15, 140))
    past.rings.append(
        SimulatedOffer(worker, arrived + timedelta(milliseconds=rng.randint(15, 90)), past.accepted, accepted=True)
    )
    _write_to_each_other(rng, past, script, work[agent])
    past.ended = _at_work(past.said[-1][0] + timedelta(minutes=rng.uniform(1, 4)), work[agent])
    past.closed = past.ended + timedelta(seconds=rng.uniform(15, 80))
    return past if past.closed < timezone.now() else None


def _write_to_each_other(
    rng: Random, past: SimulatedConversation, script: dict[str, Any], work: list[tuple[datetime, datetime]]
) -> None:
    assert past.worker is not None and past.accepted is not None  # noqa: PT018, S101 - the caller has just set both
    filled = dialogue_values(rng, past.who, past.worker.agent.user.public_name, past.arrived)
    script["subject"] = script["subject"].format_map(filled)
    at = past.arrived
    for place, text in enumerate(script["said"]):
        by_agent = place % 2 == 1
        if by_agent:
            at = _at_work(max(at, past.accepted) + timedelta(minutes=rng.uniform(6, 25)), work)
        elif place:
            at += timedelta(hours=rng.uniform(0.4, 9))
        past.said.append((at, by_agent, dedent(text).strip().format_map(filled)))


def _at_work(at: datetime, work: list[tuple[datetime, datetime]]) -> datetime:
    """This moment, or the beginning of the next time at work after it."""
    return next((max(at, since + timedelta(minutes=7)) for since, until in work if until > at), at)
