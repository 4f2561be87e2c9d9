"""The mails of a conversation: the list, one of them, the page of one's HTML, its images (EML-4)."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from apps.console.access import ConsoleRequest, console_door, console_view
from apps.console.choices import Refusal
from apps.console.mail.selectors.mails import mail_of, mail_readable, pictures_of
from apps.console.mail.tiles import Tile
from apps.console.selectors.own import conversation_of_agent
from apps.console.shell.fragments import conversation_response
from apps.console.thread.selectors.thread import thread_of
from apps.conversations.models import Conversation
from apps.core.errors import DomainError
from apps.email.actions import images_trust
from apps.email.display import mail_page
from apps.mime.frame import frame_policy

IMAGES = "images"
"""The parameter by which remote images are let be shown once."""


@require_safe
@console_view
def mails_list(request: ConsoleRequest, conversation_id: UUID) -> HttpResponse:
    """The mails from the number that `since` names on, and where an answer begins; without htmx the page around."""
    since = _number(request.GET.get("since", ""))
    if not request.htmx or request.htmx.history_restore_request:
        return conversation_response(request, conversation_id, since=since)
    thread = thread_of(request.agent, conversation_id, since=since)
    if thread is None or thread.mails is None:
        raise _not_yours()
    return render(request, "console/mail/_mails_refresh.html", {"thread": thread, "it": thread.conversation})


@require_safe
@console_view
def mail_show(request: ConsoleRequest, conversation_id: UUID, number: int) -> HttpResponse:
    """What one mail says: fetched when its tile is opened. A page of its own without htmx."""
    it = _open(request, conversation_id)
    return _body(request, it, _tile(it, number, request), images=IMAGES in request.GET)


@require_POST
@console_view
def mail_trust(request: ConsoleRequest, conversation_id: UUID, number: int) -> HttpResponse:
    """Always show the images of this mail's sender, to this agent."""
    it = _open(request, conversation_id)
    tile = _tile(it, number, request)
    images_trust(message_id=tile.message.pk, actor=request.user)
    return _body(request, it, tile, images=True)


@require_safe
@xframe_options_sameorigin
@console_door
def mail_frame(request: ConsoleRequest, message_id: UUID) -> HttpResponse:
    """The page of a mail's HTML, for the frame in its tile: nothing in it runs, and it asks nobody for anything."""
    found = mail_readable(request.user, message_id)
    if found is None or not found.html:
        raise Http404
    pictures = pictures_of(found)
    images = IMAGES in request.GET

    def address(content_id: str) -> str | None:
        file_id = pictures.get(content_id)
        return reverse("console:file", args=[file_id]) if file_id else None

    answer = HttpResponse(mail_page(found, image_address=address, remote_images=images))
    answer["Content-Security-Policy"] = frame_policy(remote_images=images)
    answer["Cache-Control"] = "private, no-cache"
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _body(request: ConsoleRequest, it: Conversation, tile: Tile, *, images: bool) -> HttpResponse:
    context = {"it": it, "tile": tile, "images": images or tile.images}
    name = "console/mail/_mail_body.html" if request.htmx else "console/mail/mail.html"
    return render(request, name, context)


def _open(request: ConsoleRequest, conversation_id: UUID) -> Conversation:
    found = conversation_of_agent(request.agent, conversation_id)
    if found is None:
        raise _not_yours()
    return found


def _tile(it: Conversation, number: int, request: ConsoleRequest) -> Tile:
    tile = mail_of(it, number, request.user)
    if tile is None:
        raise DomainError(Refusal.MAIL_UNKNOWN, _("There is no such mail."))
    return tile


def _not_yours() -> DomainError:
    return DomainError(Refusal.NOT_YOURS, _("This conversation is not with you."))


def _number(text: str) -> int | None:
    """A line's number as an address names it."""
    return int(text[:9]) if text.isdecimal() else None
