"""The customer's socket: what is done with each frame that a page sends."""

from contextlib import suppress
from dataclasses import replace
from uuid import UUID

import msgspec
from django.utils.translation import gettext as _

from apps.chat import actions, answers, limits, selectors
from apps.chat import frames as chat
from apps.chat.choices import Refusal
from apps.chat.presence import presence_keep
from apps.chat.session import WidgetSession
from apps.chat.text import clean_attributes, clean_page, clean_pages, clean_seen
from apps.chat.tokens import file_key_make
from apps.chat.transcript import customer_locale
from apps.conversations.actions import conversation_end, marks_advance, message_post, message_upload_announce
from apps.conversations.choices import CUSTOMER_OPEN_STATES, Side
from apps.conversations.frames import TypingFrame, conversation_view, message_view
from apps.conversations.models import Message
from apps.conversations.steps import AttachedFiles, MessageDraft
from apps.core.errors import DomainError
from apps.files.frames import UploadTerms
from apps.files.models import Uploader
from apps.realtime.frame_handlers import receives
from apps.realtime.publish import agent_group, conversation_group, publish_unstored
from apps.surveys.actions import Answer, survey_answer
from apps.surveys.choices import Via


class WidgetConsumer(WidgetSession):
    """One customer page, and what it asks for."""

    # --- Writing

    @receives(chat.Start)
    async def start(self, frame: chat.Start) -> chat.StartAck:
        """Open a conversation."""
        async with self.hold_events():
            message = await self.db(self._start, frame)
            await self.join(conversation_group(message.conversation_id))
            # Read again: an agent may have been found before this socket was listening.
            return await self.db(lambda: answers.start_ack(self._own(message.conversation_id), message))

    def _start(self, frame: chat.Start) -> Message:
        most = limits.START_BY_ADDRESS.for_owner(self._channel.pk, self._channel.starts_per_hour)
        limits.limit_take(most, limits.network_of_socket(self.scope))
        limits.limit_take(limits.START_BY_VISITOR, self._opened.visitor_id.hex)
        who = actions.Introduction(
            name=frame.name,
            email=frame.email,
            phone=frame.phone,
            topic=frame.topic,
            page=self._page,
            pages=self._pages,
            attributes=self._attributes,
        )
        message = actions.visitor_start(
            channel=self._channel,
            opened=self._opened,
            start_key=frame.start_key,
            who=who,
            first=MessageDraft(client_id=frame.client_id, body=frame.body, attached=self._enclosed(frame.files)),
        )
        visitor = message.conversation.visit.visitor
        self._opened, self._name = replace(self._opened, visitor=visitor), visitor.name
        presence_keep(self._whose, self.channel_name)
        return message

    @receives(chat.Send)
    def send(self, frame: chat.Send) -> chat.SendAck:
        """Store what the customer writes."""
        if frame.conversation not in self._mine:
            self._own(frame.conversation)
        most = limits.SEND_BY_VISITOR.for_owner(self._channel.pk, self._channel.messages_per_minute)
        limits.limit_take(most, self._opened.visitor_id.hex)
        message = message_post(
            conversation_id=frame.conversation,
            draft=MessageDraft(
                side=Side.CUSTOMER, client_id=frame.client_id, body=frame.body, attached=self._enclosed(frame.files)
            ),
        )
        return chat.SendAck(message=message_view(message))

    def _enclosed(self, files: tuple[UUID, ...]) -> AttachedFiles | None:
        return AttachedFiles(files, Uploader(outsider_id=self._opened.visitor_id)) if files else None

    @receives(chat.Upload)
    def upload(self, frame: chat.Upload) -> UploadTerms:
        """Say where to send a file to."""
        limits.limit_take(limits.UPLOAD_BY_ADDRESS, limits.network_of_socket(self.scope))
        limits.limit_take(limits.UPLOAD_BY_VISITOR, self._opened.visitor_id.hex)
        conversation = self._own(frame.conversation) if frame.conversation else None
        if conversation is not None and conversation.state not in CUSTOMER_OPEN_STATES:
            raise DomainError(Refusal.CONVERSATION_ENDED, _("This conversation has ended."))
        return message_upload_announce(
            name=frame.name,
            size=frame.size,
            uploader=Uploader(outsider_id=self._opened.visitor_id),
            side=Side.CUSTOMER,
            queue_id=conversation.queue_id if conversation else self._channel.queue_id,
            conversation_id=frame.conversation,
        )

    @receives(chat.FileKey)
    def file_key(self, frame: chat.FileKey) -> chat.FileKeyAck:
        """Hand out a new key to the files of this browser's conversations, for a page that stays open for long."""
        del frame
        return chat.FileKeyAck(file_key=file_key_make(self._opened.visitor_id))

    @receives(chat.Typing, quiet=True)
    async def typing(self, frame: chat.Typing) -> None:
        """Tell the agent that the customer types."""
        if frame.conversation not in self._mine:
            await self.db(self._own, frame.conversation)
        agent_id = self._mine[frame.conversation]
        groups = [conversation_group(frame.conversation), *([agent_group(agent_id)] if agent_id else [])]
        told = TypingFrame(conversation=frame.conversation, side=Side.CUSTOMER, name=self._name, on=frame.on)
        await publish_unstored(self.schema, groups, told)

    # --- Reading

    @receives(chat.Mark, quiet=True)
    def mark(self, frame: chat.Mark) -> None:
        """Note how far the customer has received and read."""
        conversation = self._own(frame.conversation)
        marks_advance(conversation=conversation, side=Side.CUSTOMER, delivered=frame.delivered, read=frame.read)

    @receives(chat.Sync)
    async def sync(self, frame: chat.Sync) -> chat.SyncAck:
        """Tell the page what it lacks; listen first, then read."""
        for conversation_id in frame.conversations:
            if conversation_id not in self._mine:
                await self.db(self._own, conversation_id)
                await self.join(conversation_group(conversation_id))
        return await self.db(self._sync, frame)

    def _sync(self, frame: chat.Sync) -> chat.SyncAck:
        conversations = selectors.conversations_of(self._opened.visitor_id, list(frame.conversations))
        for conversation in conversations:
            self._note(conversation)
        return answers.sync_ack(conversations, frame.conversations)

    @receives(chat.History)
    def history(self, frame: chat.History) -> chat.HistoryAck:
        """Tell the page what came before."""
        self._own(frame.conversation)
        return answers.history_ack(frame.conversation, frame.before)

    # --- The end, and after it

    @receives(chat.End)
    def end(self, frame: chat.End) -> chat.EndAck:
        """End the chat for the customer."""
        self._own(frame.conversation)
        conversation = conversation_end(conversation_id=frame.conversation, by=Side.CUSTOMER, actor=None)
        return chat.EndAck(conversation=conversation_view(conversation))

    @receives(chat.LeaveEmail)
    def leave_email(self, frame: chat.LeaveEmail) -> chat.EmailAck:
        """Keep the address that the customer wants to be written to."""
        limits.limit_take(limits.EMAIL_BY_ADDRESS, limits.network_of_socket(self.scope))
        limits.limit_take(limits.EMAIL_BY_VISITOR, self._opened.visitor_id.hex)
        email = actions.visitor_leave_email(
            visitor_id=self._opened.visitor_id, conversation_id=frame.conversation, email=frame.email
        )
        return chat.EmailAck(email=email)

    @receives(chat.MailTranscript)
    def mail_transcript(self, frame: chat.MailTranscript) -> chat.EmailAck:
        """Have the conversation mailed to the customer."""
        limits.limit_take(limits.MAIL_BY_ADDRESS, limits.network_of_socket(self.scope))
        limits.limit_take(limits.MAIL_BY_VISITOR, self._opened.visitor_id.hex)
        with customer_locale(frame.language, frame.time_zone):
            email = actions.visitor_mail_transcript(
                channel=self._channel,
                visitor_id=self._opened.visitor_id,
                conversation_id=frame.conversation,
                client_id=frame.client_id,
                email=frame.email,
            )
        return chat.EmailAck(email=email)

    @receives(chat.AnswerSurvey)
    def answer_survey(self, frame: chat.AnswerSurvey) -> chat.AnswerSurveyAck:
        """Keep what the customer answers after the chat."""
        limits.limit_take(limits.SURVEY_BY_VISITOR, self._opened.visitor_id.hex)
        conversation = self._own(frame.conversation)
        answer = Answer(frame.score, frame.comment)
        request = survey_answer(conversation_id=frame.conversation, answer=answer, via=Via.WIDGET)
        return answers.survey_ack(request, conversation.language)

    # --- What the site says

    @receives(chat.MovePage, quiet=True)
    def move_page(self, frame: chat.MovePage) -> None:
        """Note which page of the site the customer is on now."""
        with suppress(DomainError):  # Of a page that changes its address all the time every one need not be known.
            limits.limit_take(limits.PAGE_BY_VISITOR, self._opened.visitor_id.hex)
            told = clean_page(msgspec.structs.asdict(frame))
            seen = clean_seen(msgspec.structs.asdict(frame))
            self._page = {**self._page, "url": told["url"], "title": told["title"]}
            self._pages = clean_pages([*self._pages, seen])
            actions.visitor_page_move(visitor_id=self._opened.visitor_id, page=told, seen=seen)

    @receives(chat.SetAttributes, quiet=True)
    def set_attributes(self, frame: chat.SetAttributes) -> None:
        """Keep what the site says about its customer."""
        limits.limit_take(limits.ATTRIBUTES_BY_VISITOR, self._opened.visitor_id.hex)
        told = clean_attributes(frame.attributes)
        self._attributes = clean_attributes({**self._attributes, **told})
        actions.visitor_attributes_set(visitor_id=self._opened.visitor_id, attributes=told)
