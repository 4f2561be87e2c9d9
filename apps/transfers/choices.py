"""The words of transfers."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.conversations.event_kinds import event_kinds
from apps.routing.choices import TransferEnd


class Destinations(models.TextChoices):
    """Where agents may transfer conversations to (XFR-2)."""

    BOTH = "both", _("Queues and agents")
    QUEUES = "queues", _("Queues only")
    AGENTS = "agents", _("Agents only")


class TransferState(models.TextChoices):
    """What has become of a transfer; only one that is done is a hop (XFR-6)."""

    RINGING = "ringing", _("Ringing")
    DONE = "done", _("Done")
    DECLINED = TransferEnd.DECLINED.value, TransferEnd.DECLINED.label
    TIMED_OUT = TransferEnd.TIMED_OUT.value, TransferEnd.TIMED_OUT.label
    UNREACHABLE = TransferEnd.UNREACHABLE.value, TransferEnd.UNREACHABLE.label
    CANCELLED = TransferEnd.CANCELLED.value, TransferEnd.CANCELLED.label
    UNANSWERED = TransferEnd.UNANSWERED.value, TransferEnd.UNANSWERED.label
    DROPPED = TransferEnd.DROPPED.value, TransferEnd.DROPPED.label


STATES = {end: TransferState.DONE if end == TransferEnd.ACCEPTED else TransferState(end.value) for end in TransferEnd}
"""The state that each end leads to."""


@event_kinds
class TransferEventKind(models.TextChoices):
    """What transfers record on the timeline."""

    TRANSFER_ASKED = "transfer_asked", _("Transfer offered to an agent")
    TRANSFER_BACK = "transfer_back", _("Transfer came back")


class Refusal(StrEnum):
    """Why an action of this app refuses: the codes of its errors."""

    AGENT_UNKNOWN = "agent_unknown"
    CONVERSATION_ENDED = "conversation_ended"
    NO_AGENTS = "no_agents"
    NO_QUEUES = "no_queues"
    NOT_ACTIVE = "not_active"
    NOT_YOURS = "not_yours"
    QUEUE_CLOSED = "queue_closed"
    QUEUE_NOT_ALLOWED = "queue_not_allowed"
    QUEUE_UNKNOWN = "queue_unknown"
    REPLY_FIRST = "reply_first"
    SAME_QUEUE = "same_queue"
    SKILLS_FIXED = "skills_fixed"
    TRANSFER_TO_SELF = "transfer_to_self"
