"""A survey's own page, behind a link that is good for it alone (SRV-5)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.core.errors import DomainError
from apps.core.languages import supported_language
from apps.surveys.actions import Answer, survey_answer
from apps.surveys.choices import COMMENT_LENGTH, Kind, Via
from apps.surveys.forms import AnswerForm, score_choices
from apps.surveys.models import SurveyRequest
from apps.surveys.selectors import request_by_link, request_state, survey_wording
from apps.surveys.tokens import token_read

GONE = {"answered": 200, "expired": 410}
"""How a page answers that has nothing to ask any more."""


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def survey_page(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, or take the answer. Opening it changes nothing: programs look at links before people do."""
    asked = _asked(token)
    language = asked.conversation.language if asked is not None else ""
    with translation.override(supported_language(language) if language else translation.get_language()):
        response = _answer(request, asked) if asked is not None else render(request, "surveys/unknown.html", status=404)
    # The address is the key: no other site is told it. (With "no-referrer" the form would come from nowhere.)
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def _asked(token: str) -> SurveyRequest | None:
    request_id = token_read(token)
    return request_by_link(request_id) if request_id else None


def _answer(request: HttpRequest, asked: SurveyRequest) -> HttpResponse:
    kind = Kind(asked.kind)
    form = AnswerForm(kind, request.POST if request.method == "POST" else None)
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            asked = survey_answer(
                conversation_id=asked.conversation_id,
                answer=Answer(form.cleaned_data["score"], form.cleaned_data["comment"]),
                via=Via.LINK,
            )
        except DomainError as error:
            refused = str(error.message)
            asked.refresh_from_db()
    return _page(request, asked, form, refused)


def _page(request: HttpRequest, asked: SurveyRequest, form: AnswerForm, refused: str) -> HttpResponse:
    state = request_state(asked)
    context: dict[str, Any] = {
        "asked": asked,
        "state": state,
        "words": survey_wording(asked, asked.conversation.language),
        "scores": score_choices(Kind(asked.kind)),
        "chosen": form.data.get("score") or request.GET.get("score", ""),
        "comment": form.data.get("comment", ""),
        "comment_length": COMMENT_LENGTH,
        "wrong": refused or next((errors[0] for errors in form.errors.values()), ""),
    }
    status = 422 if state == "open" and context["wrong"] else GONE.get(state, 200)
    return render(request, "surveys/page.html", context, status=status)
