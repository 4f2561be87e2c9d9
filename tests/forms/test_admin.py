"""The builder and the pages beside it (FRM-1, FRM-4)."""

import re
from typing import Any

import pytest

from apps.forms.models import Form, FormAccess, FormField, FormSettings, FormValue, FormVersion, SentForm
from apps.queues.models import Queue
from tests.support.admin_pages import fields
from tests.support.browser import signed_in, user_as
from tests.support.forms import fill, form, published, reveal, send
from tests.support.people import make_agent

pytestmark = pytest.mark.django_db(transaction=True)

ADD = "/admin/forms/form/add/"


def page(row: Form) -> str:
    return f"/admin/forms/form/{row.pk}/change/"


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def lines(*rows: dict[str, str], kept: int = 0) -> dict[str, str]:
    """What the table of fields sends."""
    data = {"fields-TOTAL_FORMS": str(len(rows)), "fields-INITIAL_FORMS": str(kept)}
    for place, row in enumerate(rows):
        sent = {"kind": "text", "position": str(place), "keep": "0", "mask": "*", "shown_test": "is"} | row
        data |= {f"fields-{place}-{name}": value for name, value in sent.items()}
    return data


FORM = {"name": "Identity", "title": "Who are you?", "is_active": "on"}


def press(answer: Any) -> dict[str, str]:
    """What a browser sends when Save and publish is pressed."""
    buttons = re.findall(r"<button[^>]*>.*?</button>", answer.content.decode(), re.DOTALL)
    (button,) = [each for each in buttons if "Save and publish" in each]
    (name,) = re.findall(r'\bname="([^"]+)"', button)
    return {name: ""}


def test_frm_1_a_form_is_built_saved_and_published(acme: Any) -> None:
    """In the order of the rows, with names made of labels; options are lines."""
    browser = signed_in(user_as("administrator"))
    rows = lines(
        {"label": "Card number", "secure": "mask", "keep": "4", "position": "1"},
        {"label": "Colour", "kind": "radio", "options": "Red\r\n\r\n Blue ", "position": "0"},
        {"label": "Why red", "shown_by": "colour", "shown_value": "Red", "position": "9999"},
    )
    answer = browser.post(ADD, FORM | rows)
    assert answer.status_code == 302, answer.context["errors"]
    made = Form.objects.get()
    assert made.published is None
    assert [(each.name, each.options) for each in made.fields.all()] == [
        ("colour", ["Red", "Blue"]),
        ("card_number", []),
        ("why_red", []),
    ]
    assert LIST_STATE in text(browser.get("/admin/forms/form/"))
    data = fields(browser.get(page(made)))
    assert browser.post(page(made), data | press(browser.get(page(made)))).status_code == 302
    made.refresh_from_db()
    assert made.published is not None
    assert [field.name for field in made.published.definition.fields] == ["colour", "card_number", "why_red"]
    assert "Version 1" in text(browser.get("/admin/forms/form/"))
    data = fields(browser.get(page(made))) | {"fields-1-DELETE": "on"}
    assert browser.post(page(made), data).status_code == 302
    assert "Version 1, changed since" in text(browser.get("/admin/forms/form/"))


LIST_STATE = "Draft"


def test_what_keeps_it_from_being_published_is_said_and_nothing_is_lost(acme: Any) -> None:
    browser = signed_in(user_as("administrator"))
    rows = lines({"label": "Colour", "kind": "radio"})
    answer = browser.post(ADD, FORM | rows | press(browser.get(ADD)))
    assert answer.status_code == 200
    assert "Colour: There is nothing to choose from" in text(answer)
    assert 'value="Colour"' in answer.content.decode()
    assert not Form.objects.exists()
    assert browser.post(ADD, FORM | rows).status_code == 302
    assert not FormVersion.objects.exists()


