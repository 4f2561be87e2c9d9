"""The customer's socket."""

from contextlib import suppress
from typing import Any, ClassVar
from uuid import UUID

import msgspec
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.chat import actions, limits, selectors
from apps.chat import frames as chat
from apps.chat.devices import device_of, user_agent_of
from apps.chat.identity import identity_read
from apps.chat.models import WidgetChannel
from apps.chat.presence import BEAT_SECONDS, presence_drop, presence_keep
from apps.chat.text import Attributes, clean_attributes, clean_page, clean_pages, clean_seen
from apps.chat.tokens import file_key_make
from apps.chat.transcript import speaking
from apps.conversations.actions import Enclosed, FirstMessage, conversation_end, marks_move, message_post
from apps.conversations.choices import OPEN_TO_CUSTOMER, Side
from apps.conversations.frames import (
    ConversationFrame,
    MarksFrame,
    RedactedFrame,
    TypingFrame,
    conversation_view,
    message_view,
)
from apps.conversations.models import Conversation, Mark, Message
from apps.conversations.selectors import PAGE, marks_of, messages_after, messages_before, redacted_in
from apps.core.errors import DomainError
from apps.files.actions import file_expect
from apps.files.models import Uploader
from apps.files.tickets import upload_terms
from apps.forms.frames import forms_view
from apps.masking.choices import Who
from apps.masking.selectors import masked
from apps.realtime.consumers import SocketConsumer
from apps.realtime.frame_handlers import receives
from apps.realtime.frames import CLOSE_GONE
from apps.realtime.groups import agent_group, conversation_group
from apps.realtime.publish import publish_now, whisper
from apps.realtime.socket import Closed
from apps.routing.waiting_view import waiting_view
from apps.surveys.actions import Answer, survey_answer
from apps.surveys.choices import Via
from apps.surveys.frames import SurveyView, survey_view, survey_view_of
from apps.tenants.models import Tenant

CUSTOMER_EVENTS = frozenset({"message", "redacted", "conversation", "marks", "typing", "resync"})
"""What a customer may be told; whatever else is published to a conversation's group is the company's own."""

Fields = dict[str, Any]


