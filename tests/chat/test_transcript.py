"""A conversation as a file: the numbered lines alone, for whose it is, in their zone and language (CHAT-1)."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from apps.chat.actions import Introduction, OpenedVisitor, visitor_open, visitor_start
from apps.chat.identity import Identity
from apps.chat.models import WidgetChannel
from apps.conversations.actions import conversation_end, message_post
from apps.conversations.choices import Side
from apps.conversations.models import Conversation, Message
from apps.conversations.steps import MessageDraft
from tests.support.people import make_agent

pytestmark = pytest.mark.django_db

PATH = "/widget/transcript/"


@pytest.fixture
def browser() -> Client:
    return Client(headers={"host": "acme.localhost"}, enforce_csrf_checks=True)


def begin(identity: Identity | None = None, name: str = "Ana") -> tuple[OpenedVisitor, Conversation]:
    channel = WidgetChannel.objects.get()
    opened = visitor_open(channel=channel, token=None, page={}, identity=identity)
    who = Introduction(name=name, email="ana@example.test", page={})
    first = MessageDraft(client_id=uuid4(), body="<script>alert(1)</script> where is it?")
    message = visitor_start(channel=channel, opened=opened, start_key=uuid4(), who=who, first=first)
    return opened, message.conversation


def form(opened: OpenedVisitor, conversation: Conversation, **more: str) -> dict[str, str]:
    of = {"channel": WidgetChannel.objects.get().key, "token": opened.token, "conversation": str(conversation.pk)}
    return {**of, "time_zone": "Europe/Madrid", "language": "en", **more}


def test_the_lines_and_nothing_else(acme: Any, browser: Client) -> None:
    opened, conversation = begin()
    Message.objects.update(created_at="2026-07-01T22:30:00Z")
    response = browser.post(PATH, form(opened, conversation))
    assert response.status_code == 200
    text = response.content.decode()
    assert response.headers["Content-Disposition"].startswith('attachment; filename="conversation-')
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert "no-store" in response.headers["Cache-Control"]
    assert "&lt;script&gt;alert(1)&lt;/script&gt; where is it?" in text
    assert "<script" not in text
    assert "2026-07-02T00:30:00+02:00" in text
    assert "Europe/Madrid" in text
    assert 'dir="rtl"' in browser.post(PATH, form(opened, conversation, language="he")).content.decode()
    assert browser.post(PATH, form(opened, conversation, time_zone="../../etc", language="x")).status_code == 200


def test_a_transcript_after_the_end_has_both_sides(acme: Any, browser: Client) -> None:
    opened, conversation = begin()
    agent = make_agent(available=False)
    Conversation.objects.update(state="active", agent=agent.pk)
    message_post(
        conversation_id=conversation.pk,
        draft=MessageDraft(side=Side.AGENT, client_id=uuid4(), body="On its way", author=agent.user),
    )
    conversation_end(conversation_id=conversation.pk, by=Side.CUSTOMER, actor=None)
    text = browser.post(PATH, form(opened, conversation)).content.decode()
    assert text.count("<li ") == conversation.messages.count() == 3
    assert agent.user.public_name in text
    assert "On its way" in text
    assert "You ended the chat" in text


def test_nobody_elses(acme: Any, globex: Any, browser: Client) -> None:
    """TEN-1, CHAT-12: another browser's, another tenant's, an old or made-up token: there is no such thing."""
    opened, conversation = begin()
    other, _theirs = begin(name="Ben")
    wrong = [
        {"token": other.token},
        {"token": ""},
        {"token": "x.1.y"},
        {"token": f"{opened.visitor_id.hex}.9.{'0' * 64}"},
        {"conversation": str(uuid4())},
        {"conversation": "x"},
        {"channel": "x"},
    ]
    for fields in wrong:
        assert browser.post(PATH, form(opened, conversation) | fields).status_code == 404, fields
    elsewhere = Client(headers={"host": "globex.localhost"})
    assert elsewhere.post(PATH, form(opened, conversation)).status_code == 404
    assert browser.get(PATH).status_code == 405
    # A token that was used up since is good no more.
    newer = visitor_open(channel=WidgetChannel.objects.get(), token=opened.token, page={})
    visitor_open(channel=WidgetChannel.objects.get(), token=newer.token, page={})
    assert browser.post(PATH, form(opened, conversation)).status_code == 404


def test_on_another_device_of_the_same_customer(acme: Any, browser: Client) -> None:
    identity = Identity("ana", "Ana")
    _opened, conversation = begin(identity)
    phone = visitor_open(channel=WidgetChannel.objects.get(), token=None, page={}, identity=identity)
    assert browser.post(PATH, form(phone, conversation)).status_code == 200


def test_there_is_an_end_to_saving(acme: Any, browser: Client, monkeypatch: Any) -> None:
    from apps.chat import limits

    monkeypatch.setattr(limits, "TRANSCRIPT_BY_VISITOR", limits.Limit(f"transcript-{uuid4().hex}", 1, 3600))
    opened, conversation = begin()
    answers = [browser.post(PATH, form(opened, conversation)).status_code for _ in range(2)]
    assert answers == [200, 429]
