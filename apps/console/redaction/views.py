"""Something in a message is taken away for good: which message, which words (FRM-6)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import reswap, retarget, trigger_client_event

from apps.console.access import ConsoleRequest, console_view
from apps.console.choices import Refusal
from apps.console.redaction.selectors import redactable_conversation, redactable_message, redactable_page
from apps.conversations.actions import message_redact
from apps.conversations.frames import message_view
from apps.conversations.models import Conversation, Message
from apps.core.errors import DomainError


@dataclass(frozen=True)
class TextRange:
    """What of a message was selected, in characters."""

    start: int
    end: int

    @classmethod
    def of(cls, values: Any, message: Message) -> "TextRange":
        """As the page says it, as far as it can be; all of the message where it says `whole`."""
        if values.get("whole"):
            return cls(0, len(message.body))
        start, end = (_number(values.get(name)) for name in ("start", "end"))
        return cls(min(start, len(message.body)), min(end, len(message.body)))


@require_safe
@console_view
def redactable_messages(request: ConsoleRequest, conversation_id: UUID) -> HttpResponse:
    """The messages of a conversation, to choose from: the way by the keyboard."""
    it = _conversation(request, conversation_id)
    found, more = redactable_page(it, before=_number(request.GET.get("before")))
    context = {"it": it, "found": found, "more": more}
    return _shown(request, context)


@require_http_methods(["GET", "HEAD", "POST"])
@console_view
def message_choose(request: ConsoleRequest, conversation_id: UUID, number: int) -> HttpResponse:
    """Choose words of a message; sent, they are gone."""
    it = _conversation(request, conversation_id)
    line = redactable_message(it, number)
    if line is None:
        raise DomainError(Refusal.MESSAGE_UNKNOWN, _("There is no such message."))
    if request.method == "POST":
        return _redact(request, it, line)
    return _shown(request, {"it": it, "line": line, "chosen": TextRange.of(request.GET, line)})


def _redact(request: ConsoleRequest, it: Conversation, line: Message) -> HttpResponse:
    chosen = TextRange.of(request.POST, line)
    redacted = message_redact(
        conversation_id=it.pk,
        number=line.number,
        start=chosen.start,
        end=chosen.end,
        revision=_number(request.POST.get("revision")),
        actor=request.user,
    )
    if not request.htmx:
        return redirect("console:past", it.pk)
    said = render(request, "console/shell/_toast.html", {"message": _("It is redacted, for everybody and for good.")})
    told = {"conversation": str(it.pk), "message": msgspec.to_builtins(message_view(redacted))}
    return trigger_client_event(reswap(retarget(said, "#toasts"), "beforeend"), "console:redacted", told)


def _conversation(request: ConsoleRequest, conversation_id: UUID) -> Conversation:
    found = redactable_conversation(request.user, conversation_id)
    if found is None:
        raise DomainError(Refusal.NOT_ALLOWED, _("You don't redact messages of this queue."))
    return found


def _shown(request: ConsoleRequest, context: dict[str, Any]) -> HttpResponse:
    if not request.htmx:
        return render(request, "console/redaction/redact.html", context)
    return reswap(
        retarget(render(request, "console/redaction/_redact_dialog.html", context), "#dialog-slot-over"), "innerHTML"
    )


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
