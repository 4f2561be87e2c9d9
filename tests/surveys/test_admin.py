"""Surveys as administrators and supervisors set them up, and what the lists show (SRV-1, SUP-4)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.agents.models import Membership
from apps.conversations.models import Conversation
from apps.core.errors import DomainError
from apps.queues.models import Queue
from apps.surveys.actions import Answer, survey_answer, survey_delete, survey_save
from apps.surveys.choices import Via
from apps.surveys.figures import figures_of, figures_of_agent
from apps.surveys.models import Survey, SurveyQueue, SurveyRequest, SurveyText
from apps.surveys.selectors import survey_for
from apps.surveys.tokens import token_read
from tests.support.browser import signed_in, user_as
from tests.support.people import default_queue, make_agent
from tests.support.race import race
from tests.support.surveys import end, said, survey

pytestmark = pytest.mark.django_db(transaction=True)

FORM = {
    "kind": "nps",
    "is_active": "on",
    "frequency": "nth",
    "nth": "4",
    "expires_hours": "48",
    "texts-TOTAL_FORMS": "1",
    "texts-INITIAL_FORMS": "0",
    "texts-0-channel": "chat",
    "texts-0-language": "es",
    "texts-0-request": "¿Nos recomendarías?",
    "texts-0-thanks": "",
}


def answered(agent: Any, *scores: int | None) -> None:
    """A survey for each of these scores; none is one without an answer."""
    for score in scores:
        request = end(said(agent))
        assert request is not None
        if score is not None:
            survey_answer(conversation_id=request.conversation_id, answer=Answer(score), via=Via.WIDGET)


def test_an_administrator_makes_one_for_a_queue(acme: Any) -> None:
    """SRV-1, SRV-2: its texts with it; the queue has it from now on."""
    sales = Queue.objects.create(name="Sales")
    browser = signed_in(user_as("administrator"))
    page = browser.post("/admin/surveys/survey/add/", {**FORM, "name": "Sales", "serves": [str(sales.pk)]})
    assert page.status_code == 302, page.content.decode()
    made = survey_for(sales.pk)
    assert made is not None
    assert (made.name, made.kind, made.frequency, made.nth, made.agents_trigger) == ("Sales", "nps", "nth", 4, False)
    assert list(made.texts.values_list("language", "request", "thanks")) == [("es", "¿Nos recomendarías?", "")]
    assert survey_for(default_queue().pk) is None


def test_a_queue_has_one_survey(acme: Any) -> None:
    sales = Queue.objects.create(name="Sales")
    survey(sales)
    browser = signed_in(user_as("administrator"))
    page = browser.post("/admin/surveys/survey/add/", {**FORM, "name": "Other", "serves": [str(sales.pk)]})
    assert (page.status_code, "has “Survey of Sales” already" in page.content.decode()) == (200, True)
    page = browser.post("/admin/surveys/survey/add/", {**FORM, "name": "Other"})
    assert "every other one names its queues" in page.content.decode()
    assert Survey.objects.count() == 2


def test_two_who_give_a_queue_a_survey_at_once(acme: Any) -> None:
    sales = Queue.objects.create(name="Sales")

    def work(name: str) -> Any:
        return lambda: survey_save(survey=Survey(name=name), queues=[sales], actor=None)

    answers = race([work("One"), work("Two")])
    assert sorted(isinstance(each, DomainError) for each in answers) == [False, True]
    assert SurveyQueue.objects.count() == 1


def test_one_that_is_switched_off_hands_nothing_to_the_default(acme: Any) -> None:
    """SRV-5: whoever switches a queue's survey off wants its customers asked nothing."""
    sales = Queue.objects.create(name="Sales")
    survey(frequency="everyone")
    survey(sales, is_active=False)
    assert survey_for(sales.pk) is None


def test_what_was_asked_keeps_its_kind_and_stays(acme: Any) -> None:
    mine = survey(frequency="everyone")
    end(said(make_agent()))
    mine.kind = "nps"
    with pytest.raises(DomainError) as refused:
        survey_save(survey=mine, queues=[], actor=None)
    assert refused.value.code == "survey_kind_fixed"
    with pytest.raises(DomainError) as refused:
        survey_delete(survey=mine, actor=None)
    assert refused.value.code == "survey_default"
    other = survey(Queue.objects.create(name="Sales"), frequency="everyone")
    SurveyRequest.objects.update(survey=other)
    with pytest.raises(DomainError) as refused:
        survey_delete(survey=other, actor=None)
    assert refused.value.code == "survey_in_use"
    SurveyRequest.objects.all().delete()
    survey_delete(survey=other, actor=None)
    assert Survey.objects.count() == 1


