"""Conversations by mail are split and merged in the console, and that is undone from the toast (EML-3)."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse

from apps.agents.models import Agent
from apps.conversations.models import Conversation, Message
from apps.email.models import MailChannel, MailShift
from tests.support.browser import Browser
from tests.support.inbound_mails import make_channel, write, written
from tests.support.invariants import check_all
from tests.support.pages import HTMX, browser_of
from tests.support.people import make_agent, talk

pytestmark = pytest.mark.django_db(transaction=True)

FIRST, SECOND = "one@customer.example", "two@customer.example"
SPLIT = "Move to a new conversation"


@pytest.fixture
def channel(acme: Any) -> MailChannel:
    return make_channel()


@pytest.fixture
def agent(channel: MailChannel) -> Agent:
    return make_agent()


@pytest.fixture
def mine(channel: MailChannel, agent: Agent) -> Conversation:
    """Ana asks for her parcel, and for something else in the same thread."""
    written(channel, agent, write("Where is it?", mail_id=FIRST))
    return written(channel, agent, write("My bell rattles", mail_id=SECOND, answers=FIRST, subject="Bell"))


@pytest.fixture
def browser(agent: Agent) -> Browser:
    return browser_of(agent.user)


def shown(browser: Browser, conversation: Conversation) -> str:
    answer = browser.get(f"/console/c/{conversation.pk}/", headers=HTMX)
    assert answer.status_code == 200
    return answer.content.decode()


def post(browser: Browser, path: str, **data: str) -> HttpResponse:
    return browser.post(f"/console/{path}", data, headers=HTMX)


def number_of(body: str) -> int:
    return Message.objects.get(body=body, kind="text").number


def undo_in(answer: HttpResponse) -> str:
    """The address that a toast offers."""
    assert answer.status_code == 200
    found = re.search(r'hx-post="/console/(mail/moved/[^"]+/undo/)"', answer.content.decode())
    assert found
    return found[1]


def said(conversation: Conversation) -> list[str]:
    return list(conversation.messages.filter(kind="text").order_by("number").values_list("body", flat=True))


def test_eml_3_a_tile_moves_out_and_back(browser: Browser, mine: Conversation) -> None:
    """Every mail of the customer's but the first one; an editor that stands open stays."""
    pane, path = shown(browser, mine), f"c/{mine.pk}/mails/{number_of('My bell rattles')}/split/"
    assert pane.count(SPLIT) == 1
    assert f"/console/{path}" in pane
    answer = post(browser, path)
    text, undo = answer.content.decode(), undo_in(answer)
    other = Conversation.objects.exclude(pk=mine.pk).get()
    assert (said(mine), said(other)) == (["Where is it?"], ["My bell rattles"])
    assert "It is a new conversation now, which waits in" in text
    assert f'data-keep="slot-{mine.pk}"' in text
    assert "Moved to the conversation [#" in text
    assert SPLIT not in text
    back = post(browser, undo)
    assert f'id="mails-{mine.pk}"' in back.content.decode()
    assert said(mine) == ["Where is it?", "My bell rattles"]
    assert post(browser, undo).status_code == 200
    check_all()


def test_eml_3_what_can_not_move_is_refused(browser: Browser, mine: Conversation) -> None:
    for number in (1, 77):
        refused = post(browser, f"c/{mine.pk}/mails/{number}/split/")
        assert (refused.status_code, "that is not the first one" in refused.content.decode()) == (409, True)
    assert post(browser, f"mail/moved/{uuid4()}/undo/").status_code == 409
    assert MailShift.objects.count() == 0


def test_eml_3_a_conversation_is_merged_into_another_and_back(
    browser: Browser, mine: Conversation, channel: MailChannel, agent: Agent
) -> None:
    """Those of the same customer are offered first; what ends is wrapped up as always."""
    same = written(channel, agent, write("The bell again", subject="Bell again"))
    bo = written(channel, agent, write("Hello", sender="Bo <bo@customer.example>", subject="Tyres"))
    talk(agent)
    listed = browser.get(f"/console/c/{mine.pk}/mails/merge/", headers=HTMX).content.decode()
    assert re.findall(r'name="into"\s+value="([^"]+)"', listed) == [str(same.pk), str(bo.pk)]
    assert listed.count("another customer") == 1
    assert "Merge into another conversation…" in shown(browser, same)
    answer = post(browser, f"c/{same.pk}/mails/merge/", into=str(mine.pk))
    text, undo = answer.content.decode(), undo_in(answer)
    assert f'id="mails-{mine.pk}"' in text
    assert said(mine)[-1] == "The bell again"
    same.refresh_from_db()
    assert same.state == "wrap_up"
    assert f'id="mails-{mine.pk}"' in post(browser, undo).content.decode()
    same.refresh_from_db()
    assert (said(same), same.state, same.agent_id) == (["The bell again"], "active", agent.pk)
    check_all()


def test_eml_3_merging_into_nothing_is_refused(browser: Browser, mine: Conversation) -> None:
    for into in (str(mine.pk), str(uuid4()), "", "none"):
        assert post(browser, f"c/{mine.pk}/mails/merge/", into=into).status_code == 409
    empty = browser.get(f"/console/c/{mine.pk}/mails/merge/", headers=HTMX).content.decode()
    assert "You have no other conversation by mail." in empty
    page = browser.get(f"/console/c/{mine.pk}/mails/merge/").content.decode()
    assert f'href="/console/c/{mine.pk}/"' in page


def test_ten_5_conversations_of_others_are_neither_split_nor_merged(
    browser: Browser, mine: Conversation, channel: MailChannel
) -> None:
    """Nor merged into, nor put back."""
    undo = undo_in(post(browser, f"c/{mine.pk}/mails/{number_of('My bell rattles')}/split/"))
    other = Conversation.objects.exclude(pk=mine.pk).get()
    thief = browser_of(make_agent(available=False).user)
    assert post(thief, undo).status_code == 409
    assert post(thief, f"c/{mine.pk}/mails/1/split/").status_code == 409
    assert post(thief, f"c/{mine.pk}/mails/merge/", into=str(other.pk)).status_code == 409
    assert thief.get(f"/console/c/{mine.pk}/mails/merge/").status_code == 409
    Conversation.objects.filter(pk=other.pk).update(agent=None)
    assert post(browser, f"c/{mine.pk}/mails/merge/", into=str(other.pk)).status_code == 409
    assert MailShift.objects.filter(undone_at=None).count() == 1
