"""A mail within a mail: to be read, and what came with it to be saved (EML-6)."""

from io import BytesIO
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from apps.console.access import ConsoleRequest, console_door, console_view
from apps.console.mail.selectors.enclosed import Enclosed, enclosed_in
from apps.core.errors import DomainError
from apps.email.attached_mail import attached_part
from apps.email.display import mail_page
from apps.files.checks import content_check, picture_geotag_erase
from apps.files.choices import FileKind
from apps.mime.frame import frame_policy
from apps.mime.types import Part

IMAGES = "images"
"""The parameter by which remote images are let be shown once."""
SAVED = "default-src 'none'; sandbox"
MOST_NUMBERS = 20


@require_safe
@console_view
def enclosed_mail_show(request: ConsoleRequest, part_id: UUID) -> HttpResponse:
    """The mail, in a dialog for htmx, else as a page."""
    template = "console/mail/_enclosed_dialog.html" if request.htmx else "console/mail/enclosed.html"
    return render(request, template, {"enclosed": _found(request, part_id), "images": IMAGES in request.GET})


@require_safe
@xframe_options_sameorigin
@console_door
def enclosed_frame(request: ConsoleRequest, part_id: UUID) -> HttpResponse:
    """The page of its HTML: nothing in it runs, and it asks nobody for anything."""
    found, images = _found(request, part_id), IMAGES in request.GET
    page = mail_page(found.mail, image_address=found.image_address, remote_images=images)
    return _dressed(HttpResponse(page), frame_policy(remote_images=images))


@require_safe
@console_door
def enclosed_file(request: ConsoleRequest, part_id: UUID, number: int) -> HttpResponse:
    """What came with it, to be saved; with `show`, a picture that its text shows."""
    try:
        part = attached_part(_found(request, part_id).parsed, number)
    except DomainError as unknown:
        raise Http404 from unknown
    return _picture(part) if "show" in request.GET else _saved(part)


def _found(request: ConsoleRequest, part_id: UUID) -> Enclosed:
    try:
        found = enclosed_in(request.user, part_id, _place(request))
    except (DomainError, OSError) as unknown:
        raise Http404 from unknown
    if found is None:
        raise Http404
    return found


def _place(request: HttpRequest) -> list[int]:
    numbers = request.GET.get("in", "").split(".")[:MOST_NUMBERS]
    return [int(each[:5]) for each in numbers if each.isdecimal()]


def _saved(part: Part) -> HttpResponse:
    """As its sender attached it; of a picture, without the place where it was taken (CHAT-9)."""
    content = BytesIO(part.content)
    picture_geotag_erase(content)
    answer = HttpResponse(content.getvalue(), content_type="application/octet-stream")
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=part.name)
    return _dressed(answer, SAVED)


def _picture(part: Part) -> HttpResponse:
    """A picture as one: found out what it is, whatever its sender said; without the place where it was taken."""
    content = BytesIO(part.content)
    try:
        found = content_check(content, name=part.name, size=len(part.content), kinds=[FileKind.IMAGE])
    except DomainError as refused:
        raise Http404 from refused
    return _dressed(HttpResponse(content.getvalue(), content_type=found.type.media_type), SAVED)


def _dressed(answer: HttpResponse, security: str) -> HttpResponse:
    answer["Content-Security-Policy"] = security
    answer["Cache-Control"] = "private, no-cache"
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
