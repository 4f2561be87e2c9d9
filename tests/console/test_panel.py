"""The panel beside a conversation: contact, notes, what came before; and the summary at its head (CON-3 to CON-5)."""

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponse
from django.utils import timezone

from apps.accounts.models import User
from apps.agents.models import Agent, Membership
from apps.chat.models import Visit, Visitor, WidgetChannel
from apps.console.thread.messages import NoteLine
from apps.console.thread.selectors.thread import thread_of
from apps.contacts.actions import contact_create
from apps.contacts.models import Contact, ContactChange, ContactField, MergeRequest
from apps.conversations.actions import conversation_change_contact, conversation_end, message_post
from apps.conversations.choices import Side
from apps.conversations.models import Conversation, Message
from apps.conversations.selectors import conversation_readers, conversations_readable_by
from apps.conversations.steps import MessageDraft
from apps.dispositions.actions import CodeChoice, wrap_up_close
from apps.dispositions.models import CodeSet
from apps.notes.actions import note_add
from apps.notes.models import Mention, Note
from apps.queues.models import Queue, Skill, SkillGroup
from apps.routing.actions import conversation_requeue, offer_accept
from apps.routing.models import Requirement
from apps.transfers.actions import transfer_to_agent
from tests.support.browser import Browser, user_as
from tests.support.pages import HTMX, browser_of, elements
from tests.support.people import ContactFactory, default_queue, make_agent, ringing, talk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def agent(acme: Any) -> Agent:
    return make_agent(first_name="Lena", last_name="Vogt")


@pytest.fixture
def mine(agent: Agent) -> Conversation:
    return talk(agent, contact=ContactFactory(name="Ana Ruiz", email="ana@example.test"), body="Where is my parcel?")


@pytest.fixture
def browser(agent: Agent) -> Browser:
    return browser_of(agent.user)


def at(conversation: Conversation, rest: str = "") -> str:
    return f"/console/c/{conversation.pk}/{rest}"


def text(answer: HttpResponse) -> str:
    return " ".join(answer.content.decode().split())


def note(conversation: Conversation, actor: User, body: str, on_contact: bool = False) -> Note:
    fields = {"conversation_id": conversation.pk, "key": uuid4(), "body": body, "on_contact": on_contact}
    return note_add(**fields, actor=actor).note  # type: ignore[arg-type]


def close(agent: Agent, conversation: Conversation) -> None:
    conversation_end(conversation_id=conversation.pk, by=Side.CUSTOMER, actor=None)
    outcome = CodeSet.objects.get(name="Resolution")
    chosen = [CodeChoice(outcome.pk, outcome.codes.get(name="Resolved").pk)]
    wrap_up_close(conversation_id=conversation.pk, chosen=chosen, description="", actor=agent.user)


def fields_of(answer: HttpResponse) -> dict[str, str]:
    """The form's values as a browser would send them, and more."""
    found = {str(each["name"]): str(each.get("value") or "") for each in elements(answer, "input") if each.get("name")}
    return {name: value for name, value in found.items() if not name.startswith("csrf")}


# --- Notes


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


# --- The contact


def test_details_are_edited_in_place(agent: Agent, mine: Conversation, browser: Browser) -> None:
    plan = ContactField.objects.create(name="Plan", kind="choice", options=["Gold", "Silver"])
    form = browser.get(at(mine, "contact/?edit"), headers=HTMX)
    assert form["HX-Retarget"] == "#contact"
    values = fields_of(form) | {"name": "Ana Ruiz Gil", "phone": "+34 600 123 456", "language": "es"}
    values |= {"more_emails": "a@x.org\nb@x.org", f"own_{plan.pk.hex}": "Gold"}
    answer = browser.post(at(mine, "contact/"), values, headers=HTMX)
    assert elements(answer, "div", id="workspace")
    assert elements(answer, "aside", id="tray", hx_swap_oob="morph")
    contact = Contact.objects.get(pk=mine.contact_id)
    assert (contact.name, contact.phone, contact.custom) == ("Ana Ruiz Gil", "+34600123456", {str(plan.pk): "Gold"})
    assert contact.more_emails == ["a@x.org", "b@x.org"]
    assert "+34 600 12 34 56" in text(answer)
    assert ContactChange.objects.get().actor == agent.user
    # Saved again as it is, nothing changes.
    again = fields_of(browser.get(at(mine, "contact/?edit"))) | {"more_emails": "a@x.org\nb@x.org", "language": "es"}
    browser.post(at(mine, "contact/"), again | {f"own_{plan.pk.hex}": "Gold"})
    assert ContactChange.objects.count() == 1


