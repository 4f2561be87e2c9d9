"""The page behind a form's link, which the widget fills in, too (FRM-2): once, in time, in this tenant alone."""

from typing import Any
from uuid import uuid4

import pytest
import structlog
import time_machine
from django.utils import timezone
from django_tenants.utils import tenant_context

from apps.conversations.choices import Side
from apps.conversations.models import Conversation
from apps.forms import limits
from apps.forms.actions import form_withdraw
from apps.forms.choices import Via
from apps.forms.models import FormValue, FormVersion, SentForm
from apps.forms.selectors import form_values
from apps.forms.tokens import token_make, token_read
from tests.support.browser import Browser
from tests.support.forms import ANSWERS, fill, given, published, send
from tests.support.people import make_agent

pytestmark = pytest.mark.django_db(transaction=True)

JSON = {"accept": "application/json"}


def path(sent: SentForm, via: Via = Via.LINK) -> str:
    return f"/form/{token_make(sent.pk, via)}/"


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_the_link_shows_the_form_and_takes_it_once(acme: Any) -> None:
    """Opening it changes nothing, however often; nothing of what was filled in is shown again to anybody."""
    sent, browser = send(make_agent()), Browser("acme.localhost")
    for _ in range(2):
        page = browser.get(path(sent))
        assert (page.status_code, page["Referrer-Policy"], "no-store" in page["Cache-Control"]) == (
            200,
            "same-origin",
            True,
        )
        assert "Card number" in text(page)
    assert not SentForm.objects.get().is_filled
    wrong = browser.post(path(sent), given(**ANSWERS | {"full_name": ""}))
    assert (wrong.status_code, "Please fill this in." in text(wrong)) == (422, True)
    assert ANSWERS["card"] in text(wrong)
    assert ANSWERS["code"] not in text(wrong)
    done = browser.post(path(sent), given(**ANSWERS))
    assert (done.status_code, "Thank you. We have received it." in text(done)) == (200, True)
    assert form_values([sent.pk])[sent.pk] == ANSWERS
    assert SentForm.objects.get().via == "link"
    for again in (browser.get(path(sent)), browser.post(path(sent), given(full_name="Bo", card="1"))):
        assert ("We have received it." in text(again), "<form" in text(again)) == (True, False)
        assert not any(value in text(again) for value in ANSWERS.values())
    assert form_values([sent.pk])[sent.pk] == ANSWERS


def test_the_widget_is_answered_in_json_that_repeats_nothing(acme: Any) -> None:
    """It needs no cookie: in a frame on another site it has none."""
    sent, browser = send(make_agent()), Browser("acme.localhost", enforce_csrf_checks=True)
    address = path(sent, Via.WIDGET)
    part = browser.get(f"{address}?part")
    assert ("<html" in text(part), "data-fill" in text(part)) == (False, True)
    wrong = browser.post(address, given(**ANSWERS | {"full_name": ""}), headers=JSON)
    assert (wrong.status_code, wrong.json()) == (
        422,
        {"message": "Please look at what is marked.", "errors": {"full_name": "Please fill this in."}},
    )
    done = browser.post(address, given(**ANSWERS), headers=JSON)
    assert (done.status_code, done.json()["state"]) == (200, "filled")
    again = browser.post(address, given(**ANSWERS), headers=JSON)
    assert (again.status_code, again.json()["code"]) == (409, "form_filled")
    assert SentForm.objects.get().via == "widget"


@pytest.mark.parametrize("how", ["expired", "withdrawn"])
def test_a_form_that_is_shut_shows_no_form(acme: Any, how: str) -> None:
    agent, browser = make_agent(), Browser("acme.localhost")
    sent = send(agent)
    if how == "withdrawn":
        form_withdraw(sent_id=sent.pk, actor=agent.user)
    with time_machine.travel(sent.expires_at if how == "expired" else timezone.now(), tick=False):
        for page in (browser.get(path(sent)), browser.post(path(sent), given(**ANSWERS))):
            assert (page.status_code, "<form" in text(page)) == (410, False)
    assert not FormValue.objects.exists()


@pytest.mark.parametrize("guess", ["none", "", "signature", "id", "way", "long"])
def test_a_guessed_link_is_none(acme: Any, guess: str) -> None:
    sent, browser = send(make_agent()), Browser("acme.localhost")
    said, signature = token_make(sent.pk, Via.LINK).split(".")
    token = {
        "none": "none",
        "": f"{said}.",
        "signature": f"{said}.{'A' * len(signature)}",
        "id": f"{uuid4().hex}l.{signature}",
        "way": f"{said[:-1]}w.{signature}",
        "long": f"{said}.{signature}" + "x" * 500,
    }[guess]
    for page in (browser.get(f"/form/{token}/"), browser.post(f"/form/{token}/", given(**ANSWERS))):
        assert (page.status_code, "There is no form here" in text(page)) == (404, True)
    assert not FormValue.objects.exists()


