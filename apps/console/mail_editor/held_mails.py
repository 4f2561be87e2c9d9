"""Mails that can still be taken back (EML-8): what stands where their conversations will, and their wrap-up."""

from dataclasses import dataclass, field
from uuid import UUID

from apps.accounts.models import User
from apps.conversations.choices import State
from apps.conversations.models import Conversation
from apps.conversations.text import preview_line
from apps.dispositions.selectors import OfferedSet, sets_for
from apps.email.models import MailDraft, OutboundMail
from apps.mailout.selectors.outbox import held_mails
from apps.queues.choices import AcwMode


@dataclass(frozen=True)
class HeldMail:
    """A new mail on its way out: its conversation begins when it has left.

    Attributes:
        row: the mail, held.
        sets: what its wrap-up shows, when it is asked for at once.
    """

    row: OutboundMail
    sets: list[OfferedSet] = field(default_factory=list)

    @property
    def conversation(self) -> Conversation:
        """The one that it begins."""
        return self.row.conversation

    @property
    def draft(self) -> MailDraft:
        """What it says."""
        if self.row.draft is None:
            raise ValueError("only a held mail has its draft")
        return self.row.draft

    @property
    def subject(self) -> str:
        """What will head the thread."""
        return self.draft.subject

    @property
    def line(self) -> str:
        """Its first words."""
        return preview_line(self.draft.body)

    @property
    def has_wrap_up(self) -> bool:
        """Whether its agent says already how the conversation went."""
        return has_wrap_up(self.row)


def has_wrap_up(row: OutboundMail) -> bool:
    """Whether a mail that is held ends its conversation, and that one has a wrap-up: then it is asked for (EML-8)."""
    return row.close_after and row.conversation.queue.acw_mode != AcwMode.OFF


def held_mails_of(user: User) -> list[HeldMail]:
    """The new mails of somebody that are on their way out, the oldest first."""
    return [HeldMail(row) for row in held_mails(user) if row.conversation.state == State.ARRIVED]


def held_mail_in(user: User, conversation_id: UUID) -> HeldMail | None:
    """The new mail of somebody that begins this conversation, with what its wrap-up shows; none when there is none."""
    found = next((each for each in held_mails_of(user) if each.conversation.pk == conversation_id), None)
    if found is None or not found.has_wrap_up:
        return found
    # Whose it is going to be: which outcomes there are depends on their group.
    found.conversation.agent_id = user.pk
    return HeldMail(found.row, sets_for(found.conversation))
