"""What was taken out of messages, in templates."""

from collections.abc import Sequence

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from apps.masking import text

register = template.Library()


@register.filter
def removed_words(codes: Sequence[str]) -> str:
    """What was taken out of a message, in words; empty where nothing was."""
    return text.removed_words(codes) if codes else ""


@register.simple_tag
def removed_data() -> SafeString:
    """The words for screens that say it themselves, as attributes of the template that they fill in."""
    return format_html_join("", ' data-removed{}="{}"', text.screen_words().items())
