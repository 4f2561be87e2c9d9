"""The words of a conversation and the moves it may make."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.conversations.event_kinds import event_kinds


class State(models.TextChoices):
    """Where a conversation stands between arrival and closing."""

    ARRIVED = "arrived", _("Arrived")
    WAITING = "waiting", _("Waiting")
    OFFERED = "offered", _("Offered")
    ACTIVE = "active", _("Active")
    SNOOZED = "snoozed", _("Snoozed")
    WRAP_UP = "wrap_up", _("Wrap-up")
    CLOSED = "closed", _("Closed")


TRANSITIONS: dict[State, frozenset[State]] = {
    State.ARRIVED: frozenset({State.WAITING, State.ACTIVE, State.CLOSED}),
    State.WAITING: frozenset({State.OFFERED, State.CLOSED}),
    State.OFFERED: frozenset({State.ACTIVE, State.WAITING, State.CLOSED}),
    State.ACTIVE: frozenset({State.SNOOZED, State.WRAP_UP, State.WAITING, State.CLOSED}),
    State.SNOOZED: frozenset({State.ACTIVE, State.WAITING, State.WRAP_UP, State.CLOSED}),
    State.WRAP_UP: frozenset({State.CLOSED, State.ACTIVE, State.WAITING}),
    State.CLOSED: frozenset({State.ACTIVE, State.WAITING}),
}

OWNED_STATES = (State.ACTIVE, State.SNOOZED, State.WRAP_UP)
"""An agent has it: it stands in that agent's tray."""

CUSTOMER_OPEN_STATES = (State.ARRIVED, State.WAITING, State.OFFERED, State.ACTIVE, State.SNOOZED)
"""The customer may still write into it."""

ENDED_STATES = (State.WRAP_UP, State.CLOSED)
"""It has ended for the customer."""


class Side(models.TextChoices):
    """Who speaks."""

    CUSTOMER = "customer", _("Customer")
    AGENT = "agent", _("Agent")
    SYSTEM = "system", _("System")


class MessageKind(models.TextChoices):
    """What a numbered line is: something said, or something that both sides see happen."""

    TEXT = "text", _("Text")
    JOINED = "joined", _("Agent joined")
    RETURNED = "returned", _("Back in the queue")
    PASSED_ON = "passed_on", _("Passed on to a queue")
    TOOK_OVER = "took_over", _("Taken over by another agent")
    ENDED = "ended", _("Ended")
    LEFT = "left", _("Ended by the customer")
    ASK_EMAIL = "ask_email", _("Asks for an email address")
    NOTICE = "notice", _("Notice")
    FORM = "form", _("Form sent")
    FILLED = "filled", _("Form filled in")


SPOKEN_KINDS = (MessageKind.TEXT, MessageKind.FORM, MessageKind.FILLED)
"""What one side says to the other: the tray shows it, and clocks run by it."""


class EndCause(models.TextChoices):
    """Why a conversation ended (WRP-1, EDG-8)."""

    ENDED = "ended", _("Ended by hand")
    ABANDONED = "abandoned", _("The customer left before an agent answered")
    OUT_OF_HOURS = "out_of_hours", _("It came outside the queue's hours")
    NO_AGENTS = "no_agents", _("Nobody accepted it in time")
    INACTIVITY = "inactivity", _("The customer did not answer")
    FORCED = "forced", _("A supervisor closed it")
    SPAM = "spam", _("The agent marked it as spam")
    MERGED = "merged", _("Its mails were moved to another conversation")


SYSTEM_CAUSES = frozenset(
    {EndCause.OUT_OF_HOURS, EndCause.NO_AGENTS, EndCause.INACTIVITY, EndCause.FORCED, EndCause.MERGED}
)
"""Why the system ends one (EDG-8)."""


