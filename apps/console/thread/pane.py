"""The thread of a conversation as its pane shows it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from apps.chat.selectors import PAGE, Browser
from apps.console.forms.selectors import FormCard
from apps.console.mail.selectors.mails import Mails
from apps.console.mail.tiles import MachineLine, Tile
from apps.console.panel.selectors import Panel
from apps.console.snooze.selectors import SnoozeBar
from apps.console.survey.selectors import SurveyBar
from apps.console.thread.messages import MessageLine, NoteLine, lines_with_notes, message_lines
from apps.console.thread.selectors.timeline import EventLine, entries_by_time, mark_repeated_transfers
from apps.console.transfer.selectors import SkillsBar
from apps.console.wrap_up.forms import WrapUpDraft
from apps.conversations.actions import may_unmark_spam
from apps.conversations.choices import CUSTOMER_OPEN_STATES, State
from apps.conversations.models import Conversation, Mark, Message
from apps.dispositions.models import Choice
from apps.dispositions.selectors import OfferedSet
from apps.email.models import OutboundMail
from apps.notes.models import Note
from apps.responses.models import Draft


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
