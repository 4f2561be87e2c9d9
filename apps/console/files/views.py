"""The files of conversations, handed out to those who may see them (CHAT-9)."""

from uuid import UUID

from django.http import Http404
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from apps.console.access import ConsoleRequest, console_door
from apps.console.files.selectors import conversation_of_file, file_readable_by
from apps.conversations.actions import conversation_download_record
from apps.files.downloads import file_response


@require_safe
@console_door
def file_serve(request: ConsoleRequest, file_id: UUID, *, thumbnail: bool = False) -> HttpResponseBase:
    """A file, or the small picture of it."""
    found = file_readable_by(request.user, file_id)
    if found is None:
        raise Http404
    conversation = None if thumbnail else conversation_of_file(found)
    if conversation is not None:
        conversation_download_record(conversation=conversation, name=found.name, actor=request.user)
    return file_response(request, found, thumbnail=thumbnail)
