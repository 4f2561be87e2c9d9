"""A mail without what the masking rules take out: before anything of it is stored outside the vault (FRM-6).

The raw mail keeps its original, sealed. Everything else is made of what comes out here: subject, text, HTML, the names
of people and files.
"""

import html
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import chain
from uuid import UUID

from django.utils.translation import gettext as _

from apps.core.errors import DomainError
from apps.core.secrets import hide_link_tokens
from apps.masking.choices import BAR, WITHHELD, Refusal, Speaker
from apps.masking.engine import Ruleset
from apps.masking.selectors import ruleset_for
from apps.mime.markup import BLOCKS, Token, markup_tokens, tidy_markup
from apps.mime.types import Address, Bounce, ParsedMail, Part

_BREAKS = BLOCKS | {"br", "hr"}
_OPAQUE = ("cid:", "data:")
"""Beginnings of addresses that say nothing to anybody, and that pictures are found by."""
_WALL = "\1"
"""Between two texts that have nothing to do with each other."""


@dataclass(frozen=True)
class MaskedMail:
    """A mail that may be stored.

    Attributes:
        mail: it.
        removed: what was taken out of it.
    """

    mail: ParsedMail
    removed: tuple[str, ...] = ()


def mail_mask(mail: ParsedMail, ruleset: Ruleset) -> MaskedMail:
    """A mail without what the rules find in it.

    One that can't be checked in time is withheld: it has to be filed, and there is nobody to be told that it is not.

    Args:
        mail: as it was parsed.
        ruleset: for what customers say in its queue.
    """
    # Who answers quotes our mail: the link in it is the customer's alone (FRM-2, SRV-5).
    mail = replace(mail, text=hide_link_tokens(mail.text), html=hide_link_tokens(mail.html))
    if not ruleset.rules:
        return MaskedMail(mail)
    removed: dict[str, None] = {}
    try:
        return MaskedMail(_clear(mail, _noting(ruleset, removed), ruleset, removed), tuple(removed))
    except DomainError as refused:
        if refused.code != Refusal.MASKING_TOO_LONG:
            raise
        return MaskedMail(_withheld(mail), (WITHHELD,))


Clear = Callable[[str], str]


def _noting(ruleset: Ruleset, removed: dict[str, None]) -> Clear:
    def clear(text: str) -> str:
        masked = ruleset.apply(text)
        removed.update(dict.fromkeys(masked.removed))
        return masked.text

    return clear


def _clear(mail: ParsedMail, clear: Clear, ruleset: Ruleset, removed: dict[str, None]) -> ParsedMail:
    def person(address: Address) -> Address:
        return replace(address, name=clear(address.name))

    markup, found = html_mask(mail.html, ruleset)
    removed.update(dict.fromkeys(found))
    return replace(
        mail,
        subject=clear(mail.subject),
        text=clear(mail.text),
        html=markup,
        from_=tuple(map(person, mail.from_)),
        sender=person(mail.sender) if mail.sender else None,
        to=tuple(map(person, mail.to)),
        cc=tuple(map(person, mail.cc)),
        reply_to=tuple(map(person, mail.reply_to)),
        attachments=tuple(replace(part, name=clear(part.name)) for part in mail.attachments),
        bounce=_bounce(mail.bounce, clear) if mail.bounce else None,
    )


def _bounce(bounce: Bounce, clear: Clear) -> Bounce:
    failures = tuple(replace(each, diagnostic=clear(each.diagnostic)) for each in bounce.failures)
    return replace(bounce, failures=failures, subject=clear(bounce.subject))


def _withheld(mail: ParsedMail) -> ParsedMail:
    text = _("This mail could not be checked for sensitive data. Its text is withheld; its original is kept encrypted.")

    def nameless(address: Address) -> Address:
        return replace(address, name="")

    return replace(
        mail,
        subject=BAR,
        text=text,
        html="",
        from_=tuple(map(nameless, mail.from_)),
        sender=nameless(mail.sender) if mail.sender else None,
        to=tuple(map(nameless, mail.to)),
        cc=tuple(map(nameless, mail.cc)),
        reply_to=tuple(map(nameless, mail.reply_to)),
        attachments=_numbered(mail.attachments),
        bounce=_bounce(mail.bounce, lambda _text: "") if mail.bounce else None,
    )


