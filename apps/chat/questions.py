"""What a widget asks before the first message, as its page shows it (CHAT-1)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.chat.actions.start import MISSING
from apps.chat.models import Topic, WidgetChannel
from apps.chat.widget_texts import WidgetTexts


@dataclass(frozen=True)
class Question:
    """One field.

    Attributes:
        id: name, email, phone or topic.
        label: what stands over it.
        required: whether no message goes out without it.
        missing: what is said when it is empty and required.
        wrong: what is said of an answer that can't be.
        type: of the input.
        autocomplete: what the browser may fill in.
        maxlength: in characters.
        dir: the direction of what is typed.
    """

    id: str
    label: str
    required: bool
    missing: str
    wrong: str = ""
    type: str = "text"
    autocomplete: str = ""
    maxlength: int = 160
    dir: str = "auto"


def questions_of(channel: WidgetChannel, words: WidgetTexts, topics: Sequence[Topic]) -> list[Question]:
    """The fields in their order; without a topic to choose there is no such question."""
    every = [
        _question(channel, "name", _("Your name"), autocomplete="name"),
        _question(
            channel,
            "email",
            _("Your email"),
            type="email",
            autocomplete="email",
            maxlength=254,
            dir="ltr",
            wrong=_("Please enter a whole email address, such as ana@example.com."),
        ),
        _question(
            channel,
            "phone",
            _("Your phone number"),
            type="tel",
            autocomplete="tel",
            maxlength=32,
            dir="ltr",
            wrong=_("Please enter a phone number with its area code, such as +34 600 123 456."),
        ),
        _question(channel, "topic", words.topic_label or _("What is it about?")),
    ]
    return [each for each in every if channel.asks(each.id) and (each.id != "topic" or topics)]


def _question(channel: WidgetChannel, name: str, label: str, **more: str | int) -> Question:
    needed = channel.needs(name)
    return Question(id=name, label=label, required=needed, missing=MISSING[name](), **more)  # type: ignore[arg-type]
