"""What stands in front of every request, tenant or not."""

import codecs
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from apps.core import dates, health
from apps.core.text import is_storable

Handler = Callable[[HttpRequest], HttpResponse]
View = TypeVar("View", bound=Callable[..., Any])

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self';"
    " font-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

COMPRESSED = ("text/html", "text/javascript", "application/json")


class HealthMiddleware:
    """Answers `/healthz` and `/readyz` on any host name, before a tenant is looked for (OPS-2)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the two probes, pass everything else on."""
        if request.path == "/healthz":
            return health.liveness_response()
        if request.path == "/readyz":
            return health.readiness_response()
        return self.get_response(request)


def raw_body(view: View) -> View:
    """Mark a view that reads the body itself, such as mails that a provider brings: its fields are not looked at."""
    view.reads_raw_body = True  # type: ignore[attr-defined]
    return view


class StorableTextMiddleware:
    """Refuses a request whose path, query or form holds text that can't be stored; the content of files is not text.

    Cookies are left out one by one: another application on the domain may have set them, and whoever has one could not
    get rid of it. Addresses and forms are UTF-8, as browsers send them (URL and HTML standards): what a Content-Type
    names else may be no encoding of text at all, such as base64, and Django would use it.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at what is there before a view is found.

        Raises:
            BadRequest: it can't be read.
        """
        # Django takes the form's for the address, too.
        request.encoding = None  # type: ignore[assignment]
        if not is_storable([request.path, dict(request.GET.lists())]):
            raise BadRequest("the address holds NUL")
        for name in [name for name, value in request.COOKIES.items() if not is_storable([name, value])]:
            del request.COOKIES[name]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, _args: object, _kwargs: object) -> None:
        """Look at the form, unless the view reads the body itself.

        Raises:
            BadRequest: it can't be read.
        """
        if getattr(view, "reads_raw_body", False) or request.method != "POST":
            return
        if not _is_utf8((request.content_params or {}).get("charset", "utf-8")):
            raise BadRequest("the form is not in UTF-8")
        if not is_storable([dict(request.POST.lists()), list(request.FILES)]):
            raise BadRequest("the form holds NUL")


def _is_utf8(encoding: str) -> bool:
    try:
        return codecs.lookup(encoding).name == "utf-8"
    except LookupError:
        return False


class SecurityHeadersMiddleware:
    """A content security policy without inline script, unless a view set a policy of its own."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the headers to the answer."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        return response


class CompressionMiddleware(GZipMiddleware):
    """Compresses what is rendered: pages, scripts and answers in JSON; never files, which are compressed as they are.

    Django adds up to 100 bytes of chance to each answer, and hides its form tokens anew each time: the length of one
    does not tell what stands in it beside what somebody has asked for (BREACH).
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress it where the browser takes that."""
        if response.streaming or not response.headers.get("Content-Type", "").startswith(COMPRESSED):
            return response
        return super().process_response(request, response)


class DatesMiddleware:
    """Writes dates and times as the browser does that asks; stands behind Django's `LocaleMiddleware`."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Render with the dates of the reader's own country."""
        with dates.browser_dates(request.headers.get("Accept-Language", "")):
            return self.get_response(request)
