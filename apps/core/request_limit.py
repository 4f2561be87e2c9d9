"""How many requests one process serves at once; what cannot be begun in time is answered by 503 and comes again."""

import threading
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from apps.core.middleware import Handler

BACKGROUND: Final = "Parley-Background"
"""The header of what a page asks for by itself, and will ask for again (static/js/console/shell/htmx.js)."""
BACKGROUND_SECONDS: Final = 0.7
"""How long that may wait: as long as a frame of a socket."""
PAGE_SECONDS: Final = 5.0
"""How long anything else may wait: whoever asked would have to ask again by hand."""
RETRY_SECONDS: Final = 2


class RequestLimitMiddleware:
    """Serves as many requests at once as there are connections to the database for; behind what needs none.

    Each request has a thread of its own, which waits here before it takes a connection.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self._room = threading.BoundedSemaphore(settings.REQUESTS_AT_ONCE)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass a request on when it is its turn, or have it come again."""
        comes_again = BACKGROUND in request.headers
        if not self._room.acquire(timeout=BACKGROUND_SECONDS if comes_again else PAGE_SECONDS):
            page = "" if comes_again else render_to_string("503.html")
            return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_SECONDS)})
        try:
            return self.get_response(request)
        finally:
            self._room.release()
