"""The console's pages from their first HTML, and their fragments (CON-1, CON-2, CON-5, AGT-4)."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django_tenants.utils import tenant_context

from apps.accounts.models import Role
from apps.accounts.permissions import Permission
from apps.agents.actions import agent_status_choose
from apps.chat.models import Visit, Visitor, WidgetChannel
from apps.conversations.actions import conversation_end, marks_advance, message_post
from apps.conversations.choices import Side
from apps.conversations.steps import MessageDraft
from apps.routing.actions import conversation_requeue, offer_accept
from apps.routing.models import Offer
from apps.transfers.actions import transfer_to_agent
from tests.support.browser import Browser
from tests.support.pages import HTMX, browser_of, card_ids, elements
from tests.support.people import ContactFactory, UserFactory, arrive, make_agent, ringing, talk

NOBODY = UUID(int=7)
"""Named in parameters, which have to be the same in every process that runs tests."""

pytestmark = pytest.mark.django_db(transaction=True)


def text(response: Any) -> str:
    return response.content.decode()  # type: ignore[no-any-return]


# --- Who may enter


@pytest.mark.parametrize("path", ["/console/", "/console/tray/", "/console/queues/", f"/console/c/{NOBODY}/"])
def test_nobody_is_sent_to_the_sign_in_and_back(acme: Any, path: str) -> None:
    answer = Browser("acme.localhost").get(path)
    assert answer.status_code == 302
    assert answer["Location"] == f"/signin/?next={path}"


def test_a_fragment_of_somebody_signed_out_sends_the_whole_page_to_the_sign_in(acme: Any) -> None:
    answer = Browser("acme.localhost").get(
        "/console/tray/", headers=HTMX | {"HX-Current-URL": "http://acme.localhost/console/"}
    )
    assert answer["HX-Redirect"] == "/signin/?next=/console/"
    assert answer.content == b""


def test_a_user_who_is_no_agent_gets_a_clear_page(acme: Any) -> None:
    user = UserFactory(role=Role.objects.get(code="owner"))
    answer = browser_of(user).get("/console/")
    assert answer.status_code == 403
    assert "The console is for agents" in text(answer)


def test_an_agent_whose_role_lost_the_console_gets_a_clear_page(acme: Any) -> None:
    agent = make_agent()
    browser = browser_of(agent.user)
    reports = Role.objects.create(code="reports", name="Reports", permissions=[Permission.REPORTS])
    agent.user.role = reports
    agent.user.save(update_fields=["role"])
    for path in ("/console/", "/console/tray/"):
        assert browser.get(path).status_code == 403


def test_a_deactivated_agent_is_signed_out(acme: Any) -> None:
    agent = make_agent()
    browser = browser_of(agent.user)
    agent.user.is_active = False
    agent.user.save(update_fields=["is_active"])
    assert browser.get("/console/").status_code == 302


def test_a_session_of_one_tenant_is_nothing_in_another(acme: Any, globex: Any) -> None:
    agent = make_agent()
    browser = browser_of(agent.user)
    browser.client.defaults["HTTP_HOST"] = "globex.localhost"
    assert browser.client.get("/console/", headers={"host": "globex.localhost"}).status_code == 302


def test_another_agents_conversation_looks_like_none(acme: Any) -> None:
    other = make_agent()
    theirs = talk(other)
    browser = browser_of(make_agent(available=False).user)
    for conversation_id in (theirs.pk, uuid4()):
        answer = browser.get(f"/console/c/{conversation_id}/")
        assert answer.status_code == 404
        assert "This conversation is not with you" in text(answer)
        assert theirs.contact.name not in text(answer)
        assert other.user.public_name not in text(answer)


def test_who_had_a_conversation_is_told_who_has_it(acme: Any) -> None:
    """XFR-4: after an accepted transfer the sender's pane names its new agent; at each later step where it is."""
    sender, receiver = make_agent(), make_agent(available=False)
    mine = talk(sender, contact=ContactFactory(name="Ana Ruiz"))
    agent_status_choose(agent_id=receiver.pk, code="available")
    transfer_to_agent(conversation_id=mine.pk, agent_id=receiver.pk, actor=sender.user)
    offer_accept(offer_id=Offer.objects.get(conversation=mine, state="ringing").pk, actor=receiver.user)
    browser, address = browser_of(sender.user), f"/console/c/{mine.pk}/"
    assert f"{receiver.user.public_name} has Ana Ruiz now" in text(browser.get(address))
    for agent in (sender, receiver):
        agent_status_choose(agent_id=agent.pk, code="away")
    conversation_requeue(conversation_id=mine.pk, actor=UserFactory(role=Role.objects.get(code="administrator")))
    assert f"Ana Ruiz is waiting in “{mine.queue.name}”" in text(browser.get(address))
    conversation_end(conversation_id=mine.pk, by="customer", actor=None)
    assert "The conversation with Ana Ruiz is closed" in text(browser.get(address))


