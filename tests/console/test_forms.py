"""Forms at the console: choose, send, the card, the eye, the link (FRM-2 to FRM-4)."""

from contextlib import contextmanager
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.conversations.choices import Side
from apps.conversations.models import Conversation
from apps.email.models import OutboundMail
from apps.forms.choices import REDACTED, Via
from apps.forms.models import FormAccess, FormSettings, SentForm
from apps.vault.actions import data_keys_erase
from tests.support.browser import signed_in, user_as
from tests.support.forms import ANSWERS, CARD, fill, published, send, talked
from tests.support.mail_server import mail_server
from tests.support.media import media_in
from tests.support.outbound_mails import channel_to, thread_with
from tests.support.pages import HTMX, browser_of, elements
from tests.support.people import make_agent

pytestmark = pytest.mark.django_db(transaction=True)

JSON = {"accept": "application/json"}
FETCH = {"x-requested-with": "fetch"}


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def card(agent: Any, sent: SentForm) -> str:
    answer = browser_of(agent.user).get(f"/console/forms/{sent.pk}/", headers=FETCH)
    assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (200, True)
    return text(answer)


def reveal(agent: Any, sent: SentForm, **data: str) -> Any:
    return browser_of(agent.user).post(f"/console/forms/{sent.pk}/reveal/", data, headers=JSON)


def test_frm_2_a_form_is_chosen_and_sent(acme: Any) -> None:
    """The button is there where there is something to send; what the customer has is not offered again."""
    agent = make_agent()
    conversation = talked(agent)
    browser, pane = browser_of(agent.user), f"/console/c/{conversation.pk}/"
    assert not elements(browser.get(pane), "button", data_action="form")
    made = published(name="Identity", description="Name and card")
    assert elements(browser.get(pane), "button", data_action="form")
    dialog = browser.get(f"{pane}form/", headers=HTMX)
    (row,) = elements(dialog, "button", name="chosen")
    assert (row["value"], "Name and card" in text(dialog), "<html" in text(dialog)) == (str(made.pk), True, False)
    answer = browser.post(f"{pane}form/", {"chosen": str(made.pk)}, headers=HTMX)
    assert (answer.status_code, 'id="form-states"' in text(answer)) == (200, True)
    sent = SentForm.objects.get()
    (state,) = elements(answer, "li", data_address=f"/console/forms/{sent.pk}/")
    assert (state["data-state"], state["data-number"]) == ("sent", str(sent.message.number))
    assert "The customer has it already." in text(browser.get(f"{pane}form/", headers=HTMX))
    again = browser.post(f"{pane}form/", {"chosen": str(made.pk)}, headers=HTMX)
    assert (again.status_code, "take it back" in text(again)) == (409, True)
    assert browser.post(f"{pane}form/", {"chosen": "x"}).status_code == 409
    # Without scripts it is a page.
    assert "<html" in text(browser.get(f"{pane}form/"))
    browser.post(f"/console/forms/{sent.pk}/withdraw/", headers=HTMX)
    assert browser.post(f"{pane}form/", {"chosen": str(made.pk)})["Location"] == pane


def test_frm_3_the_card_shows_labels_and_what_stands_for_values(acme: Any) -> None:
    agent = make_agent()
    sent = send(agent)
    assert ("Sent" in card(agent, sent), "Take back" in card(agent, sent)) == (True, True)
    fill(sent)
    found = card(agent, sent)
    assert all(shown in found for shown in ("Filled", "Full name", "Ana Ruiz", "Card number", "Code", REDACTED))
    assert "***************1234" in found
    assert not any(value in found for value in (CARD, "q7-39z"))
    assert found.count("data-reveals") == 2
    page = text(browser_of(agent.user).get(f"/console/c/{sent.conversation_id}/"))
    assert ("***************1234" in page, CARD in page, "q7-39z" in page) == (True, False, False)


def test_frm_3_of_a_secured_form_no_value_is_in_the_page(acme: Any) -> None:
    """One eye, in its header."""
    agent = make_agent()
    sent = fill(send(agent, published(is_secured=True)))
    found = card(agent, sent)
    assert not any(value in found for value in (*ANSWERS.values(), "1234"))
    assert (found.count(REDACTED), found.count("data-reveals")) == (3, 1)
    assert reveal(agent, sent, field="").json()["values"] == [
        {"name": "full_name", "text": "Ana Ruiz"},
        {"name": "card", "text": CARD},
        {"name": "code", "text": "q7-39z"},
    ]


def test_frm_4_the_eye_reveals_one_value_for_a_while(acme: Any) -> None:
    agent = make_agent()
    sent = fill(send(agent))
    answer = reveal(agent, sent, field="card")
    assert (answer.status_code, answer.json()) == (200, {"values": [{"name": "card", "text": CARD}], "seconds": 30})
    assert "no-store" in answer["Cache-Control"]
    thread = text(browser_of(agent.user).get(f"/console/c/{sent.conversation_id}/"))
    assert f"{agent.user.public_name} revealed “Card number” of “Identity check”" in thread
    # Without scripts it is a page that leaves by itself.
    page = browser_of(agent.user).post(f"/console/forms/{sent.pk}/reveal/", {"field": "code"})
    assert (page["Refresh"], "q7-39z" in text(page)) == (f"30; url=/console/c/{sent.conversation_id}/", True)
    assert FormAccess.objects.count() == 2


def test_frm_4_a_reason_is_asked_for_where_it_is_wanted(acme: Any) -> None:
    FormSettings.objects.update(asks_reason=True, hide_seconds=10)
    agent = make_agent()
    sent = fill(send(agent))
    assert "Why do you need to see it?" in card(agent, sent)
    refused = reveal(agent, sent, field="card")
    assert (refused.status_code, refused.json()["code"]) == (409, "reason_needed")
    assert reveal(agent, sent, field="card", reason="Fraud").json()["seconds"] == 10
    assert FormAccess.objects.get().reason == "Fraud"


