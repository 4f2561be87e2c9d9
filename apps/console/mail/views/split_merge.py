"""What threading got wrong is put right: a mail moves out, conversations are merged, either is undone (EML-3)."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.console.access import ConsoleRequest, console_view
from apps.console.choices import Refusal
from apps.console.mail.selectors.mails import mail_line_of, merge_targets
from apps.console.selectors.own import conversation_owned_by
from apps.console.shell.fragments import mails_changed_response
from apps.conversations.models import Conversation
from apps.core.errors import DomainError
from apps.email.actions import conversation_merge, conversation_split, shift_undo
from apps.email.choices import ShiftKind

NOTHING = UUID(int=0)


@require_POST
@console_view
def mail_split(request: ConsoleRequest, conversation_id: UUID, number: int) -> HttpResponse:
    """Move a mail, and all after it, to a conversation of their own, which waits in the same queue."""
    it = _mine(request, conversation_id)
    message = mail_line_of(it, number)
    shift = conversation_split(conversation_id=it.pk, message_id=message.pk if message else NOTHING, actor=request.user)
    said = _("It is a new conversation now, which waits in %(queue)s.") % {"queue": it.queue.name}
    return mails_changed_response(request, it.pk, slot_key="", toast=said, undo=_undo(shift.pk))


@require_http_methods(["GET", "HEAD", "POST"])
@console_view
def mails_merge(request: ConsoleRequest, conversation_id: UUID) -> HttpResponse:
    """Choose one of one's other conversations by mail; sent, all mails move there, and this one ends."""
    it = _mine(request, conversation_id)
    if request.method == "POST":
        into = _uuid(request.POST.get("into", ""))
        shift = conversation_merge(conversation_id=it.pk, into_id=into, actor=request.user)
        said = _("The conversations are merged.")
        return mails_changed_response(request, into, toast=said, undo=_undo(shift.pk))
    context = {"it": it, "others": merge_targets(it, request.user)}
    return render(
        request, "console/mail/_merge_mails_dialog.html" if request.htmx else "console/mail/merge_mails.html", context
    )


@require_POST
@console_view
def shift_take_back(request: ConsoleRequest, shift_id: UUID) -> HttpResponse:
    """Undo: everything is where it was; one stays with the conversation that one looks at."""
    shift = shift_undo(shift_id=shift_id, actor=request.user)
    where = shift.source_id if shift.kind == ShiftKind.SPLIT else shift.target_id
    return mails_changed_response(request, where, slot_key="")


def _mine(request: ConsoleRequest, conversation_id: UUID) -> Conversation:
    found = conversation_owned_by(request.agent.pk, conversation_id)
    if found is None:
        raise DomainError(Refusal.NOT_YOURS, _("This conversation is not with you."))
    return found


def _undo(shift_id: UUID) -> str:
    return reverse("console:shift_undo", args=[shift_id])


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return NOTHING
