"""Conversations, what is said in them, with whom they stayed, and what happened to them."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.contacts.models import Contact
from apps.conversations.choices import (
    CUSTOMER_OPEN_STATES,
    ENDED_STATES,
    OWNED_STATES,
    EndCause,
    MessageKind,
    SegmentKind,
    Side,
    State,
)
from apps.conversations.event_kinds import event_kind_label
from apps.conversations.sentiment import Mood, mood_of
from apps.core.ids import uuid7
from apps.core.models import Entity
from apps.files.models import StoredFile
from apps.queues.choices import Family
from apps.queues.models import Queue


class Conversation(Entity):
    """One interaction on one channel, from arrival to closed."""

    channel = models.CharField(_("channel"), max_length=8, choices=Family.choices)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.ARRIVED)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="conversations")
    # Where it began with another contact: that one's key, and since when it is the present one's. Whoever served one
    # of the two before then reads nothing of the other for it (CON-5).
    began_with = models.UUIDField(null=True, blank=True, editable=False)
    joined_at = models.DateTimeField(null=True, blank=True, editable=False)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="conversations")
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="conversations"
    )
    # The customer's language tag, such as es or pt-BR.
    language = models.CharField(_("language"), max_length=16, blank=True)
    # The opener's own key: a start that is sent twice opens one conversation.
    start_key = models.UUIDField(unique=True, null=True, blank=True)
    previous = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="following")
    # The customer goes on where `previous` ended: its agent is asked first, whatever the queue does else (WRP-8).
    goes_on = models.BooleanField(default=False, db_default=False)

    # Order in the queue (RTE-7): priority, then returned ones, then first arrival.
    priority = models.PositiveSmallIntegerField(default=5)
    returned = models.BooleanField(default=False)
    first_arrived_at = models.DateTimeField(default=timezone.now)
    # It was transferred without its skills: routing asks for none of them any more (XFR-3).
    ignores_skills = models.BooleanField(default=False, db_default=False)
    # Since when it waits now; an offer that comes back starts it anew.
    queued_at = models.DateTimeField(null=True, blank=True)
    # Start of its stay with the present queue: max wait counts from here, whatever rang meanwhile (RTE-4).
    queue_entered_at = models.DateTimeField(null=True, blank=True)

    # What both sides see is numbered without gaps (CHAT-10); every change of state raises the version.
    last_number = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=0)
    last_line = models.CharField(max_length=160, blank=True)
    last_message_at = models.DateTimeField(null=True, blank=True)
    # Sum and number of its messages' scores, so that their mean costs nobody a query (AI-2).
    mood_sum = models.IntegerField(default=0, db_default=0)
    mood_count = models.PositiveIntegerField(default=0, db_default=0)
    # How often something was redacted in its messages: who is in step by numbers asks for them only where it was.
    redactions = models.PositiveSmallIntegerField(default=0, db_default=0)
    # Since when the customer waits for an answer: the earliest message that no agent has answered.
    unanswered_since = models.DateTimeField(null=True, blank=True)

    accepted_at = models.DateTimeField(null=True, blank=True)
    # The last message of the agent who has it, in this stay.
    agent_spoke_at = models.DateTimeField(null=True, blank=True)
    # It opened by itself, and its agent can't end it before a first message (AGT-6).
    reply_first = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=8, choices=Side.choices, blank=True)
    end_cause = models.CharField(max_length=12, choices=EndCause.choices, blank=True)
    # No survey, no disposition, and in none of the figures (CON-10).
    is_spam = models.BooleanField(_("spam"), default=False, db_default=False)
    wrap_up_due_at = models.DateTimeField(null=True, blank=True)
    # Length of a timed wrap-up; none has no timer (WRP-2, WRP-3).
    wrap_up_seconds = models.PositiveSmallIntegerField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        ordering = ("-first_arrived_at",)
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="conversations_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=OWNED_STATES, agent__isnull=False)
                | Q(state__in=[State.ARRIVED, State.WAITING, State.OFFERED], agent__isnull=True)
                | Q(state=State.CLOSED),
                name="conversations_owned_by_state",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ENDED_STATES, ended_at__isnull=False)
                | Q(state__in=CUSTOMER_OPEN_STATES, ended_at__isnull=True),
                name="conversations_over_has_an_end",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.WAITING, State.OFFERED]) | Q(queue_entered_at__isnull=False),
                name="conversations_waits_since_entry",
            ),
            models.CheckConstraint(
                condition=Q(agent__isnull=False) | Q(agent_spoke_at__isnull=True, reply_first=False),
                name="conversations_reply_is_an_agents",
            ),
            models.CheckConstraint(
                condition=Q(reply_first=False) | Q(agent_spoke_at__isnull=True),
                name="conversations_reply_first_until_said",
            ),
            models.CheckConstraint(
                condition=Q(began_with__isnull=True, joined_at__isnull=True)
                | Q(began_with__isnull=False, joined_at__isnull=False),
                name="conversations_joined_since",
            ),
        ]
        indexes = [
            models.Index(
                "queue",
                "priority",
                F("returned").desc(),
                "first_arrived_at",
                "id",
                condition=Q(state=State.WAITING),
                name="conversations_line",
            ),
            # Those who ring keep their place before those who wait behind them (RTE-5).
            models.Index(fields=["queue"], condition=Q(state=State.OFFERED), name="conversations_offered"),
            models.Index(fields=["agent", "state"], condition=Q(state__in=OWNED_STATES), name="conversations_tray"),
            models.Index(fields=["contact", "-first_arrived_at"], name="conversations_of_contact"),
            models.Index(fields=["agent", "-ended_at"], name="conversations_of_agent"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.id}"

    @property
    def in_all_since(self) -> datetime | None:
        """Since when its customer has been with us, where that is longer than its stay with the present queue."""
        entered = self.queue_entered_at
        return self.first_arrived_at if entered is not None and self.first_arrived_at < entered else None

    @property
    def agent_replied(self) -> bool:
        """Whether the agent who has it has said something in this stay (AGT-6)."""
        return self.agent_spoke_at is not None

    @property
    def mood(self) -> Mood | None:
        """How the customer's messages sound on the whole; none where none was scored (AI-2)."""
        return mood_of(round(self.mood_sum / self.mood_count) if self.mood_count else None)

    @property
    def wrap_up_from(self) -> datetime | None:
        """Since when the timer of a timed wrap-up runs; later than now while it waits for its agent (SNZ-5)."""
        if self.wrap_up_seconds is None or self.wrap_up_due_at is None:
            return None
        return self.wrap_up_due_at - timedelta(seconds=self.wrap_up_seconds)


