"""Dates and times as the reader's browser writes them: the same shapes as static/js/shared/dates.js.

A page is rendered for the browser that asks for it, by its first language that the CLDR knows, so that nothing changes
once scripts run. Text that is made in a language of its own (`translation.override`), such as a letter to a customer,
has that language's dates.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time
from functools import lru_cache
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.dates import format_skeleton, format_time, get_datetime_format
from django.utils import timezone, translation
from django.utils.translation.trans_real import parse_accept_lang_header

FALLBACK: Final = Locale("en", "GB")
"""Where neither the browser nor the language says anything: a clock of 24 hours."""
_asked: ContextVar[tuple[Locale, str | None] | None] = ContextVar("asked", default=None)


@contextmanager
def browser_dates(header: str) -> Iterator[None]:
    """Write dates as a browser does, as long as the language that is in force now is.

    Args:
        header: its `Accept-Language`.
    """
    known = (locale for tag, _ in parse_accept_lang_header(header) if (locale := _locale(tag)))
    locale = next(known, None)
    token = _asked.set((locale, translation.get_language()) if locale else None)
    try:
        yield
    finally:
        _asked.reset(token)


def current_locale() -> Locale:
    """Whose dates are written now."""
    language, asked = translation.get_language(), _asked.get()
    if asked and asked[1] == language:
        return asked[0]
    # Of English alone nobody can tell which it is.
    return FALLBACK if language in {None, "en"} else _locale(str(language)) or FALLBACK


@lru_cache(maxsize=256)
def _locale(tag: str) -> Locale | None:
    for each in (tag, tag.partition("-")[0]):
        try:
            return Locale.parse(each, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return None


def date_text(at: date | datetime | time, shape: str) -> str:
    """A moment in the reader's zone and manner; the year only where it is not this one.

    Args:
        at: the moment; a date where the shape has no time.
        shape: `time`; `day`; `weekday`, which is a day with its name; `date`, in full; `moment`, which is day and time;
            `short`, the time alone if it is today, else the moment; `brief`, the same without the time of another day;
            `full`, with weekday and year always.
    """
    if isinstance(at, datetime) and timezone.is_aware(at):
        at = timezone.localtime(at)
    # Browsers write a plain space before AM and PM, and the like.
    return _SHAPES[shape](at, current_locale()).replace("\u202f", " ")


def _time(at: datetime | time, locale: Locale) -> str:
    return format_time(at, "short", locale=locale)


def _by(skeleton: str) -> Callable[[date, Locale], str]:
    def written(at: date, locale: Locale) -> str:
        whole = at if isinstance(at, datetime) else datetime.combine(at, time())
        # As it stands there, whatever zone it carries.
        return str(format_skeleton(skeleton, whole.replace(tzinfo=None), locale=locale))

    return written


def _day(at: date, locale: Locale) -> str:
    return _by("MMMd" if at.year == timezone.localdate().year else "yMMMd")(at, locale)


def _weekday(at: date, locale: Locale) -> str:
    return _by("MMMEd" if at.year == timezone.localdate().year else "yMMMEd")(at, locale)


def _both(day: str, at: datetime, locale: Locale) -> str:
    pattern = str(get_datetime_format("medium", locale=locale)).replace("'", "")
    return pattern.replace("{1}", day).replace("{0}", _time(at, locale))


def _moment(at: datetime, locale: Locale) -> str:
    return _both(_day(at, locale), at, locale)


def _is_today(at: datetime) -> bool:
    return at.date() == timezone.localdate()


_SHAPES: Final[dict[str, Callable[..., str]]] = {
    "time": _time,
    "day": _day,
    "weekday": _weekday,
    "date": _by("yMMMMd"),
    "moment": _moment,
    "short": lambda at, locale: (_time if _is_today(at) else _moment)(at, locale),
    "brief": lambda at, locale: (_time if _is_today(at) else _day)(at, locale),
    "full": lambda at, locale: _both(_by("yMMMEd")(at, locale), at, locale),
}
