"""The contact beside a conversation: details, who is the same person, claims, and who may see them (CON-5, CHAT-12)."""

import pytest
from django.utils import timezone

from apps.agents.models import Agent, Membership
from apps.chat.models import Visit, Visitor, WidgetChannel
from apps.contacts.actions import contact_create
from apps.contacts.models import Contact, ContactChange, ContactField, MergeRequest
from apps.conversations.actions import conversation_change_contact
from apps.conversations.models import Conversation
from apps.conversations.selectors import conversation_readers, conversations_readable_by
from apps.queues.models import Queue
from tests.console.panel import at, close, fields_of, text
from tests.support.browser import Browser, user_as
from tests.support.pages import HTMX, elements
from tests.support.people import ContactFactory, default_queue, make_agent, talk

pytestmark = pytest.mark.django_db(transaction=True)


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


def test_who_may_see_a_contact_is_the_same_from_both_sides(agent: Agent, mine: Conversation) -> None:
    boss, supervisor, member = user_as("owner"), user_as("supervisor"), user_as("supervisor")
    Membership.objects.create(agent=member.agent, queue=default_queue())
    gone = user_as("administrator", is_active=False)
    everybody = [agent.user, make_agent(available=False).user, boss, supervisor, member, gone]
    found = set(conversation_readers(mine))
    assert found == {agent.user, boss, member}
    assert found == {user for user in everybody if conversations_readable_by(user).filter(pk=mine.pk).exists()}