def test_what_is_wrong_is_said_beside_its_field(mine: Conversation, browser: Browser) -> None:
    values = fields_of(browser.get(at(mine, "contact/?edit"))) | {"email": "ana@", "phone": "600"}
    answer = browser.post(at(mine, "contact/"), values, headers=HTMX)
    assert (answer.status_code, answer["HX-Retarget"]) == (422, "#contact")
    assert "Enter a whole email address" in text(answer)
    assert "Start with + and the country" in text(answer)
    assert elements(answer, "input", name="email", value="ana@")
    assert not ContactChange.objects.exists()
    page = browser.post(at(mine, "contact/"), values)
    assert page.status_code == 422
    assert elements(page, "input", name="email", value="ana@")


def test_somebody_changed_it_meanwhile(agent: Agent, mine: Conversation, browser: Browser) -> None:
    """Nothing is lost: what both changed is marked, what the colleague alone changed is kept."""
    mine_first = fields_of(browser.get(at(mine, "contact/?edit")))
    browser.post(at(mine, "contact/"), mine_first | {"name": "Ana R.", "email": "new@x.org"})
    answer = browser.post(at(mine, "contact/"), mine_first | {"name": "Anna"}, headers=HTMX)
    assert answer.status_code == 422
    assert "Lena Vogt changed it meanwhile" in text(answer)
    assert "It says now: Ana R." in text(answer)
    assert elements(answer, "input", name="name", value="Anna")
    assert elements(answer, "input", name="email", value="new@x.org")
    browser.post(at(mine, "contact/"), fields_of(answer))
    contact = Contact.objects.get(pk=mine.contact_id)
    assert (contact.name, contact.email, contact.version) == ("Anna", "new@x.org", 2)


def test_two_contacts_become_one(agent: Agent, mine: Conversation, browser: Browser) -> None:
    other = ContactFactory(name="Ana R. Gil", email="gil@example.test", phone="+34600123456")
    talk(agent, contact=other)
    found = browser.get(at(mine, "contact/merge/?q=gil"), headers=HTMX | {"HX-Target": "merge-found"})
    assert [each["href"] for each in elements(found, "a")] == [at(mine, f"contact/merge/?with={other.pk}")]
    assert "three characters" in text(browser.get(at(mine, "contact/merge/?q=gi")))
    beside = browser.get(at(mine, f"contact/merge/?with={other.pk}"), headers=HTMX)
    assert elements(beside, "dialog", id="merge-dialog")
    assert {each["name"] for each in elements(beside, "input", type="radio")} == {"win_name", "win_email"}
    answer = browser.post(at(mine, "contact/merge/"), {"with": other.pk, "win_name": "gone"})
    assert answer["Location"] == at(mine)
    contact = Contact.objects.get(pk=mine.contact_id)
    assert (contact.name, contact.email, contact.phone) == ("Ana R. Gil", "ana@example.test", "+34600123456")
    assert contact.more_emails == ["gil@example.test"]
    again = browser.post(at(mine, "contact/merge/"), {"with": other.pk}, headers=HTMX)
    assert (again.status_code, "There is no such contact" in text(again)) == (409, True)
    itself = browser.post(at(mine, "contact/merge/"), {"with": mine.contact_id})
    assert itself.status_code == 409