def attachments_mask(parts: tuple[Part, ...], ruleset: Ruleset) -> tuple[Part, ...]:
    """What came with a mail, by names without what the rules find; numbered where they can't be checked in time.

    Args:
        parts: as they were parsed.
        ruleset: for what customers say in its queue.
    """
    try:
        return tuple(replace(part, name=ruleset.apply(part.name).text) for part in parts)
    except DomainError as refused:
        if refused.code != Refusal.MASKING_TOO_LONG:
            raise
        return _numbered(parts)


def _numbered(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Files by their number and their ending alone."""
    return tuple(replace(part, name=f"{place}{ending_of(part.name)}") for place, part in enumerate(parts, start=1))


def ending_of(name: str) -> str:
    """The ending of a file's name, where it has a short one."""
    dot, ending = name.rpartition(".")[1:]
    return dot + ending if dot and len(ending) <= 5 and ending.isascii() and ending.isalpha() else ""


# --- HTML


def html_mask(source: str, ruleset: Ruleset) -> tuple[str, tuple[str, ...]]:
    """The HTML of a mail without what the rules find: in its text, over whatever elements it goes, and in attributes.

    HTML in which nothing is found stays as it came. Else it is written anew, of known elements alone: what no reader
    sees, such as comments and style sheets, is gone from it then.

    Args:
        source: as it came.
        ruleset: the rules.

    Returns:
        The HTML, as unsafe to show as before; what was taken out.

    Raises:
        DomainError: ``masking_too_long``.
    """
    if not source:
        return source, ()
    parts = list(markup_tokens(tidy_markup(source).html))
    texts, in_text = _texts(parts, ruleset)
    tags, in_tags = _tags(parts, ruleset)
    hidden = ruleset.apply(html.unescape(source)).removed
    removed = tuple(dict.fromkeys((*in_text, *in_tags, *hidden)))
    if not removed:
        return source, ()
    changed = texts | tags
    return "".join(changed.get(place, part.source) for place, part in enumerate(parts)), removed


def _texts(parts: list[Token], ruleset: Ruleset) -> tuple[dict[int, str], tuple[str, ...]]:
    """The texts that change, by their place among the tokens: read as one, each block on a line of its own."""
    places = [place for place, part in enumerate(parts) if not part.name or part.name in _BREAKS]
    before = ["\n" if parts[place].name else parts[place].text for place in places]
    after, removed = ruleset.apply_to(before) if before else (before, ())
    changed = {
        place: html.escape(new, quote=False)
        for place, old, new in zip(places, before, after, strict=True)
        if new != old and not parts[place].name
    }
    return changed, removed


def _tags(parts: list[Token], ruleset: Ruleset) -> tuple[dict[int, str], tuple[str, ...]]:
    """The elements whose attributes change, by their place among the tokens."""
    held = [
        (place, name, value)
        for place, part in enumerate(parts)
        if part.name and not part.is_end
        for name, value in part.attributes.items()
        if value and not value.strip().lower().startswith(_OPAQUE)
    ]
    pieces = [piece for _place, _name, value in held for piece in (value, _WALL)]
    after, removed = ruleset.apply_to(pieces) if pieces else (pieces, ())
    changed: dict[int, dict[str, str]] = {}
    for (place, name, value), new in zip(held, after[::2], strict=True):
        if new != value:
            changed.setdefault(place, {})[name] = new
    return {place: _element(parts[place], values) for place, values in changed.items()}, removed


def _element(part: Token, changed: dict[str, str]) -> str:
    written = "".join(f' {name}="{html.escape(value)}"' for name, value in (part.attributes | changed).items())
    return f"<{part.name}{written}>"


def customer_ruleset(*queue_ids: UUID) -> Ruleset:
    """The masking rules for what customers write to these queues, as they are now; each rule once."""
    found = [ruleset_for(queue_id=each, who=Speaker.CUSTOMER).rules for each in dict.fromkeys(queue_ids)]
    return Ruleset(tuple(dict.fromkeys(chain.from_iterable(found))))
