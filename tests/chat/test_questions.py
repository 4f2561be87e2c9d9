"""What is asked before the first message, where the answers go, and what a browser tells (CHAT-1, CHAT-14)."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from apps.chat import selectors
from apps.chat.actions import Introduction, OpenedVisitor, visitor_open, visitor_page_move, visitor_start
from apps.chat.devices import device_of
from apps.chat.models import Topic, Visitor, WidgetChannel
from apps.chat.text import clean_address, clean_attributes, clean_pages, clean_phone
from apps.conversations.models import Conversation
from apps.conversations.selectors import first_message_line
from apps.conversations.steps import MessageDraft
from apps.core.errors import DomainError
from apps.queues.models import Queue

pytestmark = pytest.mark.django_db

EVERYTHING = {f"{verb}_{name}": True for verb in ("ask", "need") for name in ("name", "email", "phone", "topic")}
ANSWERS = {"name": "Ana", "email": "ana@example.test", "phone": "+34 600 123 456"}


def channel(**fields: Any) -> WidgetChannel:
    if fields:
        WidgetChannel.objects.update(**fields)
    return WidgetChannel.objects.select_related("queue").get()


def begin(browser: OpenedVisitor | None = None, body: str = "Hello", **who: Any) -> Conversation:
    browser = browser or visitor_open(channel=channel(), token=None, page={})
    introduction = Introduction(**{"name": "", "email": "", "page": {}, **who})
    first = MessageDraft(client_id=uuid4(), body=body)
    return visitor_start(
        channel=channel(), opened=browser, start_key=uuid4(), who=introduction, first=first
    ).conversation


def missing(**who: Any) -> str:
    with pytest.raises(DomainError) as refused:
        begin(**who)
    assert refused.value.code == "bad_frame"
    return str(refused.value.extra["field"])


def test_what_is_required_must_be_there(acme: Any) -> None:
    topic = Topic.objects.create(channel=channel(**EVERYTHING), name="Returns")
    for name in ANSWERS:
        assert missing(**{**ANSWERS, "topic": topic.pk, name: ""}) == name
    assert missing(**ANSWERS) == "topic"
    assert missing(**ANSWERS, topic=uuid4()) == "topic"
    assert Conversation.objects.count() == Visitor.objects.count() == 0
    begin(**ANSWERS, topic=topic.pk)


@pytest.mark.parametrize("fields", [{"asks_first": False}, {f"need_{name}": False for name in (*ANSWERS, "topic")}])
def test_what_is_optional_or_not_asked_may_be_missing(acme: Any, fields: dict[str, bool]) -> None:
    Topic.objects.create(channel=channel(**EVERYTHING), name="Returns")
    channel(**fields)
    begin()


def test_answers_land_on_the_contact(acme: Any) -> None:
    channel(**{**EVERYTHING, "need_topic": False})
    contact = begin(**ANSWERS).contact
    assert (contact.name, contact.email, contact.phone) == tuple(ANSWERS.values())


def topic_of(conversation: Conversation) -> str:
    browser = selectors.browser_of(conversation)
    assert browser is not None
    return browser.topic


def test_a_topic_is_the_intent_and_can_choose_the_queue(acme: Any) -> None:
    channel(need_name=False, need_email=False, ask_topic=True)
    returns = Queue.objects.create(name="Returns")
    to_queue = Topic.objects.create(channel=channel(), name="A return", queue=returns)
    plain = Topic.objects.create(channel=channel(), name="A bill")
    first = begin(topic=to_queue.pk)
    assert (first.queue, topic_of(first)) == (returns, "A return")
    second = begin(topic=plain.pk)
    assert (second.queue, topic_of(second)) == (channel().queue, "A bill")
    Topic.objects.all().delete()
    assert topic_of(first) == "A return"
    third = begin(body="Where\nis  my parcel?")
    assert (topic_of(third), first_message_line(third.pk)) == ("", "Where is my parcel?")


def test_a_topic_of_a_queue_that_is_closed_leads_to_the_widgets(acme: Any) -> None:
    channel(need_name=False, need_email=False, ask_topic=True)
    closed = Queue.objects.create(name="Closed", is_active=False)
    topic = Topic.objects.create(channel=channel(), name="Old", queue=closed)
    assert begin(topic=topic.pk).queue == channel().queue


@pytest.mark.parametrize(
    "phone", ["+34 600 123 456", "(030) 1234-567", "0049.30.1234567", "+44 (0)20 7946 0018", "12345"]
)
def test_phone_numbers(phone: str) -> None:
    assert clean_phone(f" {phone} ") == phone


@pytest.mark.parametrize("phone", ["1234", "call me", "+", "1" * 16, "+34 600 <b>", "٣٤٦٠٠"])
def test_what_is_no_phone_number(phone: str) -> None:
    with pytest.raises(DomainError, match="bad_frame"):
        clean_phone(phone)


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("https://shop.example/a?token=secret&x=1#access_token=y", "https://shop.example/a"),
        ("https://ana:secret@shop.example:8443/a", "https://shop.example:8443/a"),
        ("https://shop.example", "https://shop.example/"),
        ("http://[::1]:80/x", "http://[::1]:80/x"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("https://", ""),
        ("https://[bad", ""),
        ("https://a:99999/", ""),
        ("", ""),
    ],
)
def test_addresses_lose_what_may_be_secret(told: str, kept: str) -> None:
    assert clean_address(told, 500) == kept


def test_twenty_pages_at_most_the_newest(acme: Any) -> None:
    pages = [{"url": f"https://a.example/{n}", "title": "x" * 500} for n in range(30)]
    kept = clean_pages([*pages, {"url": "javascript:1"}])
    assert [seen["url"] for seen in kept] == [f"https://a.example/{n}" for n in range(10, 30)]
    assert len(kept[0]["title"]) == 120
    future = clean_pages([{"url": "https://a.example/", "at": datetime(2999, 1, 1, tzinfo=UTC)}])
    assert future[0]["at"] <= datetime.now(UTC).isoformat()


def test_a_page_that_changes_is_kept(acme: Any) -> None:
    channel(need_name=False, need_email=False)
    first = {"url": "https://a.example/1", "title": "One", "at": "2026-11-22T10:00:00+00:00"}
    conversation = begin(page={"url": first["url"], "title": "One", "language": "es"}, pages=[first])
    second = {"url": "https://a.example/2", "title": "Two", "at": "2026-11-22T10:01:00+00:00"}
    visitor = Visitor.objects.get()
    for _ in range(2):
        visitor_page_move(visitor_id=visitor.pk, page={"url": second["url"], "title": "Two"}, seen=second)
    shown = selectors.browser_of(conversation)
    assert shown is not None
    assert shown.pages == [first, second]
    assert (shown.page["url"], shown.page["language"], shown.is_proven) == ("https://a.example/2", "es", False)
    visitor_page_move(visitor_id=UUID(int=1), page={"url": second["url"]}, seen=second)


@pytest.mark.parametrize(
    "attributes",
    [
        {"1st": 1},
        {"": 1},
        {"a" * 41: 1},
        {"<b>": 1},
        {"a": "x" * 201},
        {"a": []},
        {"a": {"b": 1}},
        {"a": float("nan")},
        {"a": 2**60},
        {f"a{n}": n for n in range(21)},
    ],
)
def test_attributes_that_are_none(attributes: dict[str, Any]) -> None:
    with pytest.raises(DomainError, match="bad_frame"):
        clean_attributes(attributes)


def test_attributes_that_are_some() -> None:
    told = {"plan": "pro\n\u202eplus", "seats": 5, "rate": 1.5, "vip": True, "gone": None, "größe.x-y z": "é"}
    assert clean_attributes(told) == {**told, "plan": "pro plus"}


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36",
            ("Chrome", "Windows", "computer"),
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604.1",
            ("Safari", "iOS", "phone"),
        ),
        ("Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", ("Firefox", "Android", "phone")),
        ("Mozilla/5.0 (Linux; Android 14; SM-X900) Chrome/140.0 Safari/537.36", ("Chrome", "Android", "tablet")),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/140.0 Safari/537.36 Edg/140.0",
            ("Edge", "macOS", "computer"),
        ),
        ("curl/8", ("", "", "")),
        ("", ("", "", "")),
    ],
)
def test_devices_are_told_apart_coarsely(user_agent: str, device: tuple[str, str, str]) -> None:
    assert tuple(device_of(user_agent).values()) == device
