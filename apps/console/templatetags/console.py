"""What the console's templates need beyond Django's own tags."""

import re
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from apps.accounts.models import User
from apps.agents.models import Agent
from apps.console.dates import day_and_time
from apps.console.forms.selectors import FormCard
from apps.console.keyboard.shortcuts import Shortcut, shortcuts_with
from apps.console.mail.tiles import recipients_line
from apps.console.settings.selectors import preferences_of
from apps.console.survey.selectors import SurveyResult, survey_result_of
from apps.console.thread.messages import WORDS
from apps.contacts.text import phone_text
from apps.conversations.models import Conversation
from apps.core.languages import language_name
from apps.notes.models import Note
from apps.notes.selectors import may_delete, may_edit

register = template.Library()

TINTS = 8
"""How many colours `tokens.css` has for the initials of customers: `--tint-1` and so on."""


@register.filter
def clock(value: timedelta | datetime | None) -> str:
    """A length of time, or the time since a moment, as a clock shows it: `0:07`, `12:30`, `1:02:03`."""
    if not isinstance(value, timedelta | datetime):
        return ""
    length = value if isinstance(value, timedelta) else timezone.now() - value
    minutes, seconds = divmod(max(0, int(length.total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


@register.filter
def time_left(value: datetime | None) -> str:
    """The time that is left until a moment, as a clock shows it."""
    return clock(value - timezone.now()) if value else ""


@register.filter
def day_time(value: datetime | None) -> str:
    """A moment to come, as people say it: `15:30`, `tomorrow, 09:00`, `27 Nov, 09:00`."""
    return day_and_time(value) if value else ""


@register.filter
def language(tag: str) -> str:
    """What a language is called, by its tag."""
    return language_name(tag)


@register.filter
def initials(name: str) -> str:
    """The first letters of the first and the last word of a name."""
    words = [word for word in name.split() if word[0].isalnum()]
    letters = [words[0], words[-1]] if len(words) > 1 else words
    return "".join(word[0] for word in letters).upper() or "?"


@register.filter
def contact_tint(contact_id: UUID) -> int:
    """Which of the `TINTS` colours stands for a contact, wherever their initials do: always the same."""
    return contact_id.int % TINTS + 1


@register.filter
def at_most(value: int, limit: int) -> str:
    """A number that has room for `limit` at most: `99+`."""
    return str(value) if value <= limit else f"{limit}+"


@register.filter
def picture_address(user: User) -> str:
    """Where a user's picture is, if they have one (TEN-4)."""
    return reverse("picture", args=[PurePosixPath(str(user.picture)).stem]) if user.picture else ""


@register.filter
def web_address(value: Any) -> str:
    """The address if it is one of the web, else nothing: what a browser tells may be anything."""
    try:
        parts = urlsplit(str(value))
    except ValueError:
        return ""
    return str(value) if parts.scheme in {"http", "https"} and parts.netloc else ""


@register.filter
def without_scheme(value: str) -> str:
    """An address as people read it."""
    parts = urlsplit(value)
    return f"{parts.netloc}{parts.path}".removesuffix("/")


@register.filter
def file_size(value: int) -> str:
    """A number of bytes as people read it: as in static/js/shared/files.js."""
    if value < 1024:
        return f"{value} B"
    kilobytes = round(value / 1024)
    return f"{kilobytes} KB" if kilobytes < 1024 else f"{value / 1024 / 1024:.1f} MB"


@register.filter
def written_to(draft: Any) -> str:
    """To whom a draft goes, in a few words."""
    return recipients_line([*draft.to, *draft.cc, *draft.bcc])


_LINK = re.compile(r"https?://[^\s<>\"']{0,1999}[^\s<>\"'.,;:!?)\]}]")


@register.filter
def with_links(text: str) -> SafeString:
    """A text whose web addresses are links, each in a page of its own."""
    pieces: list[str] = []
    end = 0
    for found in _LINK.finditer(text):
        pieces.append(escape(text[end : found.start()]))
        link = '<a href="{0}" target="_blank" rel="noopener noreferrer nofollow">{0}</a>'
        pieces.append(format_html(link, found[0]))
        end = found.end()
    return mark_safe("".join([*pieces, escape(text[end:])]))  # noqa: S308


@register.filter
def phone(value: str) -> str:
    """A stored phone number as people read it."""
    return phone_text(value)


@register.filter
def survey_result(conversation: Conversation) -> SurveyResult | None:
    """What became of a conversation's survey; needs `survey_request` selected."""
    return survey_result_of(conversation)


@register.filter
def form_card(cards: dict[int, FormCard], number: int) -> FormCard | None:
    """The card below the line of this number, if a form was sent by it."""
    return cards.get(number)


@register.simple_tag
def note_rights(note: Note, user: User) -> dict[str, bool]:
    """What a user may do with a note that they see: edit, delete."""
    return {"edit": may_edit(note, user), "delete": may_delete(note, user)}


@register.simple_tag
def server_now() -> str:
    """The server's time, for the page's clocks."""
    return timezone.now().isoformat()


@register.simple_tag
def system_words() -> dict[str, Any]:
    """What lines of the system say, by kind."""
    return {kind.replace("-", "_"): words for kind, words in WORDS.items()}


@register.simple_tag
def shortcuts(agent: Agent) -> list[Shortcut]:
    """What can be done by a key, and by which key at this agent's (CON-6)."""
    return shortcuts_with(preferences_of(agent).keys)