class WidgetConsumer(SocketConsumer):
    """One customer page. It touches only conversations that its own browser has opened."""

    hello = chat.WidgetHello
    rate = 10.0
    burst: ClassVar[int] = 40
    beat_seconds = BEAT_SECONDS

    def __init__(self, scope: Any, receive: Any, send: Any) -> None:
        super().__init__(scope, receive, send)
        self._channel: WidgetChannel
        self._opened: actions.Opened
        self._page: dict[str, str] = {}
        self._pages: list[dict[str, str]] = []
        self._attributes: Attributes = {}
        self._name = ""
        # Conversations found to be this browser's, with the agent who has each now: typing asks the database nothing.
        self._mine: dict[UUID, UUID | None] = {}

    # --- Hooks

    async def on_hello(self, hello: chat.WidgetHello) -> Fields:
        """Recognise the browser and show it its conversation.

        Raises:
            DomainError: ``token_refused`` (the page starts afresh), ``slow_down``.
            Closed: there is no such widget.
        """
        try:
            newest = await self.db(self._open, hello)
        except DomainError as refused:
            if refused.code != "channel_unknown":
                raise
            self.refuse(hello, refused)
            raise Closed(CLOSE_GONE) from None
        if newest is not None:
            await self.join(conversation_group(newest))
        return await self.db(self._greeting, newest)

    def on_refused_hello(self, field: str) -> None:
        """A key that is no text is no widget's."""
        if field == "channel":
            raise Closed(CLOSE_GONE)

    async def on_event(self, kind: str, text: str) -> bool:
        """Keep what is not the customer's to know from going out; note which agent to tell about typing."""
        if kind == "typing":
            return msgspec.json.decode(text, type=TypingFrame).side != Side.CUSTOMER
        if kind == "conversation":
            view = msgspec.json.decode(text, type=ConversationFrame).conversation
            self._mine[view.id] = view.agent.id if view.agent else None
        return kind in CUSTOMER_EVENTS

    async def check_alive(self) -> None:
        """End the socket when the widget is switched off or the tenant frozen."""
        if hasattr(self, "_opened") and not await self.db(self._still_there):
            raise Closed(CLOSE_GONE)

    async def on_gone(self) -> None:
        """Note that this page was closed: EDG-2."""
        if self._mine:
            await self.db(self._leave)

    # --- Frames

    @receives(chat.Start)
    async def on_start(self, frame: chat.Start) -> Fields:
        """Open a conversation."""
        async with self.hold_events():
            message = await self.db(self._start, frame)
            await self.join(conversation_group(message.conversation_id))
            # Read again: an agent may have been found before this socket was listening.
            return await self.db(self._begun, message)

    @receives(chat.Send)
    async def on_send(self, frame: chat.Send) -> Fields:
        """Store what the customer writes."""
        return {"message": message_view(await self.db(self._send_message, frame))}

    @receives(chat.Upload)
    async def on_upload(self, frame: chat.Upload) -> Fields:
        """Say where to send a file to."""
        return await self.db(self._upload, frame)

    @receives(chat.FileKey)
    async def on_file_key(self, frame: chat.FileKey) -> Fields:
        """Hand out a new key to the files of this browser's conversations, for a page that stays open for long."""
        del frame
        return {"file_key": await self.db(file_key_make, self._opened.visitor_id)}

    @receives(chat.Typing, quiet=True)
    async def on_typing(self, frame: chat.Typing) -> None:
        """Tell the agent that the customer types."""
        if frame.conversation not in self._mine:
            await self.db(self._own, frame.conversation)
        agent_id = self._mine[frame.conversation]
        groups = [conversation_group(frame.conversation), *([agent_group(agent_id)] if agent_id else [])]
        told = TypingFrame(conversation=frame.conversation, side=Side.CUSTOMER, name=self._name, on=frame.on)
        await whisper(self.schema, groups, told)

    @receives(chat.Mark, quiet=True)
    async def on_mark(self, frame: chat.Mark) -> None:
        """Note how far the customer has received and read."""
        await self.db(self._move_marks, frame)

    @receives(chat.End)
    async def on_end(self, frame: chat.End) -> Fields:
        """End the chat for the customer."""
        return {"conversation": conversation_view(await self.db(self._end_conversation, frame))}

    @receives(chat.LeaveEmail)
    async def on_leave_email(self, frame: chat.LeaveEmail) -> Fields:
        """Keep the address that the customer wants to be written to."""
        return {"email": await self.db(self._leave_email, frame)}

    @receives(chat.MailTranscript)
    async def on_mail_transcript(self, frame: chat.MailTranscript) -> Fields:
        """Have the conversation mailed to the customer."""
        return {"email": await self.db(self._mail_transcript, frame)}

    @receives(chat.AnswerSurvey)
    async def on_answer_survey(self, frame: chat.AnswerSurvey) -> Fields:
        """Keep what the customer answers after the chat."""
        return {"survey": await self.db(self._answer_survey, frame)}

    @receives(chat.MovePage, quiet=True)
    async def on_page(self, frame: chat.MovePage) -> None:
        """Note which page of the site the customer is on now."""
        await self.db(self._move_page, frame)

    @receives(chat.SetAttributes, quiet=True)
    async def on_attributes(self, frame: chat.SetAttributes) -> None:
        """Keep what the site says about its customer."""
        await self.db(self._set_attributes, frame)

    @receives(chat.Sync)
    async def on_sync(self, frame: chat.Sync) -> Fields:
        """Tell the page what it lacks; listen first, then read."""
        for conversation_id in frame.conversations:
            if conversation_id not in self._mine:
                await self.db(self._own, conversation_id)
                await self.join(conversation_group(conversation_id))
        return await self.db(self._read_since, frame)

    @receives(chat.History)
    async def on_history(self, frame: chat.History) -> Fields:
        """Tell the page what came before."""
        return await self.db(self._read_before, frame)

    # --- In the tenant, on a thread

    def _open(self, hello: chat.WidgetHello) -> UUID | None:
        limits.limit_take(limits.HELLO_BY_ADDRESS, limits.network_of_socket(self.scope))
        channel = selectors.channel_find(hello.channel)
        if channel is None:
            raise DomainError("channel_unknown", _("This chat is not available."))
        self._page = clean_page(msgspec.structs.asdict(hello.page)) | device_of(user_agent_of(self.scope))
        self._channel = channel
        self._opened = self._recognise(channel, hello)
        if self._opened.visitor is None:
            return None
        self._name = self._opened.visitor.name
        newest = selectors.visit_newest(self._opened.visitor_id)
        return newest.pk if newest else None

    def _recognise(self, channel: WidgetChannel, hello: chat.WidgetHello) -> actions.Opened:
        self._attributes = clean_attributes(hello.attributes)
        self._pages = clean_pages(map(msgspec.structs.asdict, hello.pages or []))
        opened = actions.visitor_open(
            channel=channel,
            token=hello.token,
            page=self._page,
            identity=identity_read(hello.identity, channel=channel.pk) if hello.identity else None,
            pages=self._pages if hello.pages is not None else None,
        )
        if opened.visitor is not None and self._attributes:
            actions.visitor_attributes_set(visitor_id=opened.visitor_id, attributes=self._attributes)
        return opened

    def _greeting(self, newest: UUID | None) -> Fields:
        fields: Fields = {
            "server_time": timezone.now(),
            "token": self._opened.token,
            "channel": chat.channel_view(self._channel),
            "contact": chat.contact_view(self._opened.visitor),
            "conversation": None,
            "messages": [],
            "more": False,
            "marks": [],
            "waiting": None,
            "email_left": "",
            "survey": None,
            "forms": [],
            "staffed": selectors.is_staffed(self._channel.queue),
            "file_key": file_key_make(self._opened.visitor_id),
        }
        if newest is None:
            return fields
        snapshot = selectors.snapshot_of(self._opened.visitor_id, newest)
        self._note(snapshot.conversation)
        self._be_here(snapshot.conversation)
        return fields | {
            "conversation": conversation_view(snapshot.conversation),
            "messages": [message_view(message) for message in snapshot.messages],
            "more": snapshot.more,
            "marks": [_marks_frame(mark) for mark in snapshot.marks],
            "waiting": waiting_view(snapshot.conversation),
            "email_left": selectors.email_left(newest),
            "survey": survey_view_of(snapshot.conversation),
            "forms": forms_view(newest),
        }

    def _start(self, frame: chat.Start) -> Message:
        most = limits.START_BY_ADDRESS.of(self._channel.pk, self._channel.starts_per_hour)
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
            first=FirstMessage(client_id=frame.client_id, body=frame.body, enclosed=self._enclosed(frame.files)),
        )
        self._name = actions.name_kept(self._channel, frame.name) or self._name
        presence_keep(self._whose, self.channel_name)
        return message

    def _begun(self, message: Message) -> Fields:
        conversation = self._own(message.conversation_id)
        return {
            "conversation": conversation_view(conversation),
            "message": message_view(message),
            "waiting": waiting_view(conversation),
        }

    def _own(self, conversation_id: UUID) -> Conversation:
        """One of this browser's conversations.

        Raises:
            DomainError: ``conversation_unknown``.
        """
        conversation = selectors.conversation_of(self._opened.visitor_id, conversation_id)
        self._note(conversation)
        return conversation

    def _note(self, conversation: Conversation) -> None:
        self._mine[conversation.pk] = conversation.agent_id

    def _send_message(self, frame: chat.Send) -> Message:
        if frame.conversation not in self._mine:
            self._own(frame.conversation)
        most = limits.SEND_BY_VISITOR.of(self._channel.pk, self._channel.messages_per_minute)
        limits.limit_take(most, self._opened.visitor_id.hex)
        return message_post(
            conversation_id=frame.conversation,
            side=Side.CUSTOMER,
            client_id=frame.client_id,
            body=frame.body,
            actor=None,
            enclosed=self._enclosed(frame.files),
        )

    def _enclosed(self, files: tuple[UUID, ...]) -> Enclosed | None:
        return Enclosed(files, Uploader(outsider_id=self._opened.visitor_id)) if files else None

    def _upload(self, frame: chat.Upload) -> Fields:
        limits.limit_take(limits.UPLOAD_BY_ADDRESS, limits.network_of_socket(self.scope))
        limits.limit_take(limits.UPLOAD_BY_VISITOR, self._opened.visitor_id.hex)
        conversation = self._own(frame.conversation) if frame.conversation else None
        if conversation is not None and conversation.state not in OPEN_TO_CUSTOMER:
            raise DomainError("conversation_ended", _("This conversation has ended."))
        uploader = Uploader(outsider_id=self._opened.visitor_id)
        queue_id = conversation.queue_id if conversation else self._channel.queue_id
        name = masked(frame.name, queue_id=queue_id, who=Who.CUSTOMER).text
        file = file_expect(name=name, size=frame.size, uploader=uploader, scope=frame.conversation)
        return upload_terms(file)

    def _move_marks(self, frame: chat.Mark) -> None:
        conversation = self._own(frame.conversation)
        marks_move(conversation=conversation, side=Side.CUSTOMER, delivered=frame.delivered, read=frame.read)

    def _end_conversation(self, frame: chat.End) -> Conversation:
        self._own(frame.conversation)
        return conversation_end(conversation_id=frame.conversation, by=Side.CUSTOMER, actor=None)

    def _leave_email(self, frame: chat.LeaveEmail) -> str:
        limits.limit_take(limits.EMAIL_BY_ADDRESS, limits.network_of_socket(self.scope))
        limits.limit_take(limits.EMAIL_BY_VISITOR, self._opened.visitor_id.hex)
        return actions.visitor_leave_email(
            visitor_id=self._opened.visitor_id, conversation_id=frame.conversation, email=frame.email
        )

    def _mail_transcript(self, frame: chat.MailTranscript) -> str:
        limits.limit_take(limits.MAIL_BY_ADDRESS, limits.network_of_socket(self.scope))
        limits.limit_take(limits.MAIL_BY_VISITOR, self._opened.visitor_id.hex)
        with speaking(frame.language, frame.time_zone):
            return actions.visitor_mail_transcript(
                channel=self._channel,
                visitor_id=self._opened.visitor_id,
                conversation_id=frame.conversation,
                client_id=frame.client_id,
                email=frame.email,
            )

    def _answer_survey(self, frame: chat.AnswerSurvey) -> SurveyView:
        limits.limit_take(limits.SURVEY_BY_VISITOR, self._opened.visitor_id.hex)
        conversation = self._own(frame.conversation)
        answer = Answer(frame.score, frame.comment)
        request = survey_answer(conversation_id=frame.conversation, answer=answer, via=Via.WIDGET)
        return survey_view(request, conversation.language)

    def _move_page(self, frame: chat.MovePage) -> None:
        with suppress(DomainError):  # Of a page that changes its address all the time every one need not be known.
            limits.limit_take(limits.PAGE_BY_VISITOR, self._opened.visitor_id.hex)
            told = clean_page(msgspec.structs.asdict(frame))
            seen = clean_seen(msgspec.structs.asdict(frame))
            self._page = {**self._page, "url": told["url"], "title": told["title"]}
            self._pages = clean_pages([*self._pages, seen])
            actions.visitor_page_move(visitor_id=self._opened.visitor_id, page=told, seen=seen)

    def _set_attributes(self, frame: chat.SetAttributes) -> None:
        limits.limit_take(limits.ATTRIBUTES_BY_VISITOR, self._opened.visitor_id.hex)
        told = clean_attributes(frame.attributes)
        self._attributes = clean_attributes({**self._attributes, **told})
        actions.visitor_attributes_set(visitor_id=self._opened.visitor_id, attributes=told)

    def _read_since(self, frame: chat.Sync) -> Fields:
        conversations = selectors.conversations_of(self._opened.visitor_id, list(frame.conversations))
        messages, more = {}, []
        for conversation in conversations:
            self._note(conversation)
            held = frame.conversations[conversation.pk]
            lines = messages_after(conversation.pk, held) if held < conversation.last_number else []
            messages[str(conversation.pk)] = [message_view(line) for line in lines]
            if len(lines) == PAGE and lines[-1].number < conversation.last_number:
                more.append(conversation.pk)
        return {
            "server_time": timezone.now(),
            "messages": messages,
            "more": more,
            "conversations": [conversation_view(conversation) for conversation in conversations],
            "redacted": [
                RedactedFrame(conversation=each.conversation_id, message=message_view(each))
                for each in redacted_in(conversations)
            ],
            "marks": [_marks_frame(mark) for pk in frame.conversations for mark in marks_of(pk).values()],
            # A browser has one open conversation at a time, so one at most waits.
            "waiting": next(filter(None, map(waiting_view, conversations)), None),
            # It shows one conversation at a time, so of that one.
            "survey": next(filter(None, map(survey_view_of, conversations)), None),
            "forms": [view for each in conversations for view in forms_view(each.pk)],
        }

    def _read_before(self, frame: chat.History) -> Fields:
        self._own(frame.conversation)
        lines = messages_before(frame.conversation, frame.before, limit=selectors.SHOWN)
        return {
            "messages": [message_view(line) for line in lines],
            "more": bool(lines) and lines[0].number > 1,
        }

    def _still_there(self) -> bool:
        if self._mine:
            presence_keep(self._whose, self.channel_name)
        active = WidgetChannel.objects.filter(pk=self._channel.pk, is_active=True).exists()
        return active and Tenant.objects.filter(pk=self.scope["tenant"].pk, is_frozen=False).exists()

    @property
    def _whose(self) -> UUID:
        """Under whom this page counts as open."""
        visitor = self._opened.visitor
        return visitor.whose if visitor else self._opened.visitor_id

    def _be_here(self, conversation: Conversation) -> None:
        """This page is open; an agent who was told that none was is told that one is (EDG-2)."""
        if presence_keep(self._whose, self.channel_name):
            self._tell_agent(conversation, here=True)

    def _leave(self) -> None:
        if not presence_drop(self._whose, self.channel_name):
            return  # Another page is open.
        for conversation in Conversation.objects.filter(pk__in=list(self._mine), state__in=OPEN_TO_CUSTOMER):
            self._tell_agent(conversation, here=False)
        actions.visitor_leave(visitor_id=self._opened.visitor_id)

    @staticmethod
    def _tell_agent(conversation: Conversation, *, here: bool) -> None:
        if conversation.agent_id and conversation.state in OPEN_TO_CUSTOMER:
            told = chat.VisitorFrame(conversation=conversation.pk, here=here)
            publish_now(told, groups=[agent_group(conversation.agent_id)])


def _marks_frame(mark: Mark) -> MarksFrame:
    return MarksFrame(conversation=mark.conversation_id, side=mark.side, delivered=mark.delivered, read=mark.read)
