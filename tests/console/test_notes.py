"""Notes beside a conversation, and who is told of them (CON-4, AGT-12)."""

from uuid import uuid4

import pytest

from apps.agents.models import Agent, Membership
from apps.chat.models import Visit, Visitor, WidgetChannel
from apps.console.thread.messages import NoteLine
from apps.console.thread.selectors.thread import thread_of
from apps.conversations.actions import message_post
from apps.conversations.choices import Side
from apps.conversations.models import Conversation, Message
from apps.conversations.steps import MessageDraft
from apps.notes.models import Mention, Note
from tests.console.panel import at, note, text
from tests.support.browser import Browser, user_as
from tests.support.pages import HTMX, browser_of, elements
from tests.support.people import default_queue, make_agent

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_note_without_scripts(agent: Agent, mine: Conversation, browser: Browser) -> None:
    """CON-4: tab, composer, list; and between the messages, at its time."""
    page = browser.get(at(mine, "notes/?panel=notes"))
    assert elements(page, "a", id="tab-notes", aria_selected="true", role="tab", aria_controls="panel-notes")
    assert "hidden" in elements(page, "div", id="panel-contact")[0]
    key = str(uuid4())
    for _ in range(2):
        answer = browser.post(
            at(mine, "notes/"), {"key": key, "body": "Wants a <b>refund</b>", "about": "conversation"}
        )
        assert answer["Location"] == at(mine) + "?panel=notes"
    made = Note.objects.get()
    assert (made.body, made.conversation_id, made.author) == ("Wants a <b>refund</b>", mine.pk, agent.user)
    message_post(conversation_id=mine.pk, draft=MessageDraft(side=Side.CUSTOMER, client_id=uuid4(), body="And my bag?"))
    page = browser.get(at(mine))
    lines = [each for each in elements(page, "li") if "data-note" in each or "data-number" in each]
    assert [each.get("data-note") or each["data-number"] for each in lines[:4]] == ["1", "2", str(made.pk), "3"]
    assert "Wants a &lt;b&gt;refund&lt;/b&gt;" in text(page)
    assert elements(page, "li", id=f"note-{made.pk}")


def test_notes_with_htmx(agent: Agent, mine: Conversation, browser: Browser) -> None:
    stranger = user_as("agent", first_name="Omar", last_name="Haddad")
    answer = browser.post(at(mine, "notes/"), {"key": uuid4(), "body": "@Omar look", "about": "customer"}, headers=HTMX)
    made = Note.objects.get()
    assert made.conversation is None
    assert f"{stranger.full_name} may not see this customer" in text(answer)
    assert elements(answer, "div", id="notes")
    assert not elements(answer, "html")
    asked = browser.get(at(mine, f"notes/?edit={made.pk}"), headers=HTMX)
    assert elements(asked, "textarea", id="note-change")
    browser.post(at(mine, f"notes/{made.pk}/"), {"body": "Look"}, headers=HTMX)
    asked = browser.get(at(mine, f"notes/?delete={made.pk}"), headers=HTMX)
    assert "Delete this note?" in text(asked)
    answer = browser.post(at(mine, f"notes/{made.pk}/delete/"), headers=HTMX)
    assert "Deleted by Lena Vogt" in text(answer)
    made.refresh_from_db()
    assert (made.body, made.deleted_by) == ("Look", agent.user)
    refused = browser.post(at(mine, f"notes/{made.pk}/"), {"body": "Again"}, headers=HTMX)
    assert (refused.status_code, refused["HX-Retarget"]) == (409, "#toasts")


def test_notes_of_an_earlier_agent_are_there_by_pages(agent: Agent, mine: Conversation, browser: Browser) -> None:
    boss = user_as("administrator", first_name="Kim", last_name="Berg")
    for number in range(25):
        note(mine, boss, f"Note {number}", on_contact=True)
    page = browser.get(at(mine))
    shown = [each["id"] for each in elements(page, "li", **{"class": "note"})]
    assert len(shown) == 20
    # Not their own, and no supervisor's right: nothing to click.
    assert not [each for each in elements(page, "a") if "delete=" in str(each.get("href"))]
    more = next(each for each in elements(page, "a") if "before=" in str(each.get("hx-get")))
    rest = browser.get(str(more["hx-get"]), headers=HTMX)
    assert len(elements(rest, "li", **{"class": "note"})) == 5
    assert not elements(rest, "div", id="notes")


