"""A conversation as its customer keeps it: as a file, or by mail (CHAT-1)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from apps.chat import limits, selectors
from apps.chat.models import Visitor, WidgetChannel
from apps.chat.widget_texts import widget_language, widget_texts
from apps.conversations.choices import MessageKind, Side
from apps.conversations.models import Conversation, Message
from apps.conversations.selectors import messages_with_files
from apps.core.choices import Refusal
from apps.core.dates import date_text
from apps.core.errors import DomainError

PAGE = "chat/transcript.html"
MOST = 5000
"""Lines in one file: far more than anybody says."""


@dataclass(frozen=True)
class TranscriptLine:
    """A numbered line as the file shows it.

    Attributes:
        at: when, in the customer's zone.
        who: the side: customer, agent or system.
        name: what they are called; empty for the system.
        text: what was said, or what happened.
        files: names of what went with it.
    """

    at: datetime
    who: str
    name: str
    text: str
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Transcript:
    """What is kept of a conversation.

    Attributes:
        title: the widget's.
        began: when, in the customer's zone.
        zone: what that is called.
        lines: in order.
    """

    title: str
    began: datetime
    zone: str
    lines: list[TranscriptLine]


# No cookie counts here: whoever asks proves by the browser's own token that they may, so nothing can be forged.
@csrf_exempt
@require_POST
@never_cache
def transcript_download(request: HttpRequest) -> HttpResponse:
    """The numbered lines of one conversation, in the customer's zone and language; also after it has ended.

    What agents see beside them (notes, timeline) is in none of it.
    """
    channel, visitor = _visitor(request)
    try:
        limits.limit_take(limits.TRANSCRIPT_BY_VISITOR, visitor.pk.hex)
        conversation = selectors.conversation_of(visitor.pk, UUID(request.POST.get("conversation", "")))
    except DomainError as refused:
        if refused.code == Refusal.SLOW_DOWN:
            return HttpResponse(str(refused.message), status=429, content_type="text/plain; charset=utf-8")
        raise Http404 from refused
    except ValueError as error:
        raise Http404 from error
    with customer_locale(request.POST.get("language", ""), request.POST.get("time_zone", "")):
        return _file(request, channel, visitor, conversation)


def _visitor(request: HttpRequest) -> tuple[WidgetChannel, Visitor]:
    channel = selectors.channel_find(request.POST.get("channel", ""))
    visitor = selectors.visitor_by_token(channel, request.POST.get("token", "")) if channel else None
    if channel is None or visitor is None:
        raise Http404
    return channel, visitor


@contextmanager
def customer_locale(language: str, zone: str) -> Iterator[None]:
    """In the customer's language and time zone, as their page names them; what is not known changes nothing, or is UTC.

    Args:
        language: a tag, such as ``pt-BR``.
        zone: such as ``Europe/Madrid``.
    """
    with translation.override(widget_language(language) or translation.get_language()), timezone.override(_zone(zone)):
        yield


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


def _file(request: HttpRequest, channel: WidgetChannel, visitor: Visitor, conversation: Conversation) -> HttpResponse:
    content = transcript_of(channel, visitor, conversation)
    response = render(request, PAGE, asdict(content))
    name = f"conversation-{content.began:%Y-%m-%d}.html"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    # Opened from the server by mistake it must be no page of ours that anything can run in.
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response


def transcript_of(channel: WidgetChannel, visitor: Visitor, conversation: Conversation) -> Transcript:
    """What is said of a conversation wherever its customer keeps it, in the language and zone that are in force.

    Args:
        channel: the widget whose title stands above it.
        visitor: the browser that asks; it may see the conversation.
        conversation: it.
    """
    messages = messages_with_files(list(conversation.messages.select_related("author").order_by("number")[:MOST]))
    return Transcript(
        title=widget_texts(channel, translation.get_language() or "").title,
        began=timezone.localtime(conversation.first_arrived_at),
        zone=timezone.get_current_timezone_name(),
        lines=[_line(message, visitor) for message in messages],
    )


def transcript_text(content: Transcript) -> str:
    """It as plain text, for those whose mail programs show no other."""
    heading = f"{content.title}\n{date_text(content.began, 'full')} · {content.zone}"
    return "\n\n".join([heading, *map(_as_text, content.lines)]) + "\n"


def _as_text(line: TranscriptLine) -> str:
    said = [each for each in (line.text, *(f"📎 {name}" for name in line.files)) if each]
    at = date_text(line.at, "time")
    return "\n".join([f"{line.name} ({at})", *said]) if line.name else f"{line.text} ({at})"


def _line(message: Message, visitor: Visitor) -> TranscriptLine:
    at = timezone.localtime(message.created_at)
    author = message.author.public_name if message.author else ""
    if message.kind == MessageKind.TEXT:
        name = (visitor.name or _("You")) if message.side == Side.CUSTOMER else author
        files = tuple(attachment.file.name for attachment in message.attachments.all()) if message.file_count else ()
        return TranscriptLine(at, message.side, name, message.body, files)
    return TranscriptLine(at, Side.SYSTEM, "", _happened(message, author))


def _happened(message: Message, author: str) -> str:
    """In the widget's own words."""
    said = {
        MessageKind.JOINED: _("%(name)s has joined the chat") if author else _("An agent has joined the chat"),
        MessageKind.RETURNED: _("You are back in line; another agent will take over"),
        MessageKind.ENDED: _("%(name)s has ended the chat") if author else _("The chat has ended"),
        MessageKind.LEFT: _("You ended the chat"),
        MessageKind.FORM: _("%(name)s has sent you a form: %(form)s"),
        MessageKind.FILLED: _("You filled in a form: %(form)s"),
    }
    text = said.get(MessageKind(message.kind))
    if message.kind in {MessageKind.FORM, MessageKind.FILLED} and text is not None:
        return text % {"name": author, "form": message.body}
    return message.body if text is None else text % {"name": author} if author and "%(name)s" in text else text
