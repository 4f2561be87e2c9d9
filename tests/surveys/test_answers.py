"""Answering: in the widget, by a link, once, in time, in one's own language (SRV-1, SRV-5)."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django_tenants.utils import tenant_context

from apps.conversations.models import Conversation
from apps.core.errors import DomainError
from apps.surveys.actions import Answer, survey_answer
from apps.surveys.choices import Via
from apps.surveys.models import SurveyRequest, SurveyText
from apps.surveys.selectors import survey_wording
from apps.surveys.tokens import token_make, token_read
from tests.support.browser import Browser
from tests.support.people import make_agent
from tests.support.race import race
from tests.support.surveys import end, kinds, said, survey

pytestmark = pytest.mark.django_db(transaction=True)


def ask(**fields: Any) -> SurveyRequest:
    """A survey that waits for its answer."""
    survey(frequency="everyone", **fields)
    request = end(said(make_agent()))
    assert request is not None
    return request


def answer(request: SurveyRequest, score: int, comment: str = "", via: Via = Via.WIDGET) -> SurveyRequest:
    return survey_answer(conversation_id=request.conversation_id, answer=Answer(score, comment), via=via)


def code(request: SurveyRequest, score: int, **fields: Any) -> str:
    with pytest.raises(DomainError) as refused:
        answer(request, score, **fields)
    return refused.value.code


def test_an_answer_is_kept_once(acme: Any) -> None:
    """SRV-5: the same one sent again is the same; another one is refused. Screens hear of it."""
    request = ask()
    version = Conversation.objects.get(pk=request.conversation_id).version
    for _ in range(2):
        kept = answer(request, 4, "  Quick\x00 and kind\r\n")
    assert (kept.score, kept.comment, kept.via) == (4, "Quick and kind", "widget")
    assert kept.answered_at is not None
    assert code(request, 5) == "survey_answered"
    assert code(request, 4, comment="Quick and kind", via=Via.LINK) == "survey_answered"
    assert kinds(request.conversation) == ["survey_asked", "survey_answered"]
    assert Conversation.objects.get(pk=request.conversation_id).version == version + 1


def test_two_answers_at_once_are_one(acme: Any) -> None:
    request = ask()
    answers = race([lambda: answer(request, 5), lambda: answer(request, 1), lambda: answer(request, 3)])
    assert sum(isinstance(each, DomainError) for each in answers) == 2
    kept = SurveyRequest.objects.get()
    assert [each.score for each in answers if isinstance(each, SurveyRequest)] == [kept.score]


@pytest.mark.parametrize(
    ("kind", "good", "bad"), [("csat", (1, 5), (0, 6)), ("nps", (0, 10), (-1, 11)), ("like", (0, 1), (-1, 2))]
)
def test_each_kind_has_its_scores(acme: Any, kind: str, good: tuple[int, int], bad: tuple[int, int]) -> None:
    """SRV-1."""
    agent = make_agent()
    survey(frequency="everyone", kind=kind)
    for score in good:
        request = end(said(agent))
        assert request is not None
        assert answer(request, score).score == score
    request = end(said(agent))
    assert request is not None
    assert [code(request, score) for score in bad] == ["score_unknown"] * 2
    assert not SurveyRequest.objects.get(pk=request.pk).is_answered


def test_it_expires(acme: Any) -> None:
    """SRV-5."""
    request = ask(expires_hours=2)
    with time_machine.travel(request.expires_at, tick=False):
        assert code(request, 5) == "survey_expired"
    with time_machine.travel(request.expires_at - timedelta(seconds=1), tick=False):
        assert answer(request, 5).score == 5


def test_a_comment_is_kept_where_one_is_asked_for(acme: Any) -> None:
    """SRV-1."""
    assert answer(ask(), 3, "x" * 3000).comment == "x" * 1000
    survey(frequency="everyone", asks_comment=False)
    silent = end(said(SurveyRequest.objects.get().agent.agent))
    assert silent is not None
    assert answer(silent, 3, "By the way").comment == ""


def test_a_comment_of_lines_is_as_long_as_its_box(acme: Any) -> None:
    """Forms send two characters for a new line."""
    request = ask()
    typed = "\r\n".join(["x"] * 500)
    Browser("acme.localhost").post(path(request), {"score": "3", "comment": typed})
    assert SurveyRequest.objects.get().comment == "\n".join(["x"] * 500)


def test_there_may_be_nothing_to_answer(acme: Any) -> None:
    survey()
    conversation = said(make_agent())
    assert end(conversation) is None
    with pytest.raises(DomainError) as refused:
        survey_answer(conversation_id=conversation.pk, answer=Answer(3), via=Via.WIDGET)
    assert refused.value.code == "survey_unknown"


def test_it_speaks_the_customers_language(acme: Any) -> None:
    """SRV-1: by channel and language, the closest that there is; what is missing is said in our own words."""
    request = ask()

    def text(channel: str, language: str, **words: str) -> None:
        SurveyText.objects.create(survey=request.survey, channel=channel, language=language, **words)

    text("chat", "es", request="¿Qué tal?", thanks="¡Gracias!")
    text("chat", "pt", request="Tudo bem?")
    text("chat", "", request="How was it?", thanks="Cheers")
    text("email", "de", request="Wie war’s?")
    said_in = {tag: survey_wording(request, tag) for tag in ("es", "pt-BR", "de", "")}
    assert [(words.request, words.thanks) for words in said_in.values()] == [
        ("¿Qué tal?", "¡Gracias!"),
        ("Tudo bem?", "Cheers"),
        ("How was it?", "Cheers"),
        ("How was it?", "Cheers"),
    ]
    SurveyText.objects.all().delete()
    assert survey_wording(request, "xx").thanks == "Thank you for your feedback."


# --- The page behind the link


def path(request: SurveyRequest) -> str:
    return f"/survey/{token_make(request)}/"


def test_the_link_asks_and_takes_one_answer(acme: Any) -> None:
    """SRV-5: opening it changes nothing, however often; no other site is told the address."""
    request, browser = ask(), Browser("acme.localhost")
    for _ in range(2):
        page = browser.get(path(request))
        assert (page.status_code, page["Referrer-Policy"]) == (200, "same-origin")
        assert "How satisfied are you with this conversation?" in page.content.decode()
    assert not SurveyRequest.objects.get().is_answered
    wrong = browser.post(path(request), {"score": "", "comment": "Nice"})
    assert (wrong.status_code, "Please choose one of the answers." in wrong.content.decode()) == (422, True)
    assert ">Nice</textarea>" in wrong.content.decode()
    done = browser.post(path(request), {"score": "5", "comment": "Nice"})
    assert (done.status_code, "Thank you for your feedback." in done.content.decode()) == (200, True)
    kept = SurveyRequest.objects.get()
    assert (kept.score, kept.comment, kept.via) == (5, "Nice", "link")
    again = browser.get(path(request)).content.decode()
    assert ("Thank you for your feedback." in again, "<form" in again) == (True, False)
    second = browser.post(path(request), {"score": "1", "comment": ""}).content.decode()
    assert "This survey has been answered already." in second
    assert SurveyRequest.objects.get().score == 5


def test_the_link_expires(acme: Any) -> None:
    """SRV-5."""
    request, browser = ask(), Browser("acme.localhost")
    with time_machine.travel(request.expires_at, tick=False):
        for page in (browser.get(path(request)), browser.post(path(request), {"score": "5"})):
            assert (page.status_code, "This survey is over" in page.content.decode()) == (410, True)
            assert "<form" not in page.content.decode()
    assert not SurveyRequest.objects.get().is_answered


def test_a_link_can_start_with_a_score(acme: Any) -> None:
    page = Browser("acme.localhost").get(f"{path(ask())}?score=4").content.decode()
    (chosen,) = re.findall(r'<input type="radio"[^>]*checked', page)
    assert 'value="4"' in chosen


@pytest.mark.parametrize("guess", ["none", "", "signature", "id", "older"])
def test_a_guessed_link_is_none(acme: Any, guess: str) -> None:
    request = ask()
    pk, signature = token_make(request).split(".")
    token = {
        "none": "none",
        "": f"{pk}.",
        "signature": f"{pk}.{'A' * len(signature)}",
        "id": f"{uuid4().hex}.{signature}",
        "older": f"{request.conversation_id.hex}.{signature}",
    }[guess]
    browser = Browser("acme.localhost")
    for page in (browser.get(f"/survey/{token}/"), browser.post(f"/survey/{token}/", {"score": "5"})):
        assert (page.status_code, "There is no survey here" in page.content.decode()) == (404, True)
    assert not SurveyRequest.objects.get().is_answered


def test_another_tenants_link_is_none(acme: Any, globex: Any) -> None:
    """TEN-1: not even for a request of the same id."""
    request = ask()
    token = token_make(request)
    with tenant_context(globex):
        survey(frequency="everyone")
        theirs = end(said(make_agent()))
        assert theirs is not None
        SurveyRequest.objects.filter(pk=theirs.pk).update(id=request.pk)
        assert token_read(token) is None
        assert Browser("globex.localhost").post(f"/survey/{token}/", {"score": "5"}).status_code == 404
        assert not SurveyRequest.objects.get().is_answered
    assert token_read(token) == request.pk


def test_a_page_without_a_forgery_token_takes_no_answer(acme: Any) -> None:
    request, browser = ask(), Browser("acme.localhost", enforce_csrf_checks=True)
    assert browser.post(path(request), {"score": "5"}).status_code == 403
    browser.get(path(request))
    token = browser.client.cookies["parley_csrf"].value
    assert browser.post(path(request), {"score": "5", "csrfmiddlewaretoken": token}).status_code == 200