def test_who_was_never_served_is_not_found_and_can_only_be_asked_about(
    agent: Agent, mine: Conversation, browser: Browser
) -> None:
    """CON-5: and the answer is the same for everybody, whether there is anybody or not."""
    other = talk(make_agent(), contact=ContactFactory(name="Gil Stranger", email="gil@example.test")).contact
    for typed in ("gil", "gil@example.test"):
        found = browser.get(at(mine, f"contact/merge/?q={typed}"), headers=HTMX | {"HX-Target": "merge-found"})
        assert not elements(found, "a")
    beside = browser.get(at(mine, f"contact/merge/?with={other.pk}"), headers=HTMX)
    assert "Stranger" not in text(beside)
    assert not elements(beside, "input", type="radio")
    refused = browser.post(at(mine, "contact/merge/"), {"with": other.pk}, headers=HTMX)
    assert (refused.status_code, "There is no such contact" in text(refused)) == (409, True)
    answers = []
    for about in ("gil@example.test", "nobody@example.test"):
        answers.append(browser.post(at(mine, "contact/merge/ask/"), {"about": about}, headers=HTMX))
        MergeRequest.objects.filter(state="waiting").update(state="declined", decided_at=timezone.now())
    assert [answer.status_code for answer in answers] == [200, 200]
    said = [text(answer).partition("#toasts")[2] for answer in answers]
    assert said[0] == said[1]
    assert "A supervisor was asked" in said[0]
    assert "Stranger" not in text(answers[0])
    assert [each.other for each in MergeRequest.objects.order_by("requested_at")] == [other, None]


def test_a_claim_is_shown_as_one_and_nothing_of_whom_it_claims(agent: Agent, browser: Browser) -> None:
    """CHAT-12: what was typed, and that a supervisor can be asked."""
    known = ContactFactory(name="Ana Ruiz", email="ana@x.org", phone="+34600123456", external_id="C-17")
    talk(make_agent(queues=[Queue.objects.create(name="Else")]), contact=known, queue=Queue.objects.get(name="Else"))
    claims = contact_create(name="Somebody", email="ana@x.org")
    mine = talk(agent, contact=claims)
    page = browser.get(at(mine))
    assert elements(page, "section", **{"aria-labelledby": "claim-title"})
    assert "Says they are ana@x.org" in text(page)
    for secret in ("Ruiz", "600 12", "C-17"):
        assert secret not in text(page)
    browser.post(at(mine, "contact/merge/ask/"))
    assert "A supervisor was asked" in text(browser.get(at(mine)))
    again = browser.post(at(mine, "contact/merge/ask/"), headers=HTMX)
    assert again.status_code == 409
    request = MergeRequest.objects.get()
    assert (request.contact, request.other, request.is_claim, request.requested_by) == (
        claims,
        known,
        True,
        agent.user,
    )


def test_who_served_the_one_that_is_claimed_may_compare_them(agent: Agent, browser: Browser) -> None:
    known = talk(agent, contact=ContactFactory(name="Ana Ruiz", email="ana@x.org")).contact
    mine = talk(agent, contact=contact_create(name="Somebody", email="ana@x.org"))
    page = browser.get(at(mine))
    assert "Says they are Ana Ruiz" in text(page)
    assert elements(page, "a", id="claim-merge", href=at(mine, f"contact/merge/?with={known.pk}"))


