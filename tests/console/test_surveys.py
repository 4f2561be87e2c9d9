"""Surveys at the console: the switch, the mark on End, what was answered, one's own figures (SRV-2, SRV-4, CON-7)."""

from contextlib import contextmanager
from typing import Any

import pytest

from apps.conversations.choices import Side
from apps.conversations.models import Conversation
from apps.core.secrets import HIDDEN
from apps.surveys.actions import Answer, survey_answer
from apps.surveys.choices import Via
from apps.surveys.models import SurveyMark
from tests.support.mail_server import mail_server
from tests.support.media import media_in
from tests.support.outbound_mails import channel_to, thread_with
from tests.support.pages import HTMX, browser_of, elements
from tests.support.people import ContactFactory, make_agent
from tests.support.surveys import asked, end, said, survey

pytestmark = pytest.mark.django_db(transaction=True)


def pane(agent: Any, conversation: Conversation) -> Any:
    return browser_of(agent.user).get(f"/console/c/{conversation.pk}/")


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def figure(page: str, name: str) -> str:
    part = page.split(f'data-figure="{name}"', 1)[1].split("</dd>", 1)[0]
    return part.split('figure-value">', 1)[1].split("</span>", 1)[0].strip()


@pytest.mark.parametrize("fields", [{}, {"frequency": "everyone", "agents_trigger": True}, {"is_active": False}])
def test_no_switch_where_agents_do_not_decide(acme: Any, fields: dict[str, Any]) -> None:
    survey(**fields)
    agent = make_agent()
    page = pane(agent, said(agent))
    assert not elements(page, "form", id="survey-switch")
    assert ("and send the survey" in text_of(page)) == (fields.get("frequency") == "everyone")


def test_the_switch_marks_end_and_takes_the_mark_off(acme: Any) -> None:
    """SRV-2: Send survey above the compose bar turns on; End and its dialog show the mark."""
    survey(agents_trigger=True)
    agent = make_agent()
    conversation = said(agent)
    browser, address = browser_of(agent.user), f"/console/c/{conversation.pk}/survey/"
    page = pane(agent, conversation)
    (button,) = elements(page, "button", data_action="survey")
    assert (button["aria-pressed"], button["value"]) == ("false", "1")
    assert "and send the survey" not in text_of(page)
    for on in ("1", "1", "0"):
        answer = browser.post(address, {"on": on}, headers=HTMX)
        (button,) = elements(answer, "button", data_action="survey")
        assert button["aria-pressed"] == ("true" if on == "1" else "false")
        assert ("and send the survey" in text_of(answer)) == (on == "1")
        assert (f"{conversation.contact.display_name} gets the survey." in text_of(answer)) == (on == "1")
    assert not SurveyMark.objects.exists()
    answer = browser.post(address, {"on": "1"})
    assert (answer.status_code, answer["Location"]) == (302, f"/console/c/{conversation.pk}/")
    browser.post(f"/console/c/{conversation.pk}/end/")
    request = asked(conversation)
    assert request is not None
    assert request.reason == "agent"
    page = pane(agent, conversation)
    assert not elements(page, "form", id="survey-switch")
    assert "Sent, not answered yet" in text_of(page)
    assert "The survey was sent" in text_of(page)


def test_the_mark_of_anothers_conversation_is_refused(acme: Any) -> None:
    survey(agents_trigger=True)
    agent = make_agent()
    conversation = said(agent)
    other = browser_of(make_agent(available=False).user)
    assert other.post(f"/console/c/{conversation.pk}/survey/", {"on": "1"}, headers=HTMX).status_code == 409
    assert not SurveyMark.objects.exists()


def test_the_answer_stands_beside_the_conversation_and_with_the_earlier_ones(acme: Any) -> None:
    """SRV-4: in the panel, in the past one, and where the next conversation lists it."""
    survey(frequency="everyone")
    agent, contact = make_agent(), ContactFactory()
    conversation = said(agent, contact=contact)
    end(conversation, Side.AGENT)
    survey_answer(conversation_id=conversation.pk, answer=Answer(4, "<b>Quick</b>"), via=Via.WIDGET)
    browser = browser_of(agent.user)
    for address in (f"/console/c/{conversation.pk}/", f"/console/past/{conversation.pk}/"):
        page = text_of(browser.get(address))
        assert "4 of 5" in page, address
        assert "&lt;b&gt;Quick&lt;/b&gt;" in page, address
    after = said(agent, contact=contact)
    page = text_of(browser.get(f"/console/c/{after.pk}/"))
    assert "4 of 5" in page
    assert "Quick" not in page


def test_ones_own_figures(acme: Any) -> None:
    """CON-7, SUP-4: mean, NPS, likes and response rate, each with its definition."""
    agent = make_agent()
    page = text_of(browser_of(agent.user).get("/console/me/"))
    assert [figure(page, name) for name in ("csat", "surveys_sent", "survey_rate", "nps", "likes")] == [
        "–",
        "0",
        "–",
        "–",
        "–",
    ]
    for kind, scores in (("csat", (5, 4, None)), ("nps", (10, 0, 9)), ("like", (1, 0))):
        survey(frequency="everyone", kind=kind)
        for score in scores:
            request = end(said(agent))
            assert request is not None
            if score is not None:
                survey_answer(conversation_id=request.conversation_id, answer=Answer(score), via=Via.LINK)
    page = text_of(browser_of(agent.user).get("/console/me/"))
    found = [figure(page, name) for name in ("csat", "surveys_sent", "survey_rate", "nps", "likes")]
    assert found == ["4.50", "8", "88 %", "+33", "50 %"]
    assert ("2 answers" in page, "7 of 8" in page) == (True, True)
    assert "the share of 9 and 10 minus the share of 0 to 6" in page


def test_srv_5_by_mail_it_is_switched_on_in_the_same_place(acme: Any, settings: Any, tmp_path: Any) -> None:
    """SRV-2: the mark stands on End, the mail goes, the panel says so; what it says is a line without the link."""
    survey(agents_trigger=True)
    agent = make_agent()
    with mail_server() as server, contextmanager(media_in)(settings, tmp_path):
        conversation = thread_with(agent, channel_to(server), subject="Parcel")
        browser, address = browser_of(agent.user), f"/console/c/{conversation.pk}/"
        assert elements(pane(agent, conversation), "button", data_action="survey")
        assert "and send the survey" in text_of(browser.post(f"{address}survey/", {"on": "1"}, headers=HTMX))
        browser.post(f"{address}end/")
        assert len(server.mails) == 1
        page = text_of(pane(agent, conversation))
        assert ("Sent, not answered yet" in page, "How satisfied are you" in page, HIDDEN in page) == (True, True, True)
        request = asked(conversation)
        assert request is not None
        assert (f"{request.pk.hex}." in page, "localhost/survey/" in page) == (False, False)
        survey_answer(conversation_id=conversation.pk, answer=Answer(5, "Fine"), via=Via.LINK)
        page = text_of(pane(agent, conversation))
        assert ("5 of 5" in page, "Fine" in page) == (True, True)
