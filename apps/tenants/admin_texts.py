"""Our own texts on admin pages: what is said where a company has written nothing of its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class BuiltInText:
    """A text of ours.

    Attributes:
        field: the field of a row that says when it is said.
        value: what that field then holds.
        label: that value, for people.
        body: the text, with its variables.
    """

    field: str
    value: str
    label: str | Promise
    body: str

    @property
    def initial(self) -> str:
        """The query of a page on which a text of one's own begins with it."""
        return urlencode({self.field: self.value, "body": self.body})


def built_in_help(texts: Iterable[BuiltInText], chosen: str) -> SafeString:
    """What is said without a text of one's own, to be read beside its field.

    Args:
        texts: every text of ours.
        chosen: when this one is said; where that is open yet, all are shown with when they are said.
    """
    texts = list(texts)
    for text in texts:
        if text.value == chosen:
            return format_html('<p dir="auto">{} {}</p>', _("Built-in text:"), text.body)
    rows = format_html_join("", '<dt>{}</dt><dd dir="auto">{}</dd>', [(text.label, text.body) for text in texts])
    return format_html('<p>{}</p><dl class="parley-texts">{}</dl>', _("Built-in texts:"), rows)
