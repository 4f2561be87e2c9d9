"""Thirty days of past conversations: the rows that actions would have left, made in bulk."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from apps.agents.choices import Base
from apps.agents.models import Agent, AgentSkill, Capacity, Membership, Status, StatusInterval
from apps.contacts.models import Contact
from apps.conversations.choices import EndCause, EventKind, MessageKind, ReturnCause, SegmentKind, Side, State
from apps.conversations.models import Conversation, ConversationEvent, Mark, Message, Segment
from apps.conversations.text import preview_line
from apps.demo.seeds.companies import Company
from apps.demo.seeds.customers import Customer, invent_customer
from apps.demo.seeds.dialogue import Dialogue, read_dialogues
from apps.demo.seeds.shifts import Worker, plan_shifts, status_intervals
from apps.demo.seeds.simulation import SimulatedConversation, simulate_conversation
from apps.dispositions.choices import SYSTEM_CODE
from apps.dispositions.models import Choice, Code, CodeSet, Outcome
from apps.queues.choices import Family
from apps.queues.models import Queue
from apps.routing.choices import OfferState
from apps.routing.models import Offer

DAYS = 30
A_DAY = {5: 5, 6: 4}
"""Conversations on a Saturday and a Sunday; other days have `ON_WORKDAYS`."""
ON_WORKDAYS = 12
REST = timedelta(minutes=12)
"""The past ends so long before now."""


def history_make(company: Company) -> None:
    """Conversations of the last thirty days, with all that belongs to them: the same everywhere but for the dates."""
    rng = Random(company.schema)  # noqa: S311 - it has to be the same every time
    zone = ZoneInfo(company.zone)
    until = timezone.now() - REST
    days = [until.astimezone(zone).date() - timedelta(days=ago) for ago in range(DAYS, -1, -1)]
    workers = _workers()
    for worker in workers:
        plan_shifts(rng, worker, zone, days, until)
    pasts = _pasts(rng, company, workers, _arrivals(rng, zone, days, until))
    conversations_write(rng, [past for past in pasts if past.closed < until + REST])
    _write_intervals(workers)


def _workers() -> list[Worker]:
    languages: dict[UUID, set[str]] = {}
    for agent, tag in AgentSkill.objects.exclude(skill__language="").values_list("agent", "skill__language"):
        languages.setdefault(agent, set()).add(tag)
    slots = dict(Capacity.objects.filter(family=Family.CHAT).values_list("agent", "limit"))
    queues: dict[UUID, set[str]] = {}
    for agent, queue in Membership.objects.values_list("agent", "queue__name"):
        queues.setdefault(agent, set()).add(queue)
    agents = Agent.objects.select_related("user").filter(pk__in=queues).order_by("user__email")
    return [
        Worker(agent, slots[agent.pk], frozenset(queues[agent.pk]), frozenset(languages.get(agent.pk, ())))
        for agent in agents
    ]


def _arrivals(rng: Random, zone: ZoneInfo, days: list[date], until: datetime) -> list[datetime]:
    """When somebody wrote: two waves a day, and a few in the evening."""
    times = []
    for day in days:
        for _each in range(A_DAY.get(day.weekday(), ON_WORKDAYS) + rng.randint(-2, 2)):
            hour = min(max(rng.gauss(rng.choice((10.6, 10.6, 15.2)), 1.6), 7.5), 21.5)
            midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
            times.append(midnight + timedelta(hours=hour, seconds=rng.uniform(0, 60)))
    return sorted(at for at in times if at < until - timedelta(minutes=25))


def _pasts(
    rng: Random, company: Company, workers: list[Worker], arrivals: list[datetime]
) -> list[SimulatedConversation]:
    known: list[Customer] = []
    scripts = read_dialogues(company.about)
    pasts = []
    for at in arrivals:
        script = rng.choice([each for each in scripts if _is_understood(each, workers, at)])
        past = SimulatedConversation(*_who(rng, known, script), script, at)
        simulate_conversation(rng, past, workers)
        pasts.append(past)
    return pasts


def _is_understood(script: Dialogue, workers: list[Worker], at: datetime) -> bool:
    """Whether somebody is there who speaks its language; English finds an answer some time."""
    return script.language == "en" or any(worker.serves(script) and worker.has_room(at) for worker in workers)


def _who(rng: Random, known: list[Customer], script: Dialogue) -> tuple[Customer, int]:
    """A customer of this language: one who has written before, or a new one."""
    before = [place for place, each in enumerate(known) if each.language == script.language]
    if before and rng.random() < 0.4:
        place = rng.choice(before)
        return known[place], place
    known.append(invent_customer(rng, script.language, len(known) + 1))
    return known[-1], len(known) - 1


def uuid_at(rng: Random, at: datetime) -> UUID:
    """A UUIDv7 of that moment, so that rows of the past sort among those of today."""
    value = int(at.timestamp() * 1000) << 80 | rng.getrandbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


@dataclass
class HistoryRows:
    """What is to be written."""

    rng: Random
    queues: dict[str, Queue]
    conversations: list[Conversation] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    events: list[ConversationEvent] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    latest: dict[int, Conversation] = field(default_factory=dict)


def conversations_write(rng: Random, pasts: list[SimulatedConversation]) -> HistoryRows:
    """Write what was worked out; each customer of these pasts is somebody new.

    Returns:
        The rows, conversations in the order of the pasts.
    """
    contacts = _write_contacts(rng, pasts)
    rows = HistoryRows(rng, {queue.name: queue for queue in Queue.objects.all()})
    for past in pasts:
        conversation = _conversation(rows, past, contacts[past.contact])
        _lines(rows, past, conversation)
        _stays(rows, past, conversation)
        _timeline(rows, past, conversation)
    _dispositions(rows, pasts)
    Conversation.objects.bulk_create(rows.conversations)
    Message.objects.bulk_create(rows.messages, batch_size=1000)
    Segment.objects.bulk_create(rows.segments)
    ConversationEvent.objects.bulk_create(rows.events, batch_size=1000)
    Offer.objects.bulk_create(rows.offers)
    Mark.objects.bulk_create(rows.marks)
    Choice.objects.bulk_create(rows.choices)
    Outcome.objects.bulk_create(rows.outcomes)
    return rows


def _write_contacts(rng: Random, pasts: list[SimulatedConversation]) -> dict[int, Contact]:
    first: dict[int, SimulatedConversation] = {}
    for past in pasts:
        first.setdefault(past.contact, past)
    made = {
        place: Contact(
            id=uuid_at(rng, past.arrived),
            name=past.who.name,
            email=past.who.email,
            phone=past.who.phone,
            language=past.who.language,
            time_zone=past.who.zone,
            attributes={"city": past.who.city},
        )
        for place, past in first.items()
    }
    Contact.objects.bulk_create(made.values())
    for place, contact in made.items():
        contact.created_at = first[place].arrived  # Set to now by the insert.
    Contact.objects.bulk_update(made.values(), ["created_at"])
    return made


def _conversation(rows: HistoryRows, past: SimulatedConversation, contact: Contact) -> Conversation:
    queue = rows.queues[past.dialogue.queue]
    spoke = [at for at, by_agent, _text in past.said if by_agent]
    by_agent = past.worker is not None and past.dialogue.agent_ends
    in_vain = [ring.until for ring in past.rings if not ring.accepted]
    conversation = Conversation(
        id=uuid_at(rows.rng, past.arrived),
        channel=past.channel,
        state=State.CLOSED,
        contact=contact,
        queue=queue,
        agent=past.worker.agent.user if past.worker else None,
        language=past.who.language,
        start_key=UUID(int=rows.rng.getrandbits(128), version=4),
        previous=rows.latest.get(past.contact),
        priority=queue.priority,
        # Accepting takes the mark of the returned away.
        returned=bool(in_vain) and past.worker is None,
        first_arrived_at=past.arrived,
        queued_at=max([past.arrived, *in_vain]),
        queue_entered_at=past.arrived,
        # A move each: waiting; offered and back; offered, active, wrap-up; closed.
        version=2 + 2 * len(in_vain) + (3 if past.worker else 0),
        last_line=preview_line(past.said[-1][2]),
        last_message_at=past.said[-1][0],
        accepted_at=past.accepted,
        agent_spoke_at=spoke[-1] if spoke else None,
        ended_at=past.ended,
        ended_by=Side.AGENT if by_agent else Side.CUSTOMER,
        end_cause=EndCause.ENDED if past.worker else EndCause.ABANDONED,
        closed_at=past.closed,
    )
    rows.conversations.append(conversation)
    rows.latest[past.contact] = conversation
    return conversation


def _lines(rows: HistoryRows, past: SimulatedConversation, conversation: Conversation) -> None:
    """What was said, and what both sides saw happen, numbered without gaps (CHAT-10)."""
    agent = conversation.agent
    lines = [
        (at, Side.AGENT if by_agent else Side.CUSTOMER, MessageKind.TEXT, agent if by_agent else None, text)
        for at, by_agent, text in past.said
    ]
    if past.accepted:
        lines.append((past.accepted, Side.SYSTEM, MessageKind.JOINED, agent, ""))
    ender = agent if conversation.ended_by == Side.AGENT else None
    lines.append((past.ended, Side.SYSTEM, MessageKind.ENDED if ender else MessageKind.LEFT, ender, ""))
    for number, (at, side, kind, author, body) in enumerate(sorted(lines, key=lambda line: line[0]), start=1):
        rows.messages.append(
            Message(
                id=uuid_at(rows.rng, at),
                conversation=conversation,
                number=number,
                client_id=uuid_at(rows.rng, at),
                side=side,
                kind=kind,
                author=author,
                body=body,
                created_at=at,
            )
        )
    conversation.last_number = len(lines)
    sides = (Side.CUSTOMER, Side.AGENT) if agent else (Side.CUSTOMER,)
    rows.marks += [Mark(conversation=conversation, side=side, delivered=len(lines), read=len(lines)) for side in sides]


def _stays(rows: HistoryRows, past: SimulatedConversation, conversation: Conversation) -> None:
    """The stay with the queue, and the one with the agent (XFR-6)."""
    left = past.accepted or past.ended
    common = {"conversation": conversation, "queue": conversation.queue}
    rows.segments.append(
        Segment(
            id=uuid_at(rows.rng, past.arrived), kind=SegmentKind.QUEUE, started_at=past.arrived, ended_at=left, **common
        )
    )
    if conversation.agent:
        first = next(at for at, by_agent, _text in past.said if by_agent)
        rows.segments.append(
            Segment(
                id=uuid_at(rows.rng, left),
                kind=SegmentKind.AGENT,
                agent=conversation.agent,
                started_at=left,
                first_response_at=first,
                wrap_up_at=past.ended,
                ended_at=past.closed,
                **common,
            )
        )


def _timeline(rows: HistoryRows, past: SimulatedConversation, conversation: Conversation) -> None:
    """Every step, in order, and the offers."""

    def note(kind: EventKind, at: datetime, side: Side = Side.SYSTEM, *, by_agent: bool = False, **data: str) -> None:
        actor = conversation.agent if by_agent else None
        rows.events.append(
            ConversationEvent(conversation=conversation, kind=kind, actor=actor, side=side, data=data, at=at)
        )

    note(EventKind.ARRIVED, past.arrived, Side.CUSTOMER, channel=past.channel)
    note(EventKind.QUEUED, past.arrived, queue=str(conversation.queue_id))
    for ring in past.rings:
        user = ring.worker.agent.user
        note(EventKind.OFFERED, ring.since, agent=str(user.pk))
        if not ring.accepted:
            note(EventKind.RETURNED, ring.until, cause=ReturnCause.OFFER_TIMED_OUT)
        rows.offers.append(
            Offer(
                id=uuid_at(rows.rng, ring.since),
                conversation=conversation,
                agent=user,
                state=OfferState.ACCEPTED if ring.accepted else OfferState.TIMED_OUT,
                created_at=ring.since,
                expires_at=ring.expires(past.channel),
                ended_at=ring.until,
            )
        )
    if past.accepted:
        note(EventKind.ACCEPTED, past.accepted, Side.AGENT, by_agent=True)
    by = Side(conversation.ended_by)
    note(EventKind.ENDED, past.ended, by, by_agent=by == Side.AGENT, cause=conversation.end_cause)
    if past.worker is None:
        note(EventKind.CLOSED, past.closed, Side.CUSTOMER)
    elif past.forgotten:
        note(EventKind.CLOSED, past.closed)
    else:
        note(EventKind.CLOSED, past.closed, Side.AGENT, by_agent=True)


def _dispositions(rows: HistoryRows, pasts: list[SimulatedConversation]) -> None:
    """What was chosen in the wrap-ups: always from the required set, mostly from the other (WRP-2)."""
    codes = {code.name: code for code in Code.objects.all()}
    required = CodeSet.objects.filter(is_required=True).earliest("position")
    topics = CodeSet.objects.get(name="Topic")
    for past, conversation in zip(pasts, rows.conversations, strict=True):
        if conversation.agent is None:
            continue
        outcome = codes[SYSTEM_CODE if past.forgotten else past.dialogue.outcome]
        chosen = [(required, outcome)]
        if not past.forgotten and rows.rng.random() < 0.8:
            chosen.append((topics, codes[past.dialogue.topic]))
        rows.choices += [
            Choice(
                id=uuid_at(rows.rng, past.closed),
                conversation=conversation,
                code_set=code_set,
                code=code,
                set_name=code_set.name,
                code_name=code.name,
                chosen_by=None if past.forgotten else conversation.agent,
                chosen_at=past.closed,
            )
            for code_set, code in chosen
        ]
        rows.outcomes.append(Outcome(conversation=conversation))


def _write_intervals(workers: list[Worker]) -> None:
    """The agents' statuses, up to what they have done since they were made."""
    statuses = {status.code: status for status in Status.objects.all()}
    made: list[StatusInterval] = []
    for worker in workers:
        since = (
            StatusInterval.objects.filter(agent=worker.agent).order_by("started_at").values_list("started_at").first()
        )
        past = status_intervals(worker, statuses)
        if since:
            past = [each for each in past if each.started_at < since[0]]
            past[-1].ended_at = min(past[-1].ended_at or since[0], since[0])
        elif worker.agent.base == Base.OFFLINE:
            Agent.objects.filter(pk=worker.agent.pk).update(status_since=past[-1].started_at)
        made += past
    StatusInterval.objects.bulk_create(made)
