"""The words of routing."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.conversations.event_kinds import event_kinds


class OfferState(models.TextChoices):
    """What became of an offer; unanswered, rejected and withdrawn are counted apart (AGT-7)."""

    RINGING = "ringing", _("Ringing")
    ACCEPTED = "accepted", _("Accepted")
    TIMED_OUT = "timed_out", _("Not accepted in time")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class TransferEnd(models.TextChoices):
    """What became of a transfer to an agent (XFR-4, XFR-5)."""

    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    TIMED_OUT = "timed_out", _("Not accepted in time")
    UNREACHABLE = "unreachable", _("The receiver went away")
    CANCELLED = "cancelled", _("Cancelled by the sender")
    UNANSWERED = "unanswered", _("Opened by itself, and no first message in time")
    DROPPED = "dropped", _("The customer left, or the sender lost the conversation")


class AnswerMode(models.TextChoices):
    """How an offer is answered (AGT-6)."""

    MANUAL = "manual", _("Manual: the agent accepts")
    AUTO = "auto", _("Auto: it opens at once")


class Trigger(models.TextChoices):
    """What a flow is for (RTE-4)."""

    OUT_OF_HOURS = "out_of_hours", _("Out of hours")
    NO_AGENTS = "no_agents", _("No agents available")


class Exit(models.TextChoices):
    """How a flow ends (RTE-4)."""

    END = "end", _("End the conversation")
    QUEUE = "queue", _("Another queue")
    EMAIL = "email", _("Ask for an email address, then end")
    STAY = "stay", _("Stay queued")


class Source(models.TextChoices):
    """Why a conversation asks for a skill (RTE-1)."""

    QUEUE = "queue", _("Queue")
    LANGUAGE = "language", _("Customer's language")
    FLOW = "flow", _("Flow")
    AGENT = "agent", _("Agent")


class Refusal(StrEnum):
    """Why an action of this app refuses: the codes of its errors."""

    AGENT_NOT_AVAILABLE = "agent_not_available"
    ASSIGNED_ALREADY = "assigned_already"
    CONVERSATION_ENDED = "conversation_ended"
    FLOW_BUILT_IN = "flow_built_in"
    NO_FREE_SLOT = "no_free_slot"
    NOT_ALLOWED = "not_allowed"
    NOT_AVAILABLE = "not_available"
    NOT_IN_QUEUE = "not_in_queue"
    NOT_WAITING = "not_waiting"
    NOT_YOURS = "not_yours"
    OFFER_GONE = "offer_gone"
    OFFER_UNKNOWN = "offer_unknown"
    PICK_NOT_ALLOWED = "pick_not_allowed"
    QUEUE_HAS_WAITERS = "queue_has_waiters"
    REJECT_NOT_ALLOWED = "reject_not_allowed"
    SKILL_UNKNOWN = "skill_unknown"
    TRANSFER_PENDING = "transfer_pending"
    USER_BUSY = "user_busy"
    USER_ONLY_MEMBER = "user_only_member"
    WAITING_DEFAULT = "waiting_default"
    WAITING_QUEUE_TAKEN = "waiting_queue_taken"
    WAITING_QUEUES = "waiting_queues"


@event_kinds
class RoutingEventKind(models.TextChoices):
    """What routing records on the timeline."""

    SKILLS_CHANGED = "skills_changed", _("Skills changed")
    FLOW_RUN = "flow_run", _("Flow run")
    ASSIGNED = "assigned", _("Assigned by hand")


class AuditVerb(models.TextChoices):
    """What supervisors do with conversations, in the audit log (AUD-1)."""

    ASSIGN = "conversation.assign", _("Conversation assigned")
    CHANGE_QUEUE = "conversation.change_queue", _("Conversation moved to another queue")
    REQUEUE = "conversation.requeue", _("Conversation taken back into its queue")
    PRIORITY = "conversation.set_priority", _("Priority of a conversation changed")
    FORCE_CLOSE = "conversation.force_close", _("Conversation closed by force")


class Obstacle(models.TextChoices):
    """What keeps a conversation from an agent, the most lasting first: the first that applies is told (RTE-10)."""

    DEACTIVATED = "deactivated", _("Deactivated")
    NO_SLOTS = "no_slots", _("Have no slots of this channel")
    LACKS_SKILL = "lacks_skill", _("Lack a skill that is asked for")
    NOT_PREFERRED = "not_preferred", _("Not preferred: asked later")
    LACKS_SKILL_YET = "lacks_skill_yet", _("Lack a skill that is asked for a while only")
    NO_CONSOLE = "no_console", _("Have no console open")
    NOT_AVAILABLE = "not_available", _("Not Available")
    DRAINING = "draining", _("Take nothing new: away after these")
    NO_FREE_SLOT = "no_free_slot", _("Every slot is taken")

    @property
    def is_lasting(self) -> bool:
        """Whether it stays until somebody changes what is set up."""
        return self in {Obstacle.DEACTIVATED, Obstacle.NO_SLOTS, Obstacle.LACKS_SKILL}