def test_ten_5_who_may_not_reveal_has_no_eye(acme: Any) -> None:
    FormSettings.objects.update(agents_reveal=False)
    agent = make_agent()
    sent = fill(send(agent))
    assert ("data-reveals" in card(agent, sent), "you may not see this value" in card(agent, sent)) == (False, True)
    assert reveal(agent, sent, field="card").json()["code"] == "reveal_refused"


def test_ten_5_a_card_of_others_does_not_exist(acme: Any) -> None:
    sent = fill(send(make_agent()))
    other = browser_of(make_agent(available=False).user)
    for path in ("", "reveal/", "link/", "withdraw/"):
        for answer in (other.get(f"/console/forms/{sent.pk}/{path}"), other.post(f"/console/forms/{sent.pk}/{path}")):
            assert answer.status_code in {404, 405}
            assert "Ana Ruiz" not in text(answer)
    assert not FormAccess.objects.exists()


def test_who_may_see_the_conversation_later_sees_the_card_there(acme: Any) -> None:
    agent, owner = make_agent(), user_as("owner")
    sent = fill(send(agent))
    Conversation.objects.update(state="closed", ended_at=timezone.now(), closed_at=timezone.now())
    page = text(signed_in(owner).get(f"/console/past/{sent.conversation_id}/"))
    assert ("***************1234" in page, CARD in page, page.count("data-reveals")) == (True, False, 2)
    found = signed_in(owner).post(f"/console/forms/{sent.pk}/reveal/", {"field": "card"}, headers=JSON)
    assert found.json()["values"] == [{"name": "card", "text": CARD}]
    assert FormAccess.objects.get().user == owner


def test_the_link_is_handed_out_where_no_chat_is_open(acme: Any) -> None:
    """FRM-2: after the end, and by mail; never twice for what is filled in."""
    from apps.conversations.actions import conversation_end

    agent = make_agent()
    sent = send(agent)
    assert "Copy link" not in card(agent, sent)
    conversation_end(conversation_id=sent.conversation_id, by=Side.CUSTOMER, actor=None)
    assert "Copy link" in card(agent, sent)
    browser = browser_of(agent.user)
    answer = browser.post(f"/console/forms/{sent.pk}/link/", headers=JSON)
    assert answer.json()["address"].startswith(f"http://acme.localhost/form/{sent.pk.hex}l.")
    assert "readonly" in text(browser.post(f"/console/forms/{sent.pk}/link/"))
    assert [row.kind for row in FormAccess.objects.all()] == ["link", "link"]
    fill(sent)
    assert browser.post(f"/console/forms/{sent.pk}/link/", headers=JSON).status_code == 409


def test_frm_5_what_was_erased_says_so(acme: Any) -> None:
    agent = make_agent()
    sent = fill(send(agent))
    data_keys_erase(purpose="forms")
    found = card(agent, sent)
    assert (found.count("Erased"), "data-reveals" in found, "Ana Ruiz" in found) == (3, False, False)
    assert reveal(agent, sent, field="card").json()["code"] == "form_erased"


def test_forms_cost_the_same_however_many_there_are(acme: Any, django_assert_num_queries: Any) -> None:
    from apps.console.forms.selectors import form_cards_of

    agent = make_agent()
    conversation = talked(agent)
    for _ in range(3):
        fill(send(agent, conversation=conversation))
    conversation.refresh_from_db()
    user = user_as_loaded(agent)
    with django_assert_num_queries(4):
        assert len(form_cards_of(conversation, user)) == 3


def user_as_loaded(agent: Any) -> Any:
    """With their role, as every page has them."""
    from apps.accounts.models import User

    return User.objects.select_related("role").get(pk=agent.pk)


def test_frm_2_by_mail_the_link_goes_by_itself(acme: Any, settings: Any, tmp_path: Any) -> None:
    """Nobody copies it, unless the mail failed; the card says how far it has come, and no page holds the link."""
    agent, made = make_agent(), published(name="Identity")
    with mail_server() as server, contextmanager(media_in)(settings, tmp_path):
        conversation = thread_with(agent, channel_to(server), subject="Parcel")
        browser, pane = browser_of(agent.user), f"/console/c/{conversation.pk}/"
        assert elements(browser.get(pane), "button", data_action="form")
        server.says["ana@customer.example"] = "550 unknown"
        answer = browser.post(f"{pane}form/", {"chosen": str(made.pk)}, headers=HTMX)
        sent = SentForm.objects.get()
        (state,) = elements(answer, "li", data_address=f"/console/forms/{sent.pk}/")
        assert state["data-state"] == "sent link mail-failed"
        assert ("Copy link" in text(answer), "Not sent" in text(answer), "Retry" in text(answer)) == (True, True, True)
        server.says.clear()
        answer = browser.post(
            reverse("console:mail_retry", args=[OutboundMail.objects.get().pk], urlconf="config.urls_tenant"),
            headers=HTMX,
        )
        assert (answer.status_code, len(server.mails)) == (200, 1)
        page = text(browser.get(pane))
        assert "Form sent: Identity check" in page
        assert ("Copy link" in page, "Take back" in page, "Retry" in page) == (False, True, False)
        shown = page + card(agent, sent) + text(browser.get(f"/console/past/{conversation.pk}/"))
        assert (f"{sent.pk.hex}l." in shown, "/form/" in shown.replace(f"{pane}form/", "")) == (False, False)
        fill(sent, via=Via.LINK)
        assert "Filled" in card(agent, sent)