def test_what_is_closed_shows_nothing_of_whom_it_has_become(agent: Agent, browser: Browser) -> None:
    """CON-5, CHAT-12: the browser has signed in as somebody whom a colleague has served."""
    elsewhere = Queue.objects.create(name="Elsewhere")
    plan = ContactField.objects.create(name="Plan", kind="text")
    ana = ContactFactory(
        name="Ana Ruiz", email="ana@x.org", phone="+34600123456", external_id="C-17", custom={str(plan.pk): "Gold"}
    )
    Contact.objects.filter(pk=ana.pk).update(attributes={"Basket": "3 items"}, more_emails=["old@x.org"])
    talk(make_agent(queues=[elsewhere]), contact=ana, queue=elsewhere)
    mine, other = talk(agent), talk(agent)
    close(agent, mine)
    conversation_change_contact(conversation_id=mine.pk, contact=ana)
    for address in (at(mine), at(mine, "contact/")):
        page = browser.get(address)
        assert page.status_code == 200
        assert "Ana Ruiz" in text(page)
        for secret in ("ana@x.org", "old@x.org", "600 12", "C-17", "Gold", "3 items", "contact-edit", "contact-merge"):
            assert secret not in text(page), secret
    # Nor the address of somebody without a name, in its place.
    Contact.objects.filter(pk=ana.pk).update(name="")
    for address in (at(mine), f"/console/past/{mine.pk}/"):
        page = browser.get(address)
        assert "Visitor" in text(page)
        assert b"ana@x.org" not in page.content
    Contact.objects.filter(pk=ana.pk).update(name="Ana Ruiz")
    for refused in (
        browser.get(at(mine, "contact/?edit"), headers=HTMX),
        browser.post(at(mine, "contact/"), {"version": ana.version, "name": "Eve"}, headers=HTMX),
        browser.get(at(mine, f"contact/merge/?with={other.contact_id}"), headers=HTMX),
        browser.post(at(mine, "contact/merge/"), {"with": other.contact_id}, headers=HTMX),
        browser.post(at(mine, "contact/merge/ask/"), {"about": "ana@x.org"}, headers=HTMX),
        browser.get(at(other, f"contact/merge/?with={ana.pk}"), headers=HTMX),
    ):
        assert "ana@x.org" not in text(refused)
    assert browser.post(at(other, "contact/merge/"), {"with": ana.pk}, headers=HTMX).status_code == 409
    ana.refresh_from_db()
    assert (ana.name, ana.version, MergeRequest.objects.count()) == ("Ana Ruiz", 0, 0)
    assert not Contact.objects.filter(merged_into__isnull=False).exists()


def test_what_is_closed_shows_whom_its_agent_reads_and_is_changed_by_supervisors(
    agent: Agent, mine: Conversation, browser: Browser
) -> None:
    close(agent, mine)
    page = browser.get(at(mine))
    assert elements(page, "h3", id="details-title")
    assert not elements(page, "a", id="contact-edit")
    assert browser.get(at(mine, "contact/?edit"), headers=HTMX).status_code == 409
    agent.user.role = user_as("administrator").role
    agent.user.save()
    assert elements(browser.get(at(mine)), "a", id="contact-edit")
    assert browser.get(at(mine, "contact/?edit"), headers=HTMX).status_code == 200


def test_what_the_site_tells_is_shown_and_can_not_be_changed(mine: Conversation, browser: Browser) -> None:
    """CHAT-14, CON-5."""
    Contact.objects.filter(pk=mine.contact_id).update(attributes={"Basket": "3 items"})
    page = {"url": "https://shop.example/x?y=1", "referrer": "https://search.example/", "title": "Kettles"}
    visitor = Visitor.objects.create(channel=WidgetChannel.objects.earliest("pk"), contact=mine.contact, page=page)
    Visit.objects.create(conversation=mine, visitor=visitor)
    shown = text(browser.get(at(mine)))
    assert all(word in shown for word in ("Basket", "3 items", "Kettles", "search.example"))
    assert (
        "3 items"
        not in text(browser.get(at(mine, "contact/?edit"), headers=HTMX)).split("contact-form")[1].split("</form>")[0]
    )


# --- What came before


