"""The console's socket: what is done with each frame that a page sends."""

import time
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from apps.accounts.permissions import Permission
from apps.console.choices import Refusal
from apps.console.frames import (
    History,
    HistoryAck,
    KeepDraft,
    KeepDraftAck,
    Mark,
    Send,
    SendAck,
    Sync,
    SyncAck,
    Typing,
    Upload,
)
from apps.console.selectors.own import conversation_owned_by, is_by_mail
from apps.console.session import ConsoleSession
from apps.console.sync import sync_ack
from apps.console.thread.selectors.thread import messages_page_before
from apps.console.tray.selectors.queues import queues_for
from apps.conversations.actions import marks_advance, message_post, message_upload_announce
from apps.conversations.choices import ENDED_STATES, Side
from apps.conversations.frames import TypingFrame, message_view
from apps.conversations.models import Conversation
from apps.conversations.steps import AttachedFiles, MessageDraft
from apps.core.errors import DomainError
from apps.files.frames import UploadTerms
from apps.files.models import Uploader
from apps.realtime.frame_handlers import receives
from apps.realtime.publish import conversation_group, publish_unstored
from apps.responses.actions import draft_save

QUEUES_SECONDS = 10.0
"""How often a console is told at most whether its list of queues is out of date (RTE-12)."""
OWNED_SECONDS = 5.0
"""How long it is believed, for typing alone, that a conversation is still this agent's."""


class ConsoleConsumer(ConsoleSession):
    """One console page, and what it asks for."""

    def __init__(self, scope: Any, receive: Any, send: Any) -> None:
        super().__init__(scope, receive, send)
        self._queues_after = 0.0

    # --- Writing

    @receives(Send)
    def send(self, frame: Send) -> SendAck:
        """Store a message once (CHAT-10)."""
        user = self._agent().user
        if is_by_mail(user.pk, frame.conversation):
            raise DomainError(Refusal.BY_MAIL, _("This conversation is by email: answer with a mail."))
        message = message_post(
            conversation_id=frame.conversation,
            draft=MessageDraft(
                side=Side.AGENT,
                client_id=frame.client_id,
                body=frame.body,
                author=user,
                attached=AttachedFiles(frame.files, Uploader(user_id=user.pk)) if frame.files else None,
            ),
        )
        return SendAck(message=message_view(message))

    @receives(KeepDraft)
    def keep_draft(self, frame: KeepDraft) -> KeepDraftAck:
        """Keep what is begun and not sent; pages send it every two seconds at most, and when one leaves."""
        draft = draft_save(conversation_id=frame.conversation, body=frame.body, actor=self._agent().user)
        return KeepDraftAck(saved_at=draft.saved_at if draft else None)

    @receives(Upload)
    def upload(self, frame: Upload) -> UploadTerms:
        """Say where to send a file to (CHAT-9)."""
        it = self._upload_for(frame.conversation)
        return message_upload_announce(
            name=frame.name,
            size=frame.size,
            uploader=Uploader(user_id=self._user_id),
            side=Side.AGENT,
            queue_id=it.queue_id if it else None,
            conversation_id=it.pk if it else None,
        )

    def _upload_for(self, conversation_id: UUID | None) -> Conversation | None:
        """What a file is for: a conversation of one's own, or a new mail, where there is none yet."""
        agent = self._agent()
        if conversation_id is None:
            if not agent.user.may(Permission.OUTBOUND):
                raise DomainError(Refusal.NOT_ALLOWED, _("Your role does not begin conversations by email."))
            return None
        conversation = conversation_owned_by(agent.pk, conversation_id)
        if conversation is None:
            raise _not_yours()
        if conversation.state in ENDED_STATES:
            raise DomainError(Refusal.CONVERSATION_ENDED, _("This conversation has ended."))
        return conversation

    @receives(Typing, quiet=True)
    async def typing(self, frame: Typing) -> None:
        """Whisper to the customer; nothing is stored (CHAT-6)."""
        now = time.monotonic()
        if self._owned.get(frame.conversation, 0) < now:
            await self.db(self._check_owned, frame.conversation)
            self._owned[frame.conversation] = now + OWNED_SECONDS
        told = TypingFrame(conversation=frame.conversation, side=Side.AGENT, name=self._name, on=frame.on)
        await publish_unstored(self.schema, [conversation_group(frame.conversation)], told)

    def _check_owned(self, conversation_id: UUID) -> None:
        if conversation_owned_by(self._agent().pk, conversation_id) is None:
            raise _not_yours()

    @receives(Mark, quiet=True)
    def mark(self, frame: Mark) -> None:
        """How far the agent has received and read (CHAT-4)."""
        conversation = conversation_owned_by(self._agent().pk, frame.conversation)
        if conversation is None:
            raise _not_yours()
        marks_advance(conversation=conversation, side=Side.AGENT, delivered=frame.delivered, read=frame.read)

    # --- Reading

    @receives(Sync)
    def sync(self, frame: Sync) -> SyncAck:
        """What this console does not hold yet, and whether its tray is out of date."""
        agent = self._agent()
        return sync_ack(agent, frame, queues=queues_for(agent).digest if self._tells_queues() else None)

    def _tells_queues(self) -> bool:
        """Whether it is time to say what the list of queues stands for now."""
        now = time.monotonic()
        if now < self._queues_after:
            return False
        self._queues_after = now + QUEUES_SECONDS
        return True

    @receives(History)
    def history(self, frame: History) -> HistoryAck:
        """Older lines of one of the agent's conversations."""
        lines = messages_page_before(self._agent().pk, frame.conversation, frame.before)
        if lines is None:
            raise _not_yours()
        return HistoryAck(messages=[message_view(line) for line in lines], more=bool(lines) and lines[0].number > 1)


def _not_yours() -> DomainError:
    return DomainError(Refusal.NOT_YOURS, _("This conversation is not with you."))