def test_a_conversation_of_another_tenant_is_not_there(acme: Any, globex: Any) -> None:
    with tenant_context(globex):
        theirs = talk(make_agent())
    agent = make_agent()
    assert browser_of(agent.user).get(f"/console/c/{theirs.pk}/").status_code == 404


# --- What the pages show


def test_the_tray_shows_ones_own_conversations_who_waits_longest_on_top(acme: Any) -> None:
    agent = make_agent()
    mine = [talk(agent, body=f"Question {number}") for number in range(2)]
    answer = browser_of(agent.user).get("/console/")
    assert card_ids(answer) == [str(each.pk) for each in mine]
    assert "Question 1" in text(answer)
    assert "No conversation open" in text(answer)


def test_a_card_counts_what_the_customer_wrote_and_the_agent_has_not_read(acme: Any) -> None:
    agent = make_agent()
    mine = talk(agent)
    message_post(conversation_id=mine.pk, draft=MessageDraft(side=Side.CUSTOMER, client_id=uuid4(), body="Still here?"))
    browser = browser_of(agent.user)
    assert [each["data-unread"] for each in elements(browser.get("/console/"), "li", id=f"card-{mine.pk}")] == ["2"]
    mine.refresh_from_db()
    marks_advance(conversation=mine, side=Side.AGENT, delivered=3, read=3)
    assert [each["data-unread"] for each in elements(browser.get("/console/"), "li", id=f"card-{mine.pk}")] == ["0"]


def test_an_offer_stands_in_the_tray_with_accept_and_without_reject(acme: Any) -> None:
    agent = make_agent()
    offer = ringing(arrive(body="Is anybody there?"))
    assert offer is not None
    answer = browser_of(agent.user).get("/console/tray/")
    assert elements(answer, "form", action=f"/console/offers/{offer.pk}/accept/")
    (reject,) = elements(answer, "form", action=f"/console/offers/{offer.pk}/reject/")
    assert "hidden" in reject
    assert "Is anybody there?" in text(answer)


def test_an_open_conversation_shows_its_lines_stacked_with_one_receipt(acme: Any) -> None:
    """CHAT-4, CHAT-7, CHAT-8."""
    agent = make_agent()
    mine = talk(agent, body="<b>Hello</b>")
    for body in ("One", "Two"):
        message_post(
            conversation_id=mine.pk,
            draft=MessageDraft(side=Side.AGENT, client_id=uuid4(), body=body, author=agent.user),
        )
    mine.refresh_from_db()
    marks_advance(conversation=mine, side=Side.CUSTOMER, delivered=4, read=3)
    answer = browser_of(agent.user).get(f"/console/c/{mine.pk}/")
    lines = [each for each in elements(answer, "li") if each.get("class") == "message" and each.get("data-number")]
    assert [each["data-number"] for each in lines] == ["1", "2", "3", "4"]
    assert [each["data-side"] for each in lines] == ["customer", "system", "agent", "agent"]
    assert [each.get("data-receipt") for each in lines] == [None, None, "read", "delivered"]
    stacked = lines[2]["data-at"][:16] == lines[3]["data-at"][:16]  # type: ignore[index]
    assert ("data-stacked" in lines[3]) is stacked
    assert "&lt;b&gt;Hello&lt;/b&gt;" in text(answer)
    assert f"{agent.user.public_name} joined" in text(answer)