def test_earlier_conversations_by_pages_and_to_be_read(agent: Agent, mine: Conversation, browser: Browser) -> None:
    contact = mine.contact
    for number in range(22):
        Conversation.objects.create(
            contact=contact, queue=mine.queue, channel="chat", state="closed", ended_at=mine.first_arrived_at,
            last_line=f"Line {number}", closed_at=mine.first_arrived_at,
        )  # fmt: skip
    first = browser.get(at(mine, "earlier/"), headers=HTMX)
    assert elements(first, "dialog", id="earlier-dialog")
    links = [str(each["href"]) for each in elements(first, "a")]
    rest = browser.get(links.pop(), headers=HTMX)
    links += [str(each["href"]) for each in elements(rest, "a")]
    assert set(links) == {f"/console/past/{pk}/" for pk in contact.conversations.values_list("pk", flat=True)}
    assert browser.get(at(mine, "earlier/")).status_code == 200


def test_a_past_conversation_with_its_notes(agent: Agent, mine: Conversation, browser: Browser) -> None:
    note(mine, agent.user, "Was angry")
    for number in range(120):
        message_post(
            conversation_id=mine.pk, draft=MessageDraft(side=Side.CUSTOMER, client_id=uuid4(), body=f"Line {number}")
        )
    close(agent, mine)
    later = talk(agent, contact=mine.contact)
    page = browser.get(f"/console/past/{mine.pk}/", headers=HTMX)
    assert elements(page, "dialog", id="past-dialog")
    assert "Resolved" in text(page)
    assert "Was angry" in text(page)
    assert not elements(page, "form", id="compose")
    more = next(str(each["hx-get"]) for each in elements(page, "a") if "before=" in str(each.get("hx-get")))
    assert "Where is my parcel?" in text(browser.get(more))
    assert browser.get(f"/console/past/{later.pk}/").status_code == 200


def test_who_may_read_the_past(agent: Agent, mine: Conversation) -> None:
    """Product's table: agents their own and those of own contacts, supervisors their own queues."""
    close(agent, mine)
    stranger = make_agent()
    boss = user_as("supervisor")
    path = f"/console/past/{mine.pk}/"
    assert browser_of(stranger.user).get(path).status_code == 409
    assert browser_of(boss).get(path).status_code == 409
    Membership.objects.create(agent_id=boss.pk, queue=default_queue())
    assert browser_of(boss).get(path).status_code == 200
    assert browser_of(user_as("administrator")).get(path).status_code == 200


# --- The summary


def test_the_summary_says_what_is_stored(agent: Agent, mine: Conversation, browser: Browser) -> None:
    """CON-3: agent, queue, wait, first words, mood."""
    page = text(browser.get(at(mine)))
    for word in ("Lena Vogt", mine.queue.name, "First words", "Where is my parcel?", "Neutral", "of 1 message"):
        assert word in page
    assert "nobody took it" not in page


def test_each_stay_before_is_a_stage(acme: Any) -> None:
    """XFR-6: also the stay of whoever gave it back."""
    first = make_agent(first_name="Bo", last_name="Chen")
    mine = talk(first)
    boss = user_as("administrator")
    Agent.objects.filter(pk=first.pk).update(base="away")
    conversation_requeue(conversation_id=mine.pk, actor=boss)
    second = make_agent(first_name="Kim", last_name="Berg")
    offer = ringing(mine)
    assert offer is not None
    offer_accept(offer_id=offer.pk, actor=offer.agent)
    found = thread_of(second, mine.pk)
    assert found is not None
    (before,), now = found.panel.summary.before, found.panel.summary.now
    assert before.agent is not None
    assert (before.agent.full_name, before.queue, before.hop) == ("Bo Chen", mine.queue, None)
    assert now is not None
    assert (now.agent, now.length) == (second.user, None)
    assert before.length is not None