class ReturnCause(models.TextChoices):
    """Why a conversation went back to its queue."""

    OFFER_TIMED_OUT = "offer_timed_out", _("The offer was not accepted in time")
    OFFER_REJECTED = "offer_rejected", _("The offer was rejected")
    OFFER_WITHDRAWN = "offer_withdrawn", _("The offer was withdrawn")
    CONSOLE_LOST = "console_lost", _("The agent's console was lost")
    NO_FIRST_RESPONSE = "no_first_response", _("The agent did not send a first message in time")
    AGENT_INACTIVE = "agent_inactive", _("The agent did not answer in time")
    REQUEUED = "requeued", _("It was put back into its queue by hand")
    SNOOZE_OVER = "snooze_over", _("Its snooze was over and its agent had no time for it")
    TRANSFERRED = "transferred", _("The agent transferred it to a queue")


class SegmentKind(models.TextChoices):
    """With whom a conversation stays."""

    QUEUE = "queue", _("Queue")
    AGENT = "agent", _("Agent")


@event_kinds
class EventKind(models.TextChoices):
    """What the timeline records of every conversation; other apps add their own words (`event_kinds`)."""

    ARRIVED = "arrived", _("Arrived")
    QUEUED = "queued", _("Queued")
    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Accepted")
    RETURNED = "returned", _("Returned to the queue")
    QUEUE_CHANGED = "queue_changed", _("Moved to another queue")
    PRIORITY_CHANGED = "priority_changed", _("Priority changed")
    TRANSFERRED = "transferred", _("Transferred")
    ENDED = "ended", _("Ended")
    CONTACT_CHANGED = "contact_changed", _("Found to be another contact's")
    CLOSED = "closed", _("Closed")
    REOPENED = "reopened", _("Open again: the customer wrote")
    SNOOZED = "snoozed", _("Snoozed")
    WAKING = "waking", _("Wakes up, and waits for a free slot")
    WOKEN = "woken", _("Woke up")
    REDACTED = "redacted", _("Message redacted")
    OUTCOME_CORRECTED = "outcome_corrected", _("Outcome corrected")


class ReadingReason(models.TextChoices):
    """Why somebody may read a conversation (TEN-5)."""

    EVERYTHING = "everything", _("Their role reaches everything.")
    QUEUE = "queue", _("They serve its queue.")
    SERVED = "served", _("They have served this contact.")


class Refusal(StrEnum):
    """Why an action of this app refuses: the codes of its errors."""

    CHANNEL_CANNOT_SEND = "channel_cannot_send"
    CLIENT_ID_TAKEN = "client_id_taken"
    CONTACT_UNKNOWN = "contact_unknown"
    CONVERSATION_ENDED = "conversation_ended"
    CONVERSATION_UNKNOWN = "conversation_unknown"
    ILLEGAL_TRANSITION = "illegal_transition"
    MERGE_ABOUT_NOBODY = "merge_about_nobody"
    MESSAGE_CHANGED = "message_changed"
    MESSAGE_EMPTY = "message_empty"
    MESSAGE_TOO_LONG = "message_too_long"
    MESSAGE_UNKNOWN = "message_unknown"
    NOT_ALLOWED = "not_allowed"
    NOT_SNOOZED = "not_snoozed"
    NOT_YOURS = "not_yours"
    NOTHING_CHOSEN = "nothing_chosen"
    PRIORITY_UNKNOWN = "priority_unknown"
    QUEUE_CLOSED = "queue_closed"
    REPLY_FIRST = "reply_first"
    REQUEST_UNKNOWN = "request_unknown"
    START_KEY_TAKEN = "start_key_taken"
    TOO_LATE = "too_late"


class AuditVerb(models.TextChoices):
    """What is done with what was said, in the audit log (AUD-1)."""

    REDACT = "message.redact", _("Message redacted")
    READ = "conversation.read", _("Conversation of others read")
    DOWNLOAD = "conversation.download", _("File downloaded from a conversation of others")
    MERGE_CONTACTS = "contact.merge", _("Contacts merged")
    MERGE_DECLINE = "contact.merge_decline", _("Merge of contacts declined")