def test_the_customer_never_gets_a_note(agent: Agent, mine: Conversation) -> None:
    """CON-4: neither page nor socket nor transcript of the widget knows of them."""
    from apps.chat.selectors import snapshot_of

    visitor = Visitor.objects.create(channel=WidgetChannel.objects.earliest("pk"), contact=mine.contact)
    Visit.objects.create(conversation=mine, visitor=visitor)
    note(mine, agent.user, "Do not tell them")
    shown = snapshot_of(visitor.pk, mine.pk)
    assert [message.body for message in shown.messages] == ["Where is my parcel?", ""]
    assert Message.objects.filter(body__contains="tell them").count() == 0


def test_mentions(agent: Agent, mine: Conversation, browser: Browser) -> None:
    """AGT-12: a count on the rail, a list, and the way to the note; looking at it is enough."""
    boss = user_as("supervisor", first_name="Sara", last_name="Diaz")
    Membership.objects.create(agent_id=boss.pk, queue=default_queue())
    named = note(mine, agent.user, "@Sara can you approve it?")
    theirs = browser_of(boss)
    (count,) = [each for each in elements(theirs.get("/console/"), "span") if each.get("data-part") == "count"]
    assert "hidden" not in count
    listed = theirs.get("/console/mentions/", headers=HTMX)
    assert elements(listed, "dialog", id="mentions-dialog")
    assert "@Sara can you approve it?" in text(listed)
    answer = theirs.get(f"/console/mentions/{named.pk}/")
    assert answer["Location"] == f"/console/past/{mine.pk}/"
    assert "@Sara can you approve it?" in text(theirs.get(answer["Location"]))
    assert Mention.objects.get().seen_at is not None
    assert "Nothing new" in text(theirs.get("/console/mentions/"))
    note(mine, agent.user, "@Sara once more")
    assert theirs.post("/console/mentions/").status_code == 302
    assert not Mention.objects.filter(seen_at=None).exists()
    assert browser.get(f"/console/mentions/{named.pk}/")["Location"] == at(mine) + "?panel=notes"


def test_a_note_from_before_what_is_shown_comes_with_the_history(agent: Agent, mine: Conversation) -> None:
    """CON-4: it would stand at the head of lines that are not loaded yet."""
    early = note(mine, agent.user, "Early")
    for number in range(105):
        message_post(
            conversation_id=mine.pk, draft=MessageDraft(side=Side.CUSTOMER, client_id=uuid4(), body=f"{number}")
        )
    late = note(mine, agent.user, "Late")
    thread = thread_of(agent, mine.pk)
    assert thread is not None
    assert thread.early_notes == [early]
    assert [entry.note for entry in thread.entries if isinstance(entry, NoteLine)] == [late]


def test_names_for_what_is_typed_behind_an_at(agent: Agent, mine: Conversation, browser: Browser) -> None:
    """AGT-12: those who may see the customer, by the beginnings of their names."""
    kim = user_as("administrator", first_name="Kim", last_name="Berg")
    user_as("agent", first_name="Kira", last_name="Stranger")
    answer = browser.get(at(mine, "notes/names/?q=ki"), headers=HTMX)
    assert [(each["data-name"], each["role"]) for each in elements(answer, "li")] == [("Kim Berg", "option")]
    assert elements(browser.get(at(mine, "notes/names/?q=KIM%20b"), headers=HTMX), "li", id=f"name-{kim.pk}")
    assert not elements(browser.get(at(mine, "notes/names/?q=lena"), headers=HTMX), "li")
    assert browser.get(at(mine, "notes/names/"))["Location"] == at(mine) + "?panel=notes"
    other = browser_of(make_agent().user)
    assert other.get(at(mine, "notes/names/"), headers=HTMX).status_code == 409
