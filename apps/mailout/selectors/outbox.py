"""Reads of mail that goes out: drafts, and how far a mail has come."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet, TextField, Value
from django.db.models.functions import Coalesce, Left, NullIf
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.permissions import Permission
from apps.agents.reach import queues_served_by
from apps.conversations.models import Conversation, Message
from apps.email.choices import UNSENT_STATES, NoticeKind, OutboundState
from apps.email.models import MailChannel, MailDraft, MailDraftFile, MailMessage, MailNotice, MailThread, OutboundMail
from apps.mailout.content import signature_text
from apps.queues.models import Queue

__all__ = [
    "DeliveryState",
    "bounced_recipients",
    "can_send",
    "can_send_any",
    "delivery_states",
    "draft_channel",
    "draft_starts",
    "drafts_in",
    "drafts_of",
    "held_mails",
    "nearest_channel",
    "outbound_due",
    "queue_channel",
    "sending_channels",
    "signature_text",
]
SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


# --- From where


def can_send(channel: MailChannel) -> bool:
    """Whether there is a server that takes a channel's mail: its own, or this installation's."""
    has_default = settings.EMAIL_BACKEND != SMTP_BACKEND or bool(settings.EMAIL_HOST)
    return channel.is_active and (bool(channel.smtp_host) or has_default)


def queue_channel(queue: Queue) -> MailChannel | None:
    """The channel that a queue's new mails are sent from (EML-7)."""
    found = MailChannel.objects.filter(queue=queue, is_active=True).order_by("created_at")
    return next((each for each in found if can_send(each)), None)


def draft_channel(draft: MailDraft, conversation: Conversation | None) -> MailChannel | None:
    """Whose server a draft leaves by: its thread's, or its queue's where that one is off; none where nobody's takes it.

    Args:
        draft: it.
        conversation: where it is sent; none for a new mail.
    """
    queue: Queue | None = draft.queue
    if conversation is not None:
        queue = conversation.queue
        thread = MailThread.objects.filter(pk=conversation.pk).select_related("channel").first()
        if thread is not None and can_send(thread.channel):
            return thread.channel
    return queue_channel(queue) if queue is not None else None


def nearest_channel(queue: Queue) -> MailChannel | None:
    """The channel of a queue, else the oldest of all that can send: for mail about conversations of other channels."""
    return queue_channel(queue) or next(_sending(), None)


def can_send_any() -> bool:
    """Whether any channel can send."""
    return next(_sending(), None) is not None


def _sending() -> Iterator[MailChannel]:
    active = MailChannel.objects.filter(is_active=True).order_by("created_at")
    return (each for each in active if can_send(each))


def sending_channels(agent: User) -> list[tuple[Queue, MailChannel]]:
    """The queues that an agent may send new mail from: those they serve, each with its channel (EML-7)."""
    if not agent.may(Permission.OUTBOUND):
        return []
    channels = MailChannel.objects.filter(is_active=True, queue__is_active=True, queue__in=queues_served_by(agent.pk))
    found: dict[UUID, tuple[Queue, MailChannel]] = {}
    for channel in channels.select_related("queue").order_by("queue__name", "created_at"):
        if can_send(channel):
            found.setdefault(channel.queue_id, (channel.queue, channel))
    return list(found.values())


# --- Drafts


def _drafts() -> Any:
    rows = MailDraft.objects.filter(outbound=None).select_related("queue", "conversation__contact")
    files = MailDraftFile.objects.select_related("file").order_by("position")
    return rows.prefetch_related(Prefetch("files", files))


def drafts_of(agent: User) -> list[MailDraft]:
    """Everything that somebody has begun and not sent, the latest first (EML-9)."""
    return list(_drafts().filter(agent=agent).order_by("-saved_at"))


def drafts_in(conversation: Conversation, agent: User) -> list[MailDraft]:
    """What somebody has begun and not sent in one conversation, the oldest first (EML-9)."""
    return list(_drafts().filter(agent=agent, conversation=conversation).order_by("created_at"))


def draft_starts(conversation: Any, agent: User, *, shown: int) -> QuerySet[MailDraft, Any]:
    """How what somebody has begun last in a conversation begins, for a list of conversations (CON-1).

    Args:
        conversation: it, or a reference to that of an outer query.
        agent: whose.
        shown: characters that are read of it.

    Returns:
        Its `start`: of its text, or its subject while it says nothing; at most one row.
    """
    mine = MailDraft.objects.filter(outbound=None, agent=agent, conversation=conversation).order_by("-saved_at")
    start = Coalesce(NullIf(Left("body", shown), Value("")), "subject", output_field=TextField())
    return mine.annotate(start=start).values("start")[:1]


# --- How far it has come


@dataclass(frozen=True)
class DeliveryState:
    """How far a mail has come, for its tile (EML-10).

    Attributes:
        row: it.
        state: ``waiting``, ``late`` (tried, and to be tried again), ``sent``, ``partly`` (some did not get it),
            ``bounced``, ``failed``.
        label: the same in words.
        detail: a sentence where something is wrong; else empty.
        failures: each recipient who did not get it, with what their server said.
        may_retry: whether it can be sent again to those who did not get it.
    """

    row: OutboundMail
    state: str
    label: str
    detail: str
    failures: list[tuple[str, str]]
    may_retry: bool


