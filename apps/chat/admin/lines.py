"""What a widget's page has tables of: topics, and words in other languages."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from apps.chat.models import Topic, WidgetWords
from apps.tenants.pages import AnyForm, SetupInline


class TopicInline(SetupInline):
    """What customers may say their question is about."""

    model = Topic
    fields = ("name", "queue", "position")


def languages() -> list[tuple[str, str]]:
    """Every language that the widget can speak, by its own name and ours."""
    known = [(code, get_language_info(code)) for code, _name in settings.LANGUAGES]
    return [(code, f"{info['name_local']} ({code})") for code, info in known]


class WordsForm(AnyForm):
    """Words in one language, the longer ones over two lines."""

    language = forms.ChoiceField(label=_("Language"), choices=languages, widget=UnfoldAdminSelectWidget)

    class Meta:
        model = WidgetWords
        fields = (
            "language",
            "title",
            "greeting",
            "launcher",
            "offline_line",
            "form_title",
            "form_intro",
            "topic_label",
        )
        widgets: Any = {
            name: UnfoldAdminTextareaWidget(attrs={"rows": 2, "dir": "auto"})
            for name in ("greeting", "offline_line", "form_intro")
        }


class WordsInline(SetupInline):
    """The widget's words in other languages."""

    model = WidgetWords
    form = WordsForm
    template = "admin/edit_inline/stacked.html"
    fields = (
        ("language", "title"),
        ("greeting", "offline_line"),
        ("launcher", "topic_label"),
        ("form_title", "form_intro"),
    )
