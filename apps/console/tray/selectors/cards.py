"""The tray's cards: what stands in each, and the orders in which the database brings them (CON-1)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce, Greatest, JSONObject, Left
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.clocks.choices import Stage
from apps.console.choices import Order
from apps.console.snooze.selectors import snoozed_words
from apps.conversations.choices import Side, State
from apps.conversations.models import Conversation, Mark, Message, Segment
from apps.conversations.selectors import agent_tray
from apps.core.languages import language_fallbacks
from apps.mailout.selectors.outbox import draft_starts
from apps.queues.choices import Family
from apps.responses.selectors import drafts_of
from apps.routing.matching import requirements_unexpired
from apps.routing.models import Requirement
from apps.snooze.selectors import Snoozes

MARKS = {Stage.DUE: "due", Stage.OVERDUE: "overdue", Stage.IDLE: "idle"}
"""The stages of a reply clock that a card is marked with (CON-1)."""
DRAFT_SHOWN = 120
"""Characters of a draft that a card has room for, and then some."""


@dataclass(frozen=True)
class Card:
    """One conversation in the tray (CON-1).

    Attributes:
        taken_at: since when this agent has it.
        stage: how far its reply clock has come; none where the channel has no clocks.
        reminder: what the agent is told of it while their answer is due or overdue (CHAT-11).
        draft: how what they have begun to write in it begins.
        skills: what it asks for, each with `name`, `colour` and, of a language, its `language`.
        snoozes: all the times that it was snoozed, while it is.
        subject: of mails; empty of others.
    """

    conversation: Conversation
    unread: int
    read: int
    delivered: int
    taken_at: datetime
    stage: str | None
    reminder: str
    draft: str
    skills: list[dict[str, str]]
    snoozes: Snoozes
    subject: str = ""

    @property
    def is_snoozed(self) -> bool:
        """Whether it stands at the foot, with the moon."""
        return self.conversation.state == State.SNOOZED

    @property
    def snoozed_until(self) -> datetime | None:
        """When it wakes, or stops to wait for a free slot."""
        return self.snoozes.open.due_at if self.snoozes.open else None

    @property
    def waits_since(self) -> datetime | None:
        """Since when this agent owes the customer an answer."""
        since = self.conversation.unanswered_since
        return max(since, self.taken_at) if since else None

    @property
    def is_new(self) -> bool:
        """Whether this agent has not said anything in it yet."""
        return self.conversation.state == State.ACTIVE and not self.conversation.agent_replied

    @property
    def has_new_mail(self) -> bool:
        """Whether a mail has come that this agent has not read."""
        return self.conversation.channel == Family.EMAIL and self.unread > 0

    @property
    def telling_skills(self) -> list[dict[str, str]]:
        """What it asks for, without the language that this console speaks: everybody here has that."""
        own = language_fallbacks(get_language() or "")
        return [skill for skill in self.skills if not set(language_fallbacks(skill["language"])) & set(own) - {""}]

    @property
    def mark(self) -> str:
        """Due, overdue, idle or nothing, as the reply clock says (CON-1)."""
        return MARKS.get(Stage(self.stage), "") if self.stage else ""

    @property
    def state_words(self) -> str:
        """How it stands: of a snoozed one its length, its end, and how often it was snoozed."""
        if self.is_snoozed:
            return snoozed_words(self.snoozes)
        if self.conversation.state == State.WRAP_UP:
            return _("Wrap-up: choose an outcome")
        said = {
            "overdue": _("Overdue"),
            "due": _("Due soon"),
            "idle": _("The customer has not answered for a long time"),
        }
        return said.get(self.mark) or (_("Waiting for an answer") if self.waits_since else "")

    @property
    def more(self) -> list[str]:
        """What two lines have no room for, besides how it stands: the reminder, all of its skills."""
        skills = ", ".join(skill["name"] for skill in self.skills)
        told = [self.reminder, _("Skills: %(skills)s") % {"skills": skills} if skills else ""]
        return [line for line in told if line]

    @property
    def hover(self) -> str:
        """What a pointer that rests anywhere on it is told, line by line."""
        it = self.conversation
        mood = _("Mood: %(mood)s") % {"mood": it.mood.label} if it.mood else ""
        head = [it.contact.display_name, self.subject, f"{it.get_channel_display()} · {it.queue.name}"]
        return "\n".join(line for line in [*head, self.state_words, *self.more, mood] if line)


def card_of(row: Any, reminder: str, snoozes: Snoozes) -> Card:
    """The card of a row of `form_cards_of`."""
    return Card(
        conversation=row,
        unread=row.unread,
        read=row.agent_read,
        delivered=row.agent_delivered,
        taken_at=row.taken_at,
        stage=row.stage,
        reminder=reminder,
        draft=row.draft or "",
        skills=row.skills,
        snoozes=snoozes,
        subject=row.subject or "",
    )


def cards_of(user: User) -> QuerySet[Conversation]:
    """The tray's cards (CON-1), each with what belongs to it, in no order that one may rely on.

    `agent_read` and `agent_delivered`, `unread`, the `stage` of its clock, how a `draft` begins, `taken_at`: since
    when this agent has it, `skills`: what it asks for, each with its name, the colour of its group and its language,
    and of mails the `subject`.
    """
    mark = Mark.objects.filter(conversation=OuterRef("pk"), side=Side.AGENT)
    stay = Segment.objects.filter(conversation=OuterRef("pk"), ended_at=None)
    unread = (
        Message.objects.filter(conversation=OuterRef("pk"), side=Side.CUSTOMER, number__gt=OuterRef("agent_read"))
        .order_by()
        .values("conversation")
        .annotate(lines=Count("pk"))
        .values("lines")
    )
    said, mails = drafts_of(OuterRef("pk"), user.pk), draft_starts(OuterRef("pk"), user, shown=DRAFT_SHOWN)
    owned = agent_tray(user).select_related("contact", "queue", "reply_clock")
    return owned.annotate(
        stage=F("reply_clock__stage"),
        subject=F("mail_thread__subject"),
        draft=Coalesce(
            Subquery(said.values(start=Left("body", DRAFT_SHOWN))), Subquery(mails), output_field=TextField()
        ),
        agent_read=Coalesce(Subquery(mark.values("read")), 0),
        agent_delivered=Coalesce(Subquery(mark.values("delivered")), 0),
        unread=Coalesce(Subquery(unread), 0),
        taken_at=Coalesce(Subquery(stay.values("started_at")), "accepted_at"),
        skills=skills_asked_for(timezone.now()),
    )


def skills_asked_for(at: Any) -> ArraySubquery:
    """What a conversation asks for at this moment: the name of each skill, the colour of its group and its language."""
    asked = Requirement.objects.filter(requirements_unexpired(at), conversation=OuterRef("pk"))
    shown = JSONObject(name="skill__name", colour="skill__group__colour", language="skill__language")
    return ArraySubquery(asked.order_by("skill__name").values(found=shown))


def cards_in_order(cards: QuerySet[Conversation], order: Order) -> QuerySet[Conversation]:
    """The cards of `form_cards_of` in one of the tray's orders.

    By need (CON-1): what is overdue and what is due, each by its age; then what is unread or read and not answered
    yet, since reading alone helps nobody, the longest waiting first; the rest by the time at which it was taken, the
    newest first.
    """
    # GREATEST passes over nothing: what nobody waits for is as old as its stay.
    taken_at = F("taken_at")
    waits_since = Greatest("unanswered_since", taken_at)
    match order:
        case Order.NEED:
            waits = Q(state=State.ACTIVE) & (Q(unanswered_since__isnull=False) | Q(unread__gt=0))
            need = Case(
                When(stage=Stage.OVERDUE, then=Value(0)),
                When(stage=Stage.DUE, then=Value(1)),
                When(waits, then=Value(2)),
                default=Value(3),
                output_field=IntegerField(),
            )
            ranked = cards.annotate(need=need)
            age = Case(When(need__lt=3, then=waits_since))
            return ranked.order_by("need", age.asc(nulls_last=True), taken_at.desc(), "-pk")
        case Order.WAITING:
            waiting = Case(When(unanswered_since__isnull=False, then=waits_since))
            return cards.order_by(waiting.asc(nulls_last=True), taken_at.asc(), "pk")
        case Order.OLDEST:
            return cards.order_by(taken_at.asc(), "pk")
        case Order.LATEST:
            return cards.order_by(taken_at.desc(), "-pk")
