"""One conversation as the pane and the contact panel show it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import OuterRef

from apps.accounts.models import User
from apps.agents.models import Agent
from apps.chat.selectors import PAGE, Browser, browser_of
from apps.console.forms.selectors import FormCard, form_cards_of, offers_forms
from apps.console.mail.selectors.mails import Mails, mails_of
from apps.console.mail.tiles import MachineLine, Tile
from apps.console.panel.selectors import Panel, contact_named, knows_contact, panel_of
from apps.console.snooze.selectors import SnoozeBar, snooze_bar
from apps.console.survey.selectors import SurveyBar, survey_bar
from apps.console.thread.messages import MessageLine, NoteLine, lines_with_notes, message_lines
from apps.console.thread.selectors.timeline import EventLine, entries_by_time, event_lines_of, mark_repeated_transfers
from apps.console.transfer.selectors import SkillsBar, skills_bar
from apps.console.wrap_up.forms import WrapUpDraft
from apps.conversations.actions import may_unmark_spam
from apps.conversations.choices import CUSTOMER_OPEN_STATES, State
from apps.conversations.models import Conversation, Mark, Message
from apps.conversations.selectors import conversation_marks, conversations_readable_by, may_redact, messages_before
from apps.dispositions.models import Choice
from apps.dispositions.selectors import OfferedSet, draft_of, sets_for
from apps.email.models import OutboundMail
from apps.forms.selectors import conversation_has_forms
from apps.notes.models import Note
from apps.queues.choices import Family
from apps.responses.choices import DRAFT_STATES
from apps.responses.models import Draft
from apps.responses.selectors import drafts_of

THREAD = 100
"""Lines that a conversation opens with; what is older comes as one scrolls up."""
EARLIER = 8
"""Earlier conversations that the contact panel lists."""


@dataclass(frozen=True)
class Thread:
    """A conversation as the pane and the contact panel show it.

    Attributes:
        browser: the one that it was opened in, if one was.
        skills_bar: its skills and its way on, while it lives.
        forms: those that were sent, by the number of their line.
        offers_forms: whether there is one to send.
        may_redact: whether its agent may take something out of its messages (FRM-6).
        mails: what a conversation by mail shows instead of messages; none of others.
    """

    conversation: Conversation
    messages: list[Message]
    marks: dict[str, Mark]
    sets: list[OfferedSet]
    choices: list[Choice]
    earlier: list[Conversation]
    browser: Browser | None
    event_lines: list[EventLine]
    snooze: SnoozeBar
    survey: SurveyBar
    wrap_up_draft: WrapUpDraft | None
    draft: Draft | None
    skills_bar: SkillsBar | None
    may_redact: bool
    panel: Panel
    forms: dict[int, FormCard]
    offers_forms: bool
    mails: Mails | None = None

    @property
    def owes_first_word(self) -> bool:
        """It opened by itself: there is no End until the agent has said something (AGT-6)."""
        return self.conversation.state == State.ACTIVE and self.conversation.reply_first

    @property
    def closing(self) -> OutboundMail | None:
        """The mail that ends it when it has left: its agent says already how it went (EML-8)."""
        return self.mails.closing if self.mails and self.conversation.state == State.ACTIVE else None

    @property
    def is_gone(self) -> bool:
        """Whether the customer has closed every page with the chat while it goes on (EDG-2)."""
        is_open = self.conversation.state in CUSTOMER_OPEN_STATES
        return is_open and self.browser is not None and not self.browser.is_here

    @property
    def may_undo_spam(self) -> bool:
        """Whether its agent may still take back that it is spam (CON-10)."""
        return may_unmark_spam(self.conversation)

    @property
    def page(self) -> dict[str, str]:
        """The page the customer's browser was last on, as far as it is known (CHAT-14)."""
        return self.browser.page if self.browser else dict.fromkeys(PAGE, "")

    @property
    def site(self) -> dict[str, Any]:
        """What the site said about its customer; anybody could have said it (CON-5)."""
        return {**self.conversation.contact.attributes, **(self.browser.attributes if self.browser else {})}

    @property
    def length(self) -> timedelta | None:
        """From the acceptance to the end."""
        accepted_at, ended_at = self.conversation.accepted_at, self.conversation.ended_at
        return ended_at - accepted_at if accepted_at and ended_at else None

    @property
    def heading(self) -> str:
        """What stands at its head: the subject of mails, else who it is (EML-7)."""
        return (self.mails.subject if self.mails else "") or self.conversation.contact.display_name

    @property
    def entries(self) -> list[MessageLine | EventLine | NoteLine | Tile | MachineLine]:
        """The messages as they are shown, with what only agents see between them, notes too (CON-4)."""
        lines: list[Any] = mark_repeated_transfers(message_lines(self.messages, self.marks), self.event_lines)
        if self.mails is not None:
            lines = [self.mails.tiles.get(line.message.number, line) for line in lines]
            entries = entries_by_time(lines, [*self.event_lines, *self.mails.machines], since=self._begins)
        else:
            entries = entries_by_time(lines, self.event_lines, since=self._begins)
        early = set(self.early_notes)
        return lines_with_notes(entries, [note for note in self.panel.inline if note not in early])

    @property
    def early_notes(self) -> list[Note]:
        """Notes from before the oldest line that is shown: they come with the lines beside which they stand."""
        begins = self._begins
        return [note for note in self.panel.inline if begins and note.created_at < begins]

    @property
    def _begins(self) -> datetime | None:
        """When the oldest line that is shown was said, while there are older ones."""
        return self.messages[0].created_at if self.has_more else None

    @property
    def since(self) -> datetime | None:
        """Since when its agent has it: after a transfer later than the acceptance."""
        now = self.panel.summary.now
        return now.started_at if now else self.conversation.accepted_at

    @property
    def handling_since(self) -> datetime | None:
        """Since when its agent would have handled it had it never been snoozed (SNZ-3)."""
        return self.since + self.snooze.slept(self.since) if self.since else None

    @property
    def handled(self) -> timedelta | None:
        """For how long it has been handled; while it is snoozed this stands still."""
        since = self.handling_since
        return self.snooze.now - since if since else None

    @property
    def has_more(self) -> bool:
        """Whether older lines than these exist."""
        return bool(self.messages) and self.messages[0].number > 1


