"""What an agent may say in a conversation, as the list above the compose bar gets it; drafts (CHAT-3, CON-8, CON-1)."""

from typing import Any
from uuid import uuid4

import pytest

from apps.conversations.actions import conversation_end
from apps.conversations.choices import Side
from apps.responses.actions import draft_save
from apps.responses.models import Draft, Response
from tests.support.pages import HTMX, browser_of, elements
from tests.support.people import make_agent, talk
from tests.support.responses import engaged, make_response

pytestmark = pytest.mark.django_db


def text(response: Any) -> str:
    return response.content.decode()  # type: ignore[no-any-return]


def test_the_list_is_by_group_with_counts_and_filled_in(acme: Any) -> None:
    agent = make_agent(available=False)
    mine = engaged(agent, name="Ana <Ruiz>", phone="")
    Response.objects.all().delete()
    make_response("hello", "Hello {{contact.name}}", name="Hello")
    make_response("call", "May we call {{contact.phone}}?\nYes?", name="Call", language="en")
    make_response("over", is_enabled=False)
    answer = browser_of(agent.user).get(f"/console/c/{mine.pk}/responses/", headers=HTMX)
    options = elements(answer, "li", role="option")
    assert [(each["data-word"], each["data-missing"]) for each in options] == [
        ("hello", ""),
        ("call", "the customer's phone number"),
    ]
    assert "Hello Ana &lt;Ruiz&gt;</span>" in text(answer)
    assert "May we call your phone number?\nYes?</span>" in text(answer)
    assert '<span class="count">2</span>' in text(answer)


def test_where_none_serves_the_list_says_so(acme: Any) -> None:
    agent = make_agent(available=False)
    mine = engaged(agent)
    Response.objects.all().delete()
    answer = browser_of(agent.user).get(f"/console/c/{mine.pk}/responses/")
    assert "No standard response serves this conversation." in text(answer)


def test_anothers_conversation_has_none(acme: Any) -> None:
    theirs = engaged(make_agent(available=False))
    browser = browser_of(make_agent(available=False).user)
    for conversation in (theirs.pk, uuid4()):
        assert browser.get(f"/console/c/{conversation}/responses/").status_code == 409


def test_what_was_begun_is_found_again_by_whoever_began_it(acme: Any) -> None:
    """In the compose bar, and on the card of the tray; on any device."""
    agent = make_agent(available=False)
    mine, other = engaged(agent), engaged(agent)
    draft_save(conversation_id=mine.pk, body="Dear <Ana>,\nyou", actor=agent.user)
    browser = browser_of(agent.user)
    opened = browser.get(f"/console/c/{mine.pk}/")
    assert "Dear &lt;Ana&gt;,\nyou</textarea>" in text(opened)
    tray = text(browser.get("/console/tray/", headers=HTMX))
    assert tray.count('class="card-draft"') == 1
    assert "Draft:" in tray
    assert "Dear" not in text(browser.get(f"/console/c/{other.pk}/", headers=HTMX))


@pytest.mark.django_db(transaction=True)
def test_a_draft_is_shown_to_nobody_else_and_not_after_the_end(acme: Any) -> None:
    agent = make_agent()
    mine = talk(agent)
    draft_save(conversation_id=mine.pk, body="secret words", actor=agent.user)
    # As somebody else's: even a row that should not be there is not shown.
    Draft.objects.update(agent=make_agent(available=False).user)
    browser = browser_of(agent.user)
    for path in ("/console/", f"/console/c/{mine.pk}/", "/console/tray/"):
        assert "secret words" not in text(browser.get(path))
    Draft.objects.update(agent=agent.user)
    conversation_end(conversation_id=mine.pk, by=Side.AGENT, actor=agent.user)
    assert "secret words" not in text(browser.get(f"/console/c/{mine.pk}/"))