class Message(Entity):
    """One numbered line of a conversation, seen by both sides (CHAT-10)."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    number = models.PositiveIntegerField()
    # The sender's own key: the same message sent again is the same message.
    client_id = models.UUIDField(default=uuid7)
    side = models.CharField(max_length=8, choices=Side.choices)
    kind = models.CharField(max_length=10, choices=MessageKind.choices, default=MessageKind.TEXT)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    body = models.TextField(blank=True)
    # How the customer's words sound, from -100 to 100; none for everybody else's, and where nothing can be said (AI-2).
    sentiment = models.SmallIntegerField(_("sentiment"), null=True, blank=True)
    # How many files go with it: who shows a message without any asks for none.
    file_count = models.PositiveSmallIntegerField(default=0, db_default=0)
    # What was taken out of it before it was stored, or later by hand: codes of `masking`, one a line (FRM-6).
    removed = models.TextField(blank=True, default="", db_default="")
    # How often something was redacted in it: screens hold on to the newest.
    revision = models.PositiveSmallIntegerField(default=0, db_default=0)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(fields=["conversation", "number"], name="conversations_message_number_once"),
            models.UniqueConstraint(fields=["conversation", "client_id"], name="conversations_message_stored_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.body[:40]}"

    @property
    def removed_codes(self) -> tuple[str, ...]:
        """What was taken out of it."""
        return tuple(self.removed.splitlines())


class Attachment(models.Model):
    """A file that goes with a message (CHAT-9). A file goes with one message, once."""

    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, primary_key=True, related_name="attachment")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    position = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=["message", "position"], name="conversations_attachment_place_once")
        ]

    def __str__(self) -> str:
        return str(self.file)


class Mark(models.Model):
    """How far one side has received and read a conversation (CHAT-4). Its own row, so that reading locks nothing."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="marks")
    side = models.CharField(max_length=8, choices=Side.choices)
    delivered = models.PositiveIntegerField(default=0)
    read = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        constraints = [models.UniqueConstraint(fields=["conversation", "side"], name="conversations_mark_once")]

    def __str__(self) -> str:
        return f"{self.side}: {self.delivered}/{self.read}"


class Segment(Entity):
    """One stay of a conversation with one queue or one agent (XFR-6)."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="segments")
    kind = models.CharField(max_length=8, choices=SegmentKind.choices)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="+")
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="segments"
    )
    started_at = models.DateTimeField()
    first_response_at = models.DateTimeField(null=True, blank=True)
    wrap_up_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # When its customer proved, while it went on, whose the conversation is: since then its agent serves that contact.
    proven_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        ordering = ("started_at",)
        indexes = [
            # How fast a queue is being picked up (RTE-5).
            models.Index(
                fields=["queue", "started_at"], condition=Q(kind=SegmentKind.AGENT), name="conversations_picked_up"
            ),
            # What an agent did on a day (CON-7).
            models.Index(
                fields=["agent", "-ended_at"], condition=Q(kind=SegmentKind.AGENT), name="conversations_stays_of_agent"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], condition=Q(ended_at__isnull=True), name="conversations_segment_one_open"
            ),
            models.CheckConstraint(
                condition=Q(kind=SegmentKind.QUEUE, agent__isnull=True)
                | Q(kind=SegmentKind.AGENT, agent__isnull=False),
                name="conversations_segment_agent_by_kind",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="conversations_segment_forwards",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.started_at:%H:%M}"


class ConversationEvent(models.Model):
    """One line of a conversation's timeline. Append-only: a trigger refuses updates and deletions."""

    id = models.BigAutoField(primary_key=True)
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="timeline")
    kind = models.CharField(max_length=20)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    side = models.CharField(max_length=8, choices=Side.choices, default=Side.SYSTEM)
    data = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("timeline event")
        verbose_name_plural = _("timeline")
        ordering = ("id",)
        indexes = [models.Index(fields=["conversation", "id"], name="conversations_timeline")]

    def __str__(self) -> str:
        return f"{self.at:%H:%M:%S} {event_kind_label(self.kind)}"
