"""What a customer's page is answered: its welcome, and acks that hold more than one line."""

from collections.abc import Mapping
from uuid import UUID

import msgspec
from django.utils import timezone

from apps.chat import frames as chat
from apps.chat import selectors
from apps.chat.actions import OpenedVisitor
from apps.chat.models import WidgetChannel
from apps.chat.tokens import file_key_make
from apps.conversations.frames import conversation_view, marks_frame, message_view, redacted_frame
from apps.conversations.models import Conversation, Message
from apps.conversations.selectors import PAGE, conversation_marks, messages_after, messages_before, messages_redacted_in
from apps.forms.frames import form_views
from apps.routing.waiting_view import waiting_view
from apps.surveys.frames import survey_view, survey_view_of
from apps.surveys.models import SurveyRequest


def welcome_frame(channel: WidgetChannel, opened: OpenedVisitor) -> chat.WidgetWelcome:
    """The welcome of a browser that has no conversation to go on with."""
    return chat.WidgetWelcome(
        server_time=timezone.now(),
        token=opened.token,
        channel=chat.channel_view(channel),
        contact=chat.contact_view(opened.visitor),
        staffed=selectors.is_staffed(channel.queue),
        file_key=file_key_make(opened.visitor_id),
    )


def welcome_back(welcome: chat.WidgetWelcome, snapshot: selectors.Snapshot) -> chat.WidgetWelcome:
    """The same welcome with the conversation that the browser finds again."""
    conversation = snapshot.conversation
    return msgspec.structs.replace(
        welcome,
        conversation=conversation_view(conversation),
        messages=[message_view(message) for message in snapshot.messages],
        more=snapshot.more,
        marks=[marks_frame(mark) for mark in snapshot.marks],
        waiting=waiting_view(conversation),
        email_left=selectors.email_left(conversation.pk),
        survey=survey_view_of(conversation),
        forms=form_views(conversation.pk),
    )


def start_ack(conversation: Conversation, message: Message) -> chat.StartAck:
    """The conversation that a first message has opened, and how it waits."""
    return chat.StartAck(
        conversation=conversation_view(conversation),
        message=message_view(message),
        waiting=waiting_view(conversation),
    )


def sync_ack(conversations: list[Conversation], held: Mapping[UUID, int]) -> chat.SyncAck:
    """What a page lacks of these conversations.

    Args:
        conversations: those that it asks for.
        held: the last number that it holds, by conversation.
    """
    messages, more = {}, []
    for conversation in conversations:
        number = held[conversation.pk]
        lines = messages_after(conversation.pk, number) if number < conversation.last_number else []
        messages[conversation.pk] = [message_view(line) for line in lines]
        if len(lines) == PAGE and lines[-1].number < conversation.last_number:
            more.append(conversation.pk)
    return chat.SyncAck(
        server_time=timezone.now(),
        messages=messages,
        more=more,
        conversations=[conversation_view(conversation) for conversation in conversations],
        redacted=[redacted_frame(each) for each in messages_redacted_in(conversations)],
        marks=[marks_frame(mark) for pk in held for mark in conversation_marks(pk).values()],
        # A browser has one open conversation at a time, so one at most waits.
        waiting=next(filter(None, map(waiting_view, conversations)), None),
        # It shows one conversation at a time, so of that one.
        survey=next(filter(None, map(survey_view_of, conversations)), None),
        forms=[view for each in conversations for view in form_views(each.pk)],
    )


def history_ack(conversation_id: UUID, before: int) -> chat.HistoryAck:
    """What came before a number, and whether there is more."""
    lines = messages_before(conversation_id, before, limit=selectors.SHOWN)
    more = bool(lines) and lines[0].number > 1
    return chat.HistoryAck(messages=[message_view(line) for line in lines], more=more)


def survey_ack(request: SurveyRequest, language: str) -> chat.AnswerSurveyAck:
    """How a survey stands that was answered, in the language of its customer."""
    return chat.AnswerSurveyAck(survey=survey_view(request, language))