def held_mails(agent: User) -> list[OutboundMail]:
    """What somebody can still take back, the latest last (EML-8)."""
    held = OutboundMail.objects.filter(agent=agent, state=OutboundState.HELD)
    return list(held.select_related("draft", "conversation__contact", "conversation__queue").order_by("created_at"))


def outbound_due(*, but: Iterable[UUID]) -> UUID | None:
    """The oldest mail that may be sent now, and is not one of these."""
    may_begin = Q(retry_at=None) | Q(retry_at__lte=timezone.now())
    due = OutboundMail.objects.filter(may_begin, state__in=UNSENT_STATES).exclude(pk__in=list(but))
    return due.order_by("pk").values_list("pk", flat=True).first()


def delivery_states(messages: Iterable[Message]) -> dict[UUID, DeliveryState]:
    """How far the mails among these messages have come, by message: two queries, whatever their number."""
    rows = list(OutboundMail.objects.filter(message__in=[each.pk for each in messages]))
    bounces = _bounces_of(rows)
    return {row.message_id: _told(row, bounces.get(row.pk, _Bounces())) for row in rows if row.message_id}


def bounced_recipients(row: OutboundMail) -> list[str]:
    """The recipients of a mail from whom it came back since it was sent last: those to whom it can be sent again."""
    return _bounces_of([row]).get(row.pk, _Bounces()).recipients


@dataclass
class _Bounces:
    """What reports say of a mail since it was sent last.

    Attributes:
        failures: whom they name, with what the other servers said.
        recipients: who of them is a recipient of ours: reports may name whoever a mail was passed on to.
    """

    failures: list[tuple[str, str]] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)


def _bounces_of(rows: Iterable[OutboundMail]) -> dict[UUID, _Bounces]:
    """What came back of these mails, in one query where something did."""
    bounced = {row.message_id: row for row in rows if row.bounced_at is not None}
    if not bounced:
        return {}
    found: dict[UUID, _Bounces] = {}
    reports = MailNotice.objects.filter(about__in=bounced, kind=NoticeKind.BOUNCE, is_failure=True)
    whom = ("about__to", "about__cc", "about__bcc")
    for report in reports.select_related("about").only("about_id", "failures", "at", *whom).order_by("at", "pk"):
        row = bounced[report.about_id]
        # Those before it belong to an attempt that is done with.
        if report.about is not None and row.bounced_at is not None and report.at >= row.bounced_at:
            bounces = found.setdefault(row.pk, _Bounces())
            bounces.failures += [each for each in _bounce_failures(report) if each not in bounces.failures]
            bounces.recipients = _recipients_among(report.about, [address for address, _why in bounces.failures])
    return found


def _recipients_among(mail: MailMessage, addresses: list[str]) -> list[str]:
    """Who of a mail's recipients is named; the only one is meant whatever a report says."""
    everybody = list(dict.fromkeys(str(address) for _name, address in (*mail.to, *mail.cc, *mail.bcc)))
    named = {each.casefold() for each in addresses}
    return everybody if len(everybody) == 1 else [each for each in everybody if each.casefold() in named]


def _bounce_failures(notice: MailNotice) -> list[tuple[str, str]]:
    failed = [each for each in notice.failures if each.get("action") == "failed"]
    return [(each.get("address", ""), each.get("diagnostic", "") or each.get("status", "")) for each in failed]


def _told(row: OutboundMail, bounces: _Bounces) -> DeliveryState:
    failures = [(each["address"], each["text"]) for each in row.refused] + bounces.failures
    if row.state == OutboundState.FAILED:
        return DeliveryState(row, "failed", _("Not sent"), row.error, failures, may_retry=True)
    if row.state in UNSENT_STATES:
        late = row.attempts > 0 and bool(row.error)
        return (
            DeliveryState(row, "late", _("Tried again soon"), row.error, failures, may_retry=False)
            if late
            else _on(row)
        )
    if row.bounced_at is not None:
        names = ", ".join(each for each, _why in failures if each)
        detail = _("Not delivered to %(addresses)s.") % {"addresses": names} if names else ""
        may_retry = bool(row.refused or bounces.recipients)
        return DeliveryState(row, "bounced", _("Came back"), detail, failures, may_retry=may_retry)
    if row.refused:
        names = ", ".join(each["address"] for each in row.refused)
        detail = _("Not delivered to %(addresses)s.") % {"addresses": names}
        return DeliveryState(row, "partly", _("Sent, not to everybody"), detail, failures, may_retry=True)
    return DeliveryState(row, "sent", _("Sent"), "", [], may_retry=False)


def _on(row: OutboundMail) -> DeliveryState:
    return DeliveryState(row, "waiting", _("Being sent"), "", [], may_retry=False)
