"""What a message may hold."""

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from apps.conversations.choices import Refusal
from apps.core.errors import DomainError

MAX_LENGTH = 10_000
"""Characters in one message."""

FORM_SIGN = "📋 "
"""Before the name of a form that was sent or filled in: readers have their own language, and need no word."""

# Control characters say nothing to a reader and PostgreSQL can't store NUL. Bidirectional marks stay: screens isolate
# every message, so an override reaches no further than its own text.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def clean_body(body: str, *, may_be_empty: bool = False) -> str:
    """A message's text as it is stored: markup is text, control characters go, line ends are one newline.

    Args:
        body: what was typed.
        may_be_empty: there is something else to send with it.

    Raises:
        DomainError: ``message_empty``, or ``message_too_long`` past `MAX_LENGTH` characters.
    """
    text = _CONTROL.sub("", body.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not text and not may_be_empty:
        raise DomainError(Refusal.MESSAGE_EMPTY, _("There is nothing to send."))
    if len(text) > MAX_LENGTH:
        raise DomainError(
            Refusal.MESSAGE_TOO_LONG,
            _("This message is too long: %(max)s characters at most.") % {"max": MAX_LENGTH},
            max=MAX_LENGTH,
        )
    return text


def preview_line(body: str, files: Sequence[str] = ()) -> str:
    """A message on one line, cut to what a tray card shows.

    Args:
        body: its text.
        files: the names of what goes with it. A sign says so, not a word: readers have their own language.
    """
    line = " ".join(body.split())
    if files:
        more = f" +{len(files) - 1}" if len(files) > 1 else ""
        line = f"📎 {line or files[0] + more}"
    return line if len(line) <= 160 else f"{line[:159]}…"
