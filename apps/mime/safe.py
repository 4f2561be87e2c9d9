"""HTML that a page may hold: nothing in it runs, asks for anything, or leaves its box (EML-4).

Two sieves, each of which would do: `markup.tidy_markup` writes known elements anew, strictly nested; nh3 (html5ever's
parser, an allow-list) takes what that wrote. What comes out is shown in a frame where scripts are off (`frame`): a
third.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import nh3

from apps.mime.charsets import clean_text
from apps.mime.markup import KNOWN, Attributes, tidy_markup

ImageAddress = Callable[[str], str | None]

HELD = "data-held-src"
"""Where the address of a remote image waits until somebody lets it be loaded."""

_EVERYWHERE = {"style", "dir", "lang", "align", "valign", "title", "bgcolor", "class", "id"}
_SIZES = {"width", "height"}
_ALLOWED = {
    "a": {"href", "target"},
    "img": {"src", HELD, "alt", "border", "hspace", "vspace"} | _SIZES,
    "table": {"border", "cellpadding", "cellspacing", "summary"} | _SIZES,
    "td": {"colspan", "rowspan", "nowrap", "headers", "scope", "abbr"} | _SIZES,
    "th": {"colspan", "rowspan", "nowrap", "headers", "scope", "abbr"} | _SIZES,
    "col": {"span"} | _SIZES,
    "colgroup": {"span"} | _SIZES,
    "font": {"color", "face", "size"},
    "blockquote": {"type"},
    "ol": {"start", "type", "reversed"},
    "ul": {"type"},
    "li": {"value", "type"},
    "hr": {"size", "color", "noshade"} | _SIZES,
    "div": {"name"},
    "time": {"datetime"},
}
# Of classes, ids and names only those by which `quotes` knows what a client quoted, and by which paragraphs are close.
_MARKS = re.compile(
    r"(x_){0,5}(gmail_(quote(_container)?|attr|extra|signature(_prefix)?)|moz-(cite-prefix|forward-container|signature)"
    r"|MsoNormal|yahoo-quoted|[\w-]{0,60}yahoo_quoted[\w-]{0,60}|protonmail_quote|tutanota_quote|zmail_extra|zwchr"
    r"|OutlookMessageHeader|divRplyFwdMsg|appendonsend|mail-editor-reference-message-container"
    r"|ms-outlook-mobile-(signature|reference-message)|Apple-Mail-Signature|AppleMailSignature|quote|reply-intro)"
)

_PROPERTIES = re.compile(
    r"color|background(-color)?|font(-(family|size|style|weight|variant))?|text-(align|decoration(-line)?|indent|transform)"
    r"|line-height|letter-spacing|word-spacing|word-(break|wrap)|overflow-wrap|white-space|vertical-align|direction"
    r"|margin(-(top|right|bottom|left))?|padding(-(top|right|bottom|left))?"
    r"|border(-(top|right|bottom|left))?(-(color|style|width))?|border-(collapse|spacing|radius)"
    r"|(max-|min-)?(width|height)|list-style-type|table-layout|display|float|clear|caption-side|box-sizing|mso-hide"
)
# Words, numbers, names of fonts, colours; no other function, no escape, no comment.
_VALUE = re.compile(
    r"(?:[\w\s#%.,+\-]|/(?!\*)|\"[\w\s.,-]*\"|'[\w\s.,-]*'|(?:rgb|hsl)a?\([\d\s%.,/+-]*\)|!\s*important)+",
    re.IGNORECASE,
)
_SHOWN = re.compile(r"none|block|inline|inline-block|list-item|table(-[a-z-]+)?", re.IGNORECASE)
# Margins below zero would put words over other words.
_BELOW_ZERO = re.compile(r"(?<![\w.])-\s*\.?\d")
MAX_STYLE = 5000

_REMOTE = re.compile(r"(https?:)?//[^\s/]", re.IGNORECASE)
_PICTURE = re.compile(r"data:image/(png|jpe?g|gif|webp|bmp);base64,[a-z0-9+/=\s]+", re.IGNORECASE)
_LINK = re.compile(r"(https?://|mailto:|tel:)[^\s]", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e]")


@dataclass(frozen=True, slots=True)
class SafeHtml:
    """HTML that may be shown.

    Attributes:
        html: a fragment.
        held_images: how many remote images are held back.
        shown_ids: the content ids of the images that it shows.
        is_cut: there was more of it than is read.
    """

    html: str
    held_images: int = 0
    shown_ids: frozenset[str] = frozenset()
    is_cut: bool = False


def make_safe(html: str, *, image_address: ImageAddress, remote_images: bool = False) -> SafeHtml:
    """Make a mail's HTML safe to show.

    Args:
        html: any text.
        image_address: where an image that came with the mail is, by its content id; None where there is none.
        remote_images: whether the reader has let images from elsewhere be loaded. Otherwise their address is moved
            to the attribute `HELD`.
    """
    sieve = _Sieve(image_address, remote_images)
    tidied = tidy_markup(clean_text(html), sieve.rewrite)
    safe = _cleaner(sieve.images, remote_images).clean(tidied.html)
    return SafeHtml(safe, sieve.held, frozenset(sieve.shown), tidied.is_cut)


def content_ids(html: str) -> frozenset[str]:
    """The content ids of the images that some HTML shows."""
    sieve = _Sieve(lambda content_id: content_id, remote_images=False)
    tidy_markup(html, sieve.rewrite)
    return frozenset({*sieve.shown, *map(_unquoted, sieve.shown)})


def style_of(style: str) -> str:
    """The declarations of a style that do no more than colours, type and boxes."""
    kept = []
    for declaration in style[:MAX_STYLE].split(";"):
        name, _colon, value = declaration.partition(":")
        name, value = name.strip().lower(), value.strip()
        if not (_PROPERTIES.fullmatch(name) and value and len(value) < 300 and _VALUE.fullmatch(value)):
            continue
        if (name == "display" and not _SHOWN.fullmatch(value)) or (
            name.startswith("margin") and _BELOW_ZERO.search(value)
        ):
            continue
        kept.append(f"{name}: {value}")
    return "; ".join(kept)


@dataclass
class _Sieve:
    """The first sieve: what each element may have, and where its images are."""

    image_address: ImageAddress
    remote_images: bool
    held: int = 0
    shown: set[str] = field(default_factory=set)
    images: set[str] = field(default_factory=set)

    def rewrite(self, name: str, attributes: Attributes) -> Attributes:
        allowed = _EVERYWHERE | _ALLOWED.get(name, set())
        kept = {key: value for key, value in attributes.items() if key in allowed and key != HELD}
        kept.pop("target", None)
        if name == "a":
            kept["target"] = "_blank"
        if name == "img":
            source = kept.pop("src", "")
            kept.update(self.image(source))
        return {key: value for key, value in kept.items() if value or key in ("alt", "nowrap", "noshade", "reversed")}

    def image(self, source: str) -> Attributes:
        source = source.strip()
        plain = _CONTROL.sub("", source)
        if plain[:4].lower() == "cid:":
            return self.enclosed(plain[4:].strip("<>"))
        if _PICTURE.fullmatch(source):
            self.images.add("".join(source.split()))
            return {"src": "".join(source.split())}
        if not _REMOTE.match(plain):
            return {}
        address = f"https:{plain}" if plain.startswith("//") else plain
        if self.remote_images:
            self.images.add(address)
            return {"src": address}
        self.held += 1
        return {HELD: address}

    def enclosed(self, content_id: str) -> Attributes:
        if not content_id:
            return {}
        address = self.image_address(content_id)
        if address is None and "%" in content_id:
            content_id = _unquoted(content_id)
            address = self.image_address(content_id)
        if address is None:
            return {}
        self.shown.add(content_id)
        self.images.add(address)
        return {"src": address}


def _unquoted(content_id: str) -> str:
    # RFC 2392: in a URL the id is written as URLs are.
    content = re.sub(rb"%([0-9a-fA-F]{2})", lambda match: bytes([int(match[1], 16)]), content_id.encode())
    return content.decode("utf-8", "replace")


def _cleaner(images: set[str], remote_images: bool) -> nh3.Cleaner:
    """The second sieve. It trusts nothing of the first but which images that one put there."""

    def attribute(element: str, name: str, value: str) -> str | None:
        if name in ("class", "id") or (element, name) == ("div", "name"):
            marks = [each for each in value.split() if _MARKS.fullmatch(each)]
            return " ".join(marks[:3]) or None
        if name == "style":
            return style_of(value) or None
        if name == "href":
            return value.strip() if _LINK.match(_CONTROL.sub("", value)) else None
        if name == "target":
            return value if value == "_blank" else None
        if name == "src":
            return value if value in images else None
        if name == HELD:
            return value if not remote_images and _REMOTE.match(value) else None
        return value[:1000]

    return nh3.Cleaner(
        tags=set(KNOWN),
        clean_content_tags={"script", "style"},
        attributes={"*": _EVERYWHERE, **_ALLOWED},
        attribute_filter=attribute,
        strip_comments=True,
        link_rel="noopener noreferrer nofollow",
        url_schemes={"http", "https", "mailto", "tel", "data"},
        url_relative="pass_through",
    )