def test_another_tenants_link_is_none(acme: Any, globex: Any) -> None:
    """TEN-1: not even for a form of the same id."""
    sent = send(make_agent())
    token = token_make(sent.pk, Via.LINK)
    with tenant_context(globex):
        theirs = send(make_agent())
        SentForm.objects.filter(pk=theirs.pk).update(id=sent.pk)
        assert token_read(token) is None
        assert Browser("globex.localhost").post(f"/form/{token}/", given(**ANSWERS)).status_code == 404
        assert not FormValue.objects.exists()


def test_con_10_of_spam_nothing_is_filled_in(acme: Any) -> None:
    sent = send(make_agent())
    Conversation.objects.update(is_spam=True)
    assert Browser("acme.localhost").get(path(sent)).status_code == 404


def test_tries_are_limited(acme: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "TRIES", 1)
    sent, browser = send(make_agent()), Browser("acme.localhost")
    answers = [browser.post(path(sent), {}, headers=JSON).status_code for _ in range(2)]
    assert answers == [422, 429]
    assert browser.post(path(sent), given(**ANSWERS)).status_code == 422
    assert not SentForm.objects.get().is_filled


def test_every_kind_of_field_is_on_the_page_and_comes_back(acme: Any) -> None:
    """FRM-1: with what was typed in it, where something else is wrong."""
    colours = ["Red", "Green"]
    sent = send(
        make_agent(),
        published(
            {"label": "Part one", "kind": "heading", "says": "About you"},
            {"label": "Please note", "kind": "note"},
            {"label": "Story", "kind": "area"},
            {"label": "Pieces", "kind": "number", "least": "1"},
            {"label": "Colour", "kind": "radio", "options": colours},
            {"label": "Size", "kind": "dropdown", "options": colours},
            {"label": "Extras", "kind": "checkbox", "options": colours},
            {"label": "Agreed", "kind": "toggle"},
            {"label": "Born", "kind": "date", "most": "today"},
            {"label": "Meeting", "kind": "datetime", "least": "2026-01-01"},
            {"label": "Phone", "kind": "phone"},
            {"label": "Email", "kind": "email"},
            {"label": "Home", "kind": "address"},
            {"label": "Site", "kind": "url"},
            {"label": "Mood", "kind": "range", "least": "0", "most": "10"},
            {"label": "Why", "is_required": True, "shown_by": "colour", "shown_value": "Red"},
        ),
    )
    typed = given(story="Once", pieces="2", colour="Red", size="Green", extras=["Red"], agreed="yes", born="1990-05-01")
    typed |= given(meeting="2026-02-03T10:00", phone="+34600123456", email="a@b.example", site="b.example", mood="7")
    typed |= given(home__street="Mayor 1", home__city="Madrid")
    wrong = Browser("acme.localhost").post(path(sent), typed)
    page = text(wrong)
    assert (wrong.status_code, page.count("Please fill this in.")) == (422, 1)
    for shown in ("Part one", "Please note", 'type="datetime-local"', 'value="Mayor 1"', 'min="2026-01-01T00:00"'):
        assert shown in page
    assert page.count("checked") == 3
    assert page.count("selected") == 1
    assert fill(sent, **{name.removeprefix("f-").replace("-", "__"): value for name, value in typed.items()}, why="x")
    kept = form_values([sent.pk])[sent.pk]
    assert (len(kept), kept["home"], kept["extras"]) == (14, "Mayor 1\nMadrid", ["Red"])


def test_the_customers_language_decides(acme: Any) -> None:
    sent = send(make_agent())
    Conversation.objects.update(language="ar")
    assert 'dir="rtl"' in text(Browser("acme.localhost").get(path(sent)))


def test_a_customer_who_fills_it_in_after_the_end(acme: Any) -> None:
    from apps.conversations.actions import conversation_end

    agent = make_agent()
    sent = send(agent)
    conversation_end(conversation_id=sent.conversation_id, by=Side.CUSTOMER, actor=None)
    done = Browser("acme.localhost").post(path(sent), given(**ANSWERS))
    assert done.status_code == 200
    assert SentForm.objects.get().is_filled


def test_a_pattern_that_cannot_be_read_asks_for_nothing(acme: Any) -> None:
    """FRM-1: no form is published with one; of a version from before, what else it asks for counts. It is logged."""
    made = published({"label": "Code", "pattern": "[0-9]+", "least": "3"}, {"label": "Name", "is_required": True})
    version = made.published
    assert version is not None
    definition = version.spec_json
    definition["fields"][0]["pattern"] = r"(?=\d)\d+"
    made.published = FormVersion.objects.create(form=made, number=2, spec_json=definition)
    made.save(update_fields=["published"])
    sent, browser = send(make_agent(), made), Browser("acme.localhost")
    with structlog.testing.capture_logs() as lines:
        assert browser.post(path(sent), given(code="12", name="Ana")).status_code == 422
        assert browser.post(path(sent), given(code="1234", name="Ana")).status_code == 200
    assert {(line["event"], line["log_level"], line["pattern"]) for line in lines if "pattern" in line} == {
        ("forms.pattern_unreadable", "error", r"(?=\d)\d+")
    }
    assert form_values([sent.pk])[sent.pk]["code"] == "1234"
