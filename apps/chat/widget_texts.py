"""A widget's words in the language of whoever reads them (CHAT-1)."""

from dataclasses import dataclass

from django.conf import settings

from apps.chat.models import Topic, WidgetChannel


@dataclass(frozen=True)
class WidgetTexts:
    """What the widget says of its own, beside what every widget says."""

    title: str
    greeting: str
    launcher: str
    offline_line: str
    form_title: str
    form_intro: str
    topic_label: str


NAMES = ("title", "greeting", "launcher", "offline_line", "form_title", "form_intro", "topic_label")


def widget_language(tag: str) -> str:
    """The language that is meant by what a site wrote; empty for one that we can't speak.

    Args:
        tag: such as "es", "pt-BR" or "de_CH".
    """
    known = dict(settings.LANGUAGES)
    wanted = tag.strip().lower().replace("_", "-")
    return next((code for code in (wanted, wanted.partition("-")[0]) if code in known), "")


def widget_texts(channel: WidgetChannel, language: str) -> WidgetTexts:
    """The widget's words in a language, each of them; where one is missing, its own.

    Args:
        channel: the widget.
        language: a tag of `settings.LANGUAGES`; of ``pt-br`` words in ``pt`` are the next best.
    """
    wanted = {language: 0, language.partition("-")[0]: 1}
    found = sorted(channel.words.filter(language__in=wanted), key=lambda words: wanted[words.language])
    said = {name: next((text for words in found if (text := getattr(words, name))), "") for name in NAMES}
    return WidgetTexts(**{name: said[name] or getattr(channel, name) for name in NAMES})


def topic_name(topic: Topic, language: str) -> str:
    """A topic in a language; where it has no name in it, its own.

    Args:
        topic: the topic.
        language: as for `survey_wording`.
    """
    name: str = topic.names.get(language) or topic.names.get(language.partition("-")[0]) or topic.name
    return name
