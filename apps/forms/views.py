"""A form's own page, behind a link that is good for it alone; the widget fills in the same one (FRM-2)."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from apps.core.errors import DomainError
from apps.core.languages import supported_language
from apps.forms.actions import FormError, form_fill
from apps.forms.choices import Refusal, Status, Via
from apps.forms.limits import try_take
from apps.forms.models import SentForm
from apps.forms.selectors import sent_form_by_link
from apps.forms.submission import field_entries
from apps.forms.tokens import token_read

GONE: Final = {Status.FILLED: 200, Status.EXPIRED: 410, Status.WITHDRAWN: 410}
"""How a page answers that has nothing to be filled in any more."""


# No cookie counts here, and in a frame on another site none comes: the address itself proves that its holder may.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
@sensitive_variables()
def form_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show the form, or take it. Opening it changes nothing: programs look at links before people do.

    Asked for JSON, a POST is answered in JSON, with a sentence for each field that is to be mended; no answer repeats
    what was typed, but for the page of a browser without scripts.
    """
    read = token_read(token)
    sent = sent_form_by_link(read.sent) if read else None
    language = sent.conversation.language if sent is not None else ""
    with translation.override(supported_language(language) if language else translation.get_language()):
        if sent is None or read is None:
            response = render(request, "forms/unknown.html", status=404)
        elif request.method == "POST":
            response = _take(request, sent, read.via)
        else:
            response = _show(request, sent)
    # The address is the key: no other site is told it.
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@sensitive_variables()
def _take(request: HttpRequest, sent: SentForm, via: Via) -> HttpResponse:
    given = {name: values for name, values in request.POST.lists()}  # noqa: C416 - lists, not their last items
    try:
        try_take(sent.pk)
        form_fill(sent_id=sent.pk, given=given, via=via)
    except FormError as wrong:
        if _in_json(request):
            return JsonResponse({"message": str(wrong.message), "errors": wrong.errors}, status=422)
        return _show(request, sent, given=given, errors=wrong.errors, refused=str(wrong.message))
    except DomainError as refused:
        if _in_json(request):
            status = 429 if refused.code == Refusal.SLOW_DOWN else 409
            return JsonResponse({"code": refused.code, "message": str(refused.message)}, status=status)
        sent.refresh_from_db()
        return _show(request, sent, given=given, refused=str(refused.message))
    if _in_json(request):
        return JsonResponse({"state": Status.FILLED, "message": _("Thank you. We have received it.")})
    sent.refresh_from_db()
    return _show(request, sent)


@sensitive_variables()
def _show(
    request: HttpRequest,
    sent: SentForm,
    *,
    given: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None,
    refused: str = "",
) -> HttpResponse:
    status, definition = sent.status(timezone.now()), sent.version.definition
    context: dict[str, Any] = {
        "sent": sent,
        "definition": definition,
        "status": status,
        "entries": field_entries(definition, given, errors) if status == Status.SENT else [],
        "refused": refused,
    }
    code = 422 if status == Status.SENT and refused else GONE.get(status, 200)
    # The widget puts the form alone into a page that is there already.
    template = "forms/_fill.html" if "part" in request.GET else "forms/page.html"
    return render(request, template, context, status=code)


def _in_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")
