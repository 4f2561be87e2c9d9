"""What stands in a cell, both ways: widgets of django-import-export with sentences of our own."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.widgets import Widget

SEPARATOR = ";"


class Text(Widget):  # type: ignore[misc]
    """A text, as it is."""

    hint = gettext_lazy("Text")

    def __init__(self, *, lines: bool = False) -> None:
        super().__init__()
        self.lines = lines

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Any:
        """The text; on one line unless it may have several."""
        del row, kwargs
        return value.strip().replace("\r\n", "\n") if self.lines else " ".join(value.splitlines()).strip()

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """The text."""
        del obj, kwargs
        return str(value or "")


class Whole(Widget):  # type: ignore[misc]
    """A whole number; nothing where nothing may stand."""

    hint = gettext_lazy("Whole number")

    def __init__(self, *, optional: bool = False) -> None:
        super().__init__()
        self.optional = optional

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> int | None:
        """The number.

        Raises:
            ValueError: it is none.
        """
        del row, kwargs
        typed = value.strip()
        if not typed and self.optional:
            return None
        if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
            raise ValueError(_("Enter a whole number."))
        return int(typed)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """The digits."""
        del obj, kwargs
        return "" if value is None else str(value)


class YesNo(Widget):  # type: ignore[misc]
    """Yes or no."""

    hint = gettext_lazy("yes or no")
    words = {"yes": True, "no": False, "true": True, "false": False, "1": True, "0": False}

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> bool:
        """Whether.

        Raises:
            ValueError: it is neither.
        """
        del row, kwargs
        try:
            return self.words[value.strip().lower()]
        except KeyError:
            raise ValueError(_("Write yes or no.")) from None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """As it is written."""
        del obj, kwargs
        return "yes" if value else "no"


class OneOf(Widget):  # type: ignore[misc]
    """One of some words."""

    def __init__(self, words: Iterable[str], *, optional: bool = False) -> None:
        super().__init__()
        self.words = tuple(words)
        self.optional = optional

    @property
    def hint(self) -> str:
        """Which words."""
        return ", ".join(self.words)

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        """The word.

        Raises:
            ValueError: it is none of them.
        """
        del row, kwargs
        typed = value.strip().lower()
        if typed in self.words or (not typed and self.optional):
            return typed
        raise ValueError(_("Write one of these: %(words)s.") % {"words": ", ".join(self.words)})

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """The word."""
        del obj, kwargs
        return str(value or "")


class Names(Widget):  # type: ignore[misc]
    """Names, separated by semicolons, in any order."""

    hint = gettext_lazy("Names, separated by semicolons")

    def __init__(self, *, ordered: bool = False) -> None:
        super().__init__()
        self.ordered = ordered

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> tuple[str, ...]:
        """Each name once."""
        del row, kwargs
        names = [name.strip() for name in value.split(SEPARATOR)]
        found = dict.fromkeys(filter(None, names))
        return tuple(found) if self.ordered else tuple(sorted(found))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """The names in one cell."""
        del obj, kwargs
        return "; ".join(value or ())
