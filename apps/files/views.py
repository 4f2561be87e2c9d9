"""Where browsers send the content of a file to."""

from typing import Any

import msgspec
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from apps.core.errors import DomainError
from apps.files.actions import file_receive, upload_withdraw
from apps.files.choices import Refusal
from apps.files.errors import file_unknown_error
from apps.files.frames import file_view
from apps.files.selectors import is_uploader_inactive
from apps.files.tickets import DROP_SECONDS, UPLOAD_SECONDS, UploadTicket, ticket_read

STATUS: dict[str, int] = {
    Refusal.TICKET_REFUSED: 403,
    Refusal.FILE_UNKNOWN: 404,
    Refusal.FILE_TOO_LARGE: 413,
    Refusal.FILE_BUSY: 409,
}


# What it may do, the ticket says; no cookie is looked at, so no other site can make a browser use what it has.
@csrf_exempt
@never_cache
@require_http_methods(["PUT", "DELETE"])
def upload_file(request: HttpRequest, ticket: str) -> HttpResponse:
    """PUT the content of the file that a ticket stands for, or DELETE the file again while it was not sent."""
    try:
        if request.method == "DELETE":
            upload_withdraw(file_id=_admitted(ticket, DROP_SECONDS).file_id)
            return HttpResponse(status=204)
        file = file_receive(file_id=_admitted(ticket, UPLOAD_SECONDS).file_id, stream=request)
    except DomainError as refused:
        answer = {"code": refused.code, "message": str(refused.message)}
        return _json(answer, STATUS.get(refused.code, 422))
    return _json({"file": file_view(file)}, 201)


def _admitted(text: str, seconds: int) -> UploadTicket:
    """The ticket, while its tenant is this one and whoever was given it may still use it."""
    ticket = ticket_read(text, seconds=seconds)
    if ticket is None or ticket.schema != connection.schema_name:  # type: ignore[attr-defined]
        raise DomainError(Refusal.TICKET_REFUSED, "")
    if is_uploader_inactive(ticket.file_id):
        raise file_unknown_error()
    return ticket


def _json(fields: dict[str, Any], status: int) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(fields), content_type="application/json", status=status)
