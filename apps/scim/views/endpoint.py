"""What every address has in common: the token, the body, the answer, the errors."""

import json
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from scim2_models import (
    Context,
    Error,
    InvalidSyntaxException,
    NotFoundException,
    PayloadTooLargeException,
    UnauthorizedException,
)

from apps.core.errors import DomainError
from apps.core.middleware import raw_body
from apps.core.origin import Integration, integration
from apps.core.text import is_storable
from apps.scim.actions import directory_token_use
from apps.scim.choices import BODY_BYTES
from apps.scim.models import DirectoryToken
from apps.scim.selectors import token_by_secret
from apps.scim.throttle import request_take, wrong_token_take
from apps.scim.views.errors import EXPECTED, error_of

MEDIA_TYPE: Final = "application/scim+json"
TAKEN: Final = (MEDIA_TYPE, "application/json")
View = Callable[..., HttpResponse]


class ScimRequest(HttpRequest):
    """A request by a directory.

    Attributes:
        token: by which it came.
    """

    token: DirectoryToken


def scim_view(**methods: View) -> View:
    """A view of one address, by method: GET, POST, PUT, PATCH, DELETE.

    Args:
        methods: what answers each; any other is 405.
    """

    def view(request: Any, **where: Any) -> HttpResponse:
        try:
            request.token = _authenticate(request)
            if (answer := methods.get(request.method or "")) is None:
                error = Error(status=405, detail=f"{request.method} is not possible here.")
                return respond(error, status=405, headers={"Allow": ", ".join(methods)})
            with integration(Integration(request.token.name, request.token.pk)):
                return answer(request, **where)
        except EXPECTED as failure:
            return _refuse(failure)

    return csrf_exempt(raw_body(view))


def respond(document: Any, *, status: int = 200, context: Context | None = None, **options: Any) -> HttpResponse:
    """An answer.

    Args:
        document: of `scim2_models`.
        status: of HTTP.
        context: what the answer is to.
        options: ``response_parameters``: which attributes were asked for; ``headers``.
    """
    headers = {"Cache-Control": "no-store", **options.pop("headers", {})}
    body = document.model_dump_json(scim_ctx=context or Context.RESOURCE_QUERY_RESPONSE, **options)
    return HttpResponse(body, status=status, content_type=MEDIA_TYPE, headers=headers)


def body_of(request: HttpRequest) -> Any:
    """What a request holds, as plain values.

    Raises:
        PayloadTooLargeException: more than `BODY_BYTES`.
        InvalidSyntaxException: no JSON object, or of another type.
    """
    if request.content_type not in TAKEN:
        raise InvalidSyntaxException(detail=f"a request is of the type {MEDIA_TYPE}")
    if len(request.body) > BODY_BYTES:
        raise PayloadTooLargeException(detail=f"a request has at most {BODY_BYTES} bytes")
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        raise InvalidSyntaxException(detail="the request is no JSON") from None
    if not isinstance(body, dict):
        raise InvalidSyntaxException(detail="the request is no JSON object")
    if not is_storable(body):
        raise InvalidSyntaxException(detail="the request holds characters that can't be kept")
    return body


def key_of(text: str) -> UUID:
    """An id as it stands in an address.

    Raises:
        NotFoundException: nothing can have it.
    """
    try:
        return UUID(text)
    except ValueError:
        raise NotFoundException(detail=f"There is nothing with the id “{text[:60]}”.") from None


def nowhere(_request: HttpRequest, **_where: Any) -> HttpResponse:
    """What an address that is none answers."""
    raise NotFoundException(detail="There is no such address.")


def _authenticate(request: HttpRequest) -> DirectoryToken:
    """The token by which a request comes (RFC 6750, 2.1).

    Raises:
        UnauthorizedException: none, or none that is valid here and now.
        DomainError: ``slow_down``: too many of those, or too many requests.
    """
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    refused = UnauthorizedException(detail="A valid token is needed: Authorization: Bearer …")
    if scheme.lower() != "bearer" or not secret.strip():
        raise refused
    if (token := token_by_secret(secret.strip())) is None:
        wrong_token_take(request)
        raise refused
    request_take(token)
    directory_token_use(token=token)
    return token


def _refuse(failure: Exception) -> HttpResponse:
    error = error_of(failure)
    headers: dict[str, str] = {}
    if error.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="scim"'
    if isinstance(failure, DomainError) and "retry_after" in failure.extra:
        headers["Retry-After"] = str(failure.extra["retry_after"])
    return respond(error, status=error.status or 400, headers=headers)