def thread_of(agent: Agent, conversation_id: UUID, *, since: int | None = None) -> Thread | None:
    """One of this agent's conversations with all that its pane shows; none when it is not theirs.

    Args:
        agent: who looks at it.
        conversation_id: it.
        since: the number of the first mail to show of one by mail; a page of them by default.
    """
    conversation: Any = (
        Conversation.objects.select_related(
            "contact", "queue", "agent", "reply_clock", "outcome", "survey_mark", "survey_request"
        )
        .filter(pk=conversation_id, agent=agent.user)
        .annotate(has_forms=conversation_has_forms(OuterRef("pk")), offers_forms=offers_forms(agent))
        .first()
    )
    if conversation is None:
        return None
    is_known = knows_contact(agent.user, conversation)
    if not is_known:
        conversation.contact = contact_named(conversation.contact)
    wraps_up = conversation.state == State.WRAP_UP
    by_mail = conversation.channel == Family.EMAIL
    mails = mails_of(conversation, agent.user, since=since) if by_mail else None
    sets = sets_for(conversation) if wraps_up or (mails and mails.closing) else []
    messages = mails.messages if mails else messages_before(conversation_id, conversation.last_number + 1, limit=THREAD)
    browser = None if by_mail else browser_of(conversation)
    return Thread(
        conversation=conversation,
        messages=messages,
        mails=mails,
        marks=conversation_marks(conversation.pk),
        sets=sets,
        choices=list(conversation.dispositions.all()) if conversation.state == State.CLOSED else [],
        earlier=_earlier(conversation, agent.user),
        event_lines=event_lines_of(conversation),
        snooze=snooze_bar(conversation, getattr(conversation, "reply_clock", None)),
        survey=survey_bar(conversation),
        wrap_up_draft=_wrap_up_draft(conversation, sets) if wraps_up else None,
        browser=browser,
        draft=drafts_of(conversation.pk, agent.pk).first() if conversation.state in DRAFT_STATES else None,
        skills_bar=skills_bar(conversation),
        may_redact=may_redact(agent.user, conversation),
        panel=panel_of(conversation, agent.user, is_known=is_known, topic=browser.topic if browser else ""),
        forms=form_cards_of(conversation, agent.user) if conversation.has_forms else {},
        offers_forms=conversation.offers_forms,
    )


def _wrap_up_draft(conversation: Conversation, sets: list[OfferedSet]) -> WrapUpDraft:
    outcome = getattr(conversation, "outcome", None)
    chosen = {code_set: code.pk for code_set, code in draft_of(conversation, sets).items()}
    return WrapUpDraft(outcome.description if outcome else "", chosen)


def _earlier(conversation: Conversation, user: User) -> list[Conversation]:
    """The same customer's other conversations that this user may see, the newest first (CON-5)."""
    others = conversations_readable_by(user).filter(contact=conversation.contact_id).exclude(pk=conversation.pk)
    newest = others.select_related("queue", "agent", "survey_request").prefetch_related("dispositions")
    return list(newest.order_by("-first_arrived_at")[:EARLIER])


def messages_page_before(agent_id: UUID, conversation_id: UUID, number: int) -> list[Message] | None:
    """The lines before a number; none when the conversation is not this agent's."""
    if not Conversation.objects.filter(pk=conversation_id, agent=agent_id).exists():
        return None
    return messages_before(conversation_id, number, limit=THREAD)
