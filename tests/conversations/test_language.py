"""The language of a conversation: its customer's, and not one that its script excludes (RTE-1)."""

from typing import Any
from uuid import uuid4

import pytest

from apps.conversations.actions import conversation_start
from apps.conversations.language import language_of
from apps.conversations.steps import MessageDraft
from apps.queues.choices import Family
from apps.queues.models import Skill
from apps.routing.models import Requirement
from tests.support.people import ContactFactory, arrive, default_queue
from tests.support.transfers import skill


@pytest.mark.parametrize(
    ("body", "said", "language"),
    [
        ("Where is my order?", "en-GB", "en-GB"),
        ("Where is my order?", "ja", "ja"),
        ("Where is my order?", "", ""),
        ("أين طلبي؟ رقم 4411", "en", "ar"),
        ("أين طلبي؟", "ar-EG", "ar-EG"),
        ("سفارش من کجاست؟ گم شده", "en", ""),
        ("سفارش من کجاست؟ گم شده", "fa", "fa"),
        ("注文した商品がまだ届きません", "en", "ja"),
        ("注文した商品", "en-US", "ja"),
        ("我的订单在哪里", "en", "zh"),
        ("我的訂單", "zh-TW", "zh-TW"),
        ("注文", "ja", "ja"),
        ("주문한 물건이 안 왔어요", "en", "ko"),
        ("Где мой заказ?", "en", ""),
        ("Де моє замовлення?", "uk", "uk"),
        ("איפה ההזמנה שלי?", "en", "he"),
        ("Πού είναι η παραγγελία μου;", "en", "el"),
        ("คำสั่งซื้อของฉันอยู่ที่ไหน", "en", "th"),
        ("मेरा ऑर्डर कहाँ है?", "en", "hi"),
        ("मेरा ऑर्डर", "ne", "ne"),
        ("Is 東京 on your list of shops?", "en", "en"),
        ("123 😀 ?", "en", "en"),
        ("", "es", "es"),
        ("α", "en", "en"),
    ],
)
def test_what_the_script_tells(body: str, said: str, language: str) -> None:
    assert language_of(body, said) == language


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("body", "asked"), [("Hello there", ["English"]), ("注文した商品がまだ", []), ("أين طلبي", ["Arabic"])]
)
def test_nobody_is_asked_for_a_language_that_the_customer_does_not_write(
    acme: Any, body: str, asked: list[str]
) -> None:
    """A browser that says English says so of its owner, or of its maker."""
    skill("Arabic", language="ar")
    if not Skill.objects.filter(language="en").exists():
        skill("English", language="en")
    conversation = arrive(body, contact=ContactFactory(language="en-US"))
    found = Requirement.objects.filter(conversation=conversation, source="language")
    assert [row.skill.name for row in found.select_related("skill")] == asked


@pytest.mark.django_db(transaction=True)
def test_the_language_is_the_customers(acme):
    contact = ContactFactory(language="pt-BR")
    started = {"channel": Family.CHAT, "queue": default_queue(), "contact": contact}
    first = MessageDraft(uuid4(), "Olá")
    assert conversation_start(**started, start_key=uuid4(), first=first).conversation.language == "pt-BR"
    assert conversation_start(**started, start_key=uuid4(), first=first, language="es").conversation.language == "es"
