"""What a widget's page has tables of: topics, and words in other languages."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from apps.chat.models import Topic, WidgetWords
from apps.chat.widget_texts import widget_language
from apps.tenants.admin_base import AnyForm
from apps.tenants.admin_tables import SetupInline

NAME_LENGTH = 80


def language_choices() -> list[tuple[str, str]]:
    """Every language that the widget can speak, by its own name and ours."""
    known = [(code, get_language_info(code)) for code, _name in settings.LANGUAGES]
    return [(code, f"{info['name_local']} ({code})") for code, info in known]


class TopicForm(AnyForm):
    """A topic; its names in other languages one on each line."""

    names = forms.CharField(
        label=_("In other languages"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2, "dir": "auto", "placeholder": "es: Mi pedido"}),
    )

    class Meta:
        model = Topic
        fields = ("name", "names", "queue", "position")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["names"] = "\n".join(f"{language}: {name}" for language, name in self.instance.names.items())

    def clean_names(self) -> dict[str, str]:
        """By language; the last one counts.

        Raises:
            ValidationError: a line is no language that the widget speaks and a name.
        """
        lines = [line for line in self.cleaned_data["names"].splitlines() if line.strip()]
        return dict(self._line(line) for line in lines)

    def _line(self, line: str) -> tuple[str, str]:
        tag, _colon, words = line.partition(":")
        language, name = widget_language(tag), words.strip()
        if not language or not 0 < len(name) <= NAME_LENGTH:
            raise ValidationError(_("Write a language and a name on each line, such as es: Mi pedido."))
        return language, name


class TopicInline(SetupInline):
    """What customers may say their question is about."""

    model = Topic
    form = TopicForm
    fields = ("name", "names", "queue", "position")
    ordering_field = "position"


class WordsForm(AnyForm):
    """Words in one language, the longer ones over two lines."""

    language = forms.ChoiceField(label=_("Language"), choices=language_choices, widget=UnfoldAdminSelectWidget)

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
    verbose_name = _("language")
    verbose_name_plural = _("words in other languages")
    template = "admin/edit_inline/stacked.html"
    fields = (
        ("language", "title"),
        ("greeting", "offline_line"),
        ("launcher", "topic_label"),
        ("form_title", "form_intro"),
    )
