"""Django's ASGI application, which refuses a request that it can't even name the parts of."""

from typing import Any

from django.core.handlers.asgi import ASGIHandler
from django.http import HttpResponseBadRequest


class AsgiApplication(ASGIHandler):
    """Answers 400 where a Content-Type can't be read: it may say itself in which encoding its words are (RFC 2231)."""

    def create_request(self, scope: Any, body_file: Any) -> tuple[Any, Any]:
        """Make the request, or else the answer, as Django does."""
        try:
            return super().create_request(scope, body_file)
        except ValueError:
            return None, HttpResponseBadRequest()