def test_the_preview_renders_what_is_not_saved_yet(acme: Any) -> None:
    """With what is wrong with it; nothing is stored."""
    browser = signed_in(user_as("administrator"))
    rows = lines({"label": "First"}, {"label": "Second", "kind": "dropdown", "position": "0"})
    rows |= {"fields-0-position": "1"}
    new = browser.post("/admin/forms/form/preview/", FORM | rows)
    shown = text(new)
    assert (new.status_code, "Who are you?" in shown, "There is nothing to choose from" in shown) == (200, True, True)
    assert shown.index("Second") < shown.index("First")
    assert not Form.objects.exists()
    row = form({"label": "Stored"})
    data = fields(browser.get(page(row))) | {"title": "Changed"}
    data["fields-0-label"] = "Typed"
    later = text(browser.post(f"/admin/forms/form/preview/?form={row.pk}", data))
    assert ("Changed" in later, "Typed" in later, "Stored" in later) == (True, True, False)
    assert FormField.objects.get().label == "Stored"
    assert browser.get("/admin/forms/form/preview/").status_code == 405
    assert browser.post("/admin/forms/form/preview/", {}).status_code in {200, 400}


def test_ten_5_a_supervisor_builds_for_their_own_queues(acme: Any) -> None:
    agent = make_agent(available=False)
    supervisor = user_as("supervisor")
    queue = Queue.objects.get(is_default=True)
    queue.memberships.create(agent=supervisor.agent)
    browser = signed_in(supervisor)
    rows = lines({"label": "Name"})
    assert "name one or more of them" in text(browser.post(ADD, FORM | rows))
    assert browser.post(ADD, FORM | rows | {"queues": str(queue.pk)}).status_code == 302
    others = form()
    assert browser.post(page(others), FORM | rows).status_code == 403
    assert "Save and publish" not in text(browser.get(page(others)))
    assert signed_in(agent.user).post("/admin/forms/form/preview/", FORM).status_code == 302
    assert browser.get("/admin/forms/formaccess/").status_code == 403


def test_frm_4_who_has_looked_is_listed_and_values_are_not(acme: Any) -> None:
    agent = make_agent()
    sent = fill(send(agent, published(is_secured=True)))
    reveal(sent, agent, reason="Fraud check")
    browser = signed_in(user_as("administrator"))
    row = FormAccess.objects.get()
    for path in (
        "/admin/forms/formaccess/",
        f"/admin/forms/formaccess/{row.pk}/change/",
        "/admin/forms/sentform/",
        f"/admin/forms/sentform/{sent.pk}/change/",
    ):
        shown = text(browser.get(path))
        assert "Identity check" in shown
        assert not any(value in shown for value in ("Ana Ruiz", "1234", "q7-39z"))
    assert "Full name, Card number, Code" in text(browser.get("/admin/forms/formaccess/"))
    assert "Fraud check" in text(browser.get("/admin/forms/formaccess/"))


def test_aud_2_values_are_erased_by_whoever_reaches_all(acme: Any) -> None:
    sent = fill(send(make_agent()))
    path = f"/admin/forms/sentform/{sent.pk}/erase/"
    assert signed_in(user_as("supervisor")).post(path, {"reason": "x"}).status_code == 403
    browser = signed_in(user_as("administrator"))
    assert "Nobody can bring it back." in text(browser.get(path))
    assert browser.post(path, {"reason": ""}).status_code == 200
    assert FormValue.objects.count() == 3
    assert browser.post(path, {"reason": "Asked for"}).status_code == 302
    assert not FormValue.objects.exists()
    assert SentForm.objects.get().erased_at is not None
    assert FormAccess.objects.get().reason == "Asked for"


def test_the_settings_are_changed_in_their_range(acme: Any) -> None:
    browser = signed_in(user_as("owner"))
    settings: FormSettings = FormSettings.load()
    path = f"/admin/forms/formsettings/{settings.pk}/change/"
    data = fields(browser.get(path)) | {"hide_seconds": "45", "expires_hours": "2"}
    data.pop("agents_reveal")
    assert browser.post(path, data).status_code == 302
    settings.refresh_from_db()
    assert (settings.agents_reveal, settings.hide_seconds, settings.expires_hours) == (False, 45, 2)
    assert browser.post(path, data | {"hide_seconds": "2"}).status_code == 200