def test_what_a_transfer_says_stands_in_the_summary(agent: Agent, mine: Conversation) -> None:
    """CON-3, XFR-6: where it went, the sender's note, the skills, and how much was said."""
    helper = make_agent(queues=[], first_name="Kim", last_name="Berg")
    asks_for(mine, "Billing")
    transfer_to_agent(conversation_id=mine.pk, agent_id=helper.pk, note="Wants a <refund>", actor=agent.user)
    offer = ringing(mine)
    assert offer is not None
    offer_accept(offer_id=offer.pk, actor=offer.agent)
    page = text(browser_of(helper.user).get(at(mine)))
    assert "Wants a &lt;refund&gt;" in page
    (stages,) = re.findall(r'<ol class="stages">(.*?)</ol>', page)
    words = " ".join(re.sub(r"<[^>]+>", " ", stages).split())
    assert "Lena Vogt" in words
    assert "→ transferred to Kim" in words
    assert "Billing" in words
    assert "1 from the customer, 0 from agents" in words


def asks_for(conversation: Conversation, name: str) -> None:
    skill = Skill.objects.create(group=SkillGroup.objects.create(name="Topics"), name=name)
    Requirement.objects.create(conversation=conversation, skill=skill, source="agent")


def test_a_mood_on_the_card(agent: Agent, browser: Browser) -> None:
    angry = talk(agent, body="This is terrible, I am furious!")
    talk(agent, contact=ContactFactory(language="de"), body="Guten Tag")
    page = browser.get("/console/tray/", headers=HTMX)
    assert [each["data-mood"] for each in elements(page, "span") if "data-mood" in each] == ["bad"]
    assert "Mood: Negative" in text(page)
    assert Conversation.objects.get(pk=angry.pk).mood == "bad"


def test_the_tray_brings_the_mood_of_the_conversation_that_is_open(agent: Agent, browser: Browser) -> None:
    """CON-3: the summary follows what the customer writes."""
    mine = talk(agent, body="Hello there")
    message_post(
        conversation_id=mine.pk,
        draft=MessageDraft(side=Side.CUSTOMER, client_id=uuid4(), body="This is terrible, I hate it!"),
    )
    tray = browser.get(f"/console/tray/?open={mine.pk}", headers=HTMX)
    (brought,) = elements(tray, "div", id="open-mood")
    assert brought["data-conversation"] == str(mine.pk)
    assert "of 2 messages" in text(tray)
    (shown,) = elements(browser.get(at(mine)), "dd", id="summary-mood")
    assert shown["data-conversation"] == str(mine.pk)
    assert not elements(browser.get("/console/tray/", headers=HTMX), "div", id="open-mood")


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


def test_who_may_see_a_contact_is_the_same_from_both_sides(agent: Agent, mine: Conversation) -> None:
    boss, supervisor, member = user_as("owner"), user_as("supervisor"), user_as("supervisor")
    Membership.objects.create(agent=member.agent, queue=default_queue())
    gone = user_as("administrator", is_active=False)
    everybody = [agent.user, make_agent(available=False).user, boss, supervisor, member, gone]
    found = set(conversation_readers(mine))
    assert found == {agent.user, boss, member}
    assert found == {user for user in everybody if conversations_readable_by(user).filter(pk=mine.pk).exists()}


def test_nothing_of_it_for_others(mine: Conversation) -> None:
    """A colleague without this conversation sees none of it, whatever they send."""
    made = note(mine, User.objects.get(pk=mine.agent_id), "Secret")
    other = browser_of(make_agent().user)
    for path in ("contact/", "contact/merge/", "earlier/", "notes/", f"notes/{made.pk}/", f"notes/{made.pk}/delete/"):
        for answer in (other.get(at(mine, path)), other.post(at(mine, path), {"body": "x", "name": "x"})):
            assert answer.status_code in {405, 409}
            assert b"Secret" not in answer.content
    assert other.get(f"/console/mentions/{made.pk}/").status_code == 409
    assert other.get(f"/console/mentions/{UUID(int=0)}/").status_code == 409
    assert Note.objects.filter(deleted_at=None, body="Secret").exists()
