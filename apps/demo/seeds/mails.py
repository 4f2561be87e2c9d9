"""Mail in a demo tenant: a channel, and past conversations by mail with all that filing and sending leave behind."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from textwrap import dedent
from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.agents.choices import Base
from apps.agents.models import Agent, AgentSkill, Membership, StatusInterval
from apps.conversations.choices import MessageKind, Side
from apps.conversations.models import Conversation, Message
from apps.demo.customer_mail import mail_html
from apps.demo.seeds.companies import Company
from apps.demo.seeds.customers import dialogue_values, invent_customer
from apps.demo.seeds.dialogue import Dialogue
from apps.demo.seeds.history import conversations_write, uuid_at
from apps.demo.seeds.shifts import Worker
from apps.demo.seeds.simulation import SimulatedConversation, SimulatedOffer
from apps.email.actions.channels import channel_save
from apps.email.body import address_pairs, mail_body
from apps.email.choices import RawState
from apps.email.models import MailChannel, MailMessage, MailThread, Participant, RawContent, RawMail
from apps.email.tokens import reference_new, reply_address, subject_tag
from apps.mailin.actions.reception import PURPOSE
from apps.mailin.duplicate_key import duplicate_key_of
from apps.mailin.steps.ledger import mails_count
from apps.mime.compose import compose_mail, message_id_for
from apps.mime.parse import parse_mail
from apps.mime.replies import quote_text, references_for, reply_subject
from apps.mime.types import Address, OutgoingMail, ParsedMail
from apps.queues.choices import Family
from apps.queues.models import Queue
from apps.vault.encryption import encrypt_value

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
        _Thread(rng, row, conversation, past, script).write(sorted(lines, key=lambda line: line.number))


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


# --- What it left behind


@dataclass
class _Thread:
    """A conversation's mails, written one after another: each answers the one before."""

    rng: Random
    channel: MailChannel
    conversation: Conversation
    past: SimulatedConversation
    script: dict[str, Any]
    sent: list[ParsedMail] = field(default_factory=list)

    def write(self, messages: list[Message]) -> None:
        """Write what belongs to the mails of these messages, in order."""
        thread = MailThread.objects.create(
            conversation=self.conversation,
            channel=self.channel,
            subject=self.script["subject"],
            reference=reference_new(),
        )
        Participant.objects.create(conversation=self.conversation, address=self.past.who.email)
        for message in messages:
            self._write(message, subject_tag(thread.reference))

    def _write(self, message: Message, tag: str) -> None:
        is_ours = message.side == Side.AGENT
        outgoing = self._outgoing(message, tag if is_ours else "")
        raw = compose_mail(outgoing)
        mail = parse_mail(raw)
        self.sent.append(mail)
        reading = mail_body(mail)
        MailMessage.objects.create(
            message=message,
            conversation=self.conversation,
            raw=None if is_ours else self._received(message, mail, raw),
            is_outgoing=is_ours,
            mail_id=mail.message_id,
            in_reply_to=next(iter(mail.in_reply_to), ""),
            references=list(mail.references),
            subject=mail.subject,
            sender=address_pairs(mail.from_),
            reply_to=address_pairs(mail.reply_to),
            to=address_pairs(mail.to),
            date=mail.date,
            text=reading.text,
            quoted=reading.quoted,
            html=reading.html,
        )

    def _outgoing(self, message: Message, tag: str) -> OutgoingMail:
        ours = Address(self.channel.display_name, self.channel.address)
        answers = reply_address(self.channel.address, self.conversation.pk)
        customer = Address(self.past.who.name, self.past.who.email)
        before = self.sent[-1] if self.sent else None
        body = f"{message.body}\n\n-- \n{self.channel.signature}" if tag else message.body
        subject = reply_subject(before.subject) if before else self.script["subject"]
        host = self.channel.address if tag else self.past.who.email
        has_html = bool(tag) or self.script.get("html", False)
        return OutgoingMail(
            message_id=message_id_for(self._key(message), host.rpartition("@")[2]),
            date=message.created_at,
            from_=ours if tag else customer,
            to=(customer if tag else Address(ours.name, answers if before else ours.address),),
            reply_to=Address(ours.name, answers) if tag else None,
            subject=subject if not tag or tag in subject else f"{subject} {tag}",
            text="\n\n".join([body, *([quote_text(before)] if before else [])]),
            html=mail_html(body, before) if has_html else "",
            in_reply_to=before.message_id if before else "",
            references=references_for(before) if before else (),
        )

    def _key(self, message: Message) -> UUID:
        return uuid_at(self.rng, message.created_at)

    def _received(self, message: Message, mail: ParsedMail, raw: bytes) -> RawMail:
        """The raw mail as it came, and what it was filed as."""
        state, at = RawState.MATCHED if self.sent[:-1] else RawState.NEW, message.created_at
        row = RawMail.objects.create(
            id=self._key(message),
            channel=self.channel,
            digest=duplicate_key_of(raw).digest,
            mail_id=mail.message_id,
            size=len(raw),
            received_at=at,
            envelope_from=self.past.who.email,
            envelope_to=mail.to[0].address,
            peer="127.0.0.1",
            state=state,
            filed_at=at,
            conversation=self.conversation,
            sender=self.past.who.email,
            subject=mail.subject,
            attempts=1,
        )
        RawContent.objects.create(raw=row, sealed=encrypt_value(raw, purpose=PURPOSE, owner=row.pk))
        mails_count(row, received=1)
        mails_count(row, state=state)
        return row