def test_a_supervisor_has_surveys_of_their_queues_alone(acme: Any) -> None:
    """The table of permissions: surveys of own queues."""
    mine, theirs = Queue.objects.create(name="Mine"), Queue.objects.create(name="Theirs")
    supervisor = user_as("supervisor")
    Membership.objects.create(agent=supervisor.agent, queue=mine)
    browser = signed_in(supervisor)
    page = browser.get("/admin/surveys/survey/add/").content.decode()
    assert ("Mine" in page, "Theirs" in page) == (True, False)
    data = {**FORM, "name": "Of mine"}
    assert browser.post("/admin/surveys/survey/add/", {**data, "serves": [str(mine.pk)]}).status_code == 302
    assert browser.post("/admin/surveys/survey/add/", {**data, "serves": [str(theirs.pk)]}).status_code == 200
    assert browser.post("/admin/surveys/survey/add/", data).status_code == 200
    assert Survey.objects.filter(is_default=False).count() == 1
    default = Survey.objects.get(is_default=True)
    assert browser.post(f"/admin/surveys/survey/{default.pk}/change/", data).status_code == 403
    other = survey(theirs)
    assert browser.post(f"/admin/surveys/survey/{other.pk}/delete/", {"post": "yes"})["Location"] == "/admin/"
    assert Survey.objects.filter(pk=other.pk).exists()
    with pytest.raises(DomainError) as refused:
        survey_save(survey=other, queues=[theirs], actor=supervisor)
    assert refused.value.code == "survey_not_yours"


def test_answers_are_read_where_ones_queues_are(acme: Any) -> None:
    """SRV-5: with the link, which opens the page, as long as it can be answered."""
    mine = Queue.objects.create(name="Mine")
    survey(frequency="everyone")
    request = end(said(make_agent()))
    assert request is not None
    address = f"/admin/surveys/surveyrequest/{request.pk}/change/"
    supervisor = user_as("supervisor")
    membership = Membership.objects.create(agent=supervisor.agent, queue=mine)
    browser = signed_in(supervisor)
    name = request.conversation.contact.display_name
    assert name not in browser.get("/admin/surveys/surveyrequest/").content.decode()
    assert browser.get(address).status_code == 302
    membership.queue = default_queue()
    membership.save()
    assert name in browser.get("/admin/surveys/surveyrequest/").content.decode()
    page = browser.get(address).content.decode()
    (token,) = re.findall(r"http://acme\.localhost/survey/([^/]+)/", page)
    assert token_read(token) == request.pk
    survey_answer(conversation_id=request.conversation_id, answer=Answer(2, "Too slow"), via=Via.LINK)
    page = browser.get(address).content.decode()
    assert ("/survey/" in page.replace("/admin/surveys/", ""), "Too slow" in page, "2 of 5" in page) == (
        False,
        True,
        True,
    )
    assert browser.post(address, {"score": "5"}).status_code == 403


def test_the_figures(acme: Any) -> None:
    """SUP-4: mean, NPS, likes, response rate; spam in none of them."""
    agent = make_agent()
    survey(frequency="everyone")
    answered(agent, 5, 4, 4, None)
    first = figures_of(SurveyRequest.objects.all())
    assert (first.asked, first.answered, first.rate, first.csat_number) == (4, 3, 75.0, 3)
    assert first.csat == pytest.approx(13 / 3)
    assert (first.nps, first.likes) == (None, None)
    survey(frequency="everyone", kind="nps")
    answered(agent, 10, 9, 8, 7, 6, 0, None)
    survey(frequency="everyone", kind="like")
    answered(agent, 1, 1, 0)
    Conversation.objects.filter(survey_request__score=0, survey_request__kind="like").update(is_spam=True)
    now = timezone.now()
    found = figures_of_agent(agent.pk, since=now - timedelta(hours=1), until=now)
    assert (found.asked, found.answered) == (13, 11)
    assert (found.nps, found.nps_number) == (0.0, 6)
    assert (found.likes, found.likes_number) == (100.0, 2)
    assert found.rate == pytest.approx(1100 / 13)
    earlier = figures_of_agent(agent.pk, since=now - timedelta(days=2), until=now - timedelta(days=1))
    assert (earlier.asked, earlier.rate, earlier.csat, earlier.nps) == (0, None, None, None)


def test_the_list_of_surveys_shows_them(acme: Any, django_assert_max_num_queries: Any) -> None:
    survey(frequency="nth", nth=2, agents_trigger=True)
    answered_by = make_agent()
    end(said(answered_by))
    answered(answered_by, 4)
    SurveyText.objects.create(survey=Survey.objects.get(), language="de")
    browser = signed_in(user_as("owner"))
    page = " ".join(browser.get("/admin/surveys/survey/").content.decode().split())
    assert "Every queue without its own" in page
    for words in ("one in 2, when the agent sends it", "100 % (1)", "4.00 / 5"):
        assert words in page