def test_the_panel_tells_of_the_customer_and_what_came_before(acme: Any) -> None:
    """CON-5, CHAT-14."""
    agent = make_agent()
    contact = ContactFactory(name="Ana Ruiz", email="ana@example.test")
    earlier = talk(agent, contact=contact, body="The first time")
    conversation_end(conversation_id=earlier.pk, by=Side.CUSTOMER, actor=None)
    mine = talk(agent, contact=contact, body="The second time")
    page = {"url": "javascript:alert(1)", "title": "A page", "language": "es"}
    visitor = Visitor.objects.create(channel=WidgetChannel.objects.earliest("pk"), contact=contact, page=page)
    Visit.objects.create(conversation=mine, visitor=visitor)
    answer = browser_of(agent.user).get(f"/console/c/{mine.pk}/")
    assert "ana@example.test" in text(answer)
    assert "The first time" in text(answer)
    assert not elements(answer, "a", href="javascript:alert(1)")
    visitor.page = {**page, "url": "https://shop.example/x?y=1"}
    visitor.save(update_fields=["page"])
    assert elements(
        browser_of(agent.user).get(f"/console/c/{mine.pk}/"), "a", href="https://shop.example/x?y=1", target="_blank"
    )


def test_htmx_gets_the_part_that_changes(acme: Any) -> None:
    agent = make_agent()
    mine = talk(agent)
    answer = browser_of(agent.user).get(f"/console/c/{mine.pk}/", headers=HTMX)
    assert elements(answer, "div", id="workspace", data_open=str(mine.pk))
    assert not elements(answer, "html")
    assert "HX-Request" in answer["Vary"]
    assert "no-store" in answer["Cache-Control"]


def test_going_back_gets_the_whole_page(acme: Any) -> None:
    agent = make_agent()
    headers = HTMX | {"HX-History-Restore-Request": "true"}
    assert elements(browser_of(agent.user).get("/console/", headers=headers), "html")


def test_who_is_away_with_nothing_to_do_is_told_how_to_begin(acme: Any) -> None:
    agent = make_agent(available=False)
    answer = browser_of(agent.user).get("/console/")
    assert "You are <strong>Away</strong> until you change it." in text(answer)
    assert "Choose Available to receive conversations." in text(answer)
    assert elements(answer, "input", name="code", value="available")


def test_the_status_is_asked_for_once_after_each_sign_in(acme: Any) -> None:
    """AGT-4."""
    agent = make_agent(available=False)
    browser = browser_of(agent.user)
    assert [bool(elements(browser.get("/console/"), id="status-dialog")) for _ in range(2)] == [True, False]
    assert elements(browser_of(agent.user).get("/console/"), id="status-dialog")


def test_who_is_available_already_is_not_asked(acme: Any) -> None:
    agent = make_agent()
    assert not elements(browser_of(agent.user).get("/console/"), id="status-dialog")


def test_pages_carry_no_inline_style_or_script(acme: Any) -> None:
    agent = make_agent()
    mine = talk(agent)
    browser = browser_of(agent.user)
    for path in ("/console/", f"/console/c/{mine.pk}/", "/signin/", "/nothing/"):
        answer = browser.get(path)
        assert not [each for each in elements(answer) if "style" in each or any(name.startswith("on") for name in each)]
        assert all(each.get("src") for each in elements(answer, "script"))
