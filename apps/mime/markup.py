"""HTML as it comes, made well-formed before anything else looks at it; and its tokens.

A parser of HTML repairs what it is given, and mails can be built so that the repairs take minutes: fonts that are never
closed are opened anew in every paragraph. So all HTML goes through `tidy_markup` first: one walk over the text, and
what comes out is strictly nested, of known elements only, no deeper and no longer than mails that people write.
"""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

MAX_LENGTH = 2_000_000
"""Characters that are read."""
MAX_TAGS = 60_000
MAX_DEPTH = 150
MAX_FORMATTING = 20
"""Elements open at a time that a parser opens anew by itself."""
MAX_ATTRIBUTES = 30

VOID = frozenset({"br", "hr", "img", "wbr", "col"})
FORMATTING = frozenset(
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"]
)
BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "caption",
        "center",
        "dd",
        "details",
        "dir",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
KNOWN = (
    BLOCKS
    | FORMATTING
    | VOID
    | frozenset(
        [
            "abbr",
            "acronym",
            "bdi",
            "bdo",
            "cite",
            "colgroup",
            "del",
            "dfn",
            "ins",
            "kbd",
            "mark",
            "q",
            "rp",
            "rt",
            "ruby",
            "samp",
            "span",
            "strike",
            "sub",
            "sup",
            "time",
            "var",
        ]
    )
)
"""The elements that mails are made of. All others go; what is in them stays, unless it is among `SKIPPED`."""
SKIPPED = frozenset(
    [
        "script",
        "style",
        "title",
        "textarea",
        "xmp",
        "iframe",
        "noembed",
        "noframes",
        "noscript",
        "svg",
        "math",
        "object",
        "applet",
        "template",
        "select",
        "audio",
        "video",
        "canvas",
        "frameset",
        "datalist",
        "head",
    ]
)
"""Elements of which nothing stays."""
# Their text is no markup for a parser, so neither is it for us: an end tag is all that ends them.
_RAW = frozenset(["script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "noscript"])
_CLOSES = {
    **dict.fromkeys(
        BLOCKS - {"li", "dd", "dt", "td", "th", "tr", "tbody", "thead", "tfoot", "caption"}, frozenset({"p"})
    ),
    "li": frozenset({"li"}),
    "dd": frozenset({"dd", "dt"}),
    "dt": frozenset({"dd", "dt"}),
    "td": frozenset({"td", "th"}),
    "th": frozenset({"td", "th"}),
    "tr": frozenset({"tr", "td", "th"}),
    "tbody": frozenset({"tbody", "thead", "tfoot", "tr", "td", "th"}),
    "tfoot": frozenset({"tbody", "thead", "tfoot", "tr", "td", "th"}),
    "a": frozenset({"a"}),
    "nobr": frozenset({"nobr"}),
}
_WALLS = frozenset({"table", "blockquote", "div", "ul", "ol", "dl", "center"})
_PARTS_OF_TABLES = frozenset({"td", "th", "tr", "tbody", "thead", "tfoot"})

# Each of these always finds an end, if it is that of the text: nothing is looked at twice.
_COMMENT = re.compile(r"<!--(?:-?>|.*?(?:--!?>|\Z))", re.DOTALL)
_BOGUS = re.compile(r"<[!?/][^>]*>?")
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)((?:[^>=]+|=\s*\"[^\"]*(?:\"|\Z)|=\s*'[^']*(?:'|\Z)|=)*)(>?)", re.DOTALL)
_ATTRIBUTE = re.compile(r"([^\s=>\"'/<]{1,100})(?:\s*=\s*(?:\"([^\"]*)\"?|'([^']*)'?|([^\s>\"']+)))?", re.DOTALL)
_NAME = re.compile(r"[a-z][a-z0-9_:-]{0,40}")
_TOKEN = re.compile(r"<(/?)([a-z][a-z0-9]*)((?: [a-z][a-z0-9_:-]*=\"[^\"]*\")*)>|[^<]+|<")
_PAIR = re.compile(r" ([a-z][a-z0-9_:-]*)=\"([^\"]*)\"")

Attributes = dict[str, str]
Rewrite = Callable[[str, Attributes], Attributes]


@dataclass(frozen=True, slots=True)
class Tidied:
    """Well-formed HTML.

    Attributes:
        html: strictly nested, attributes in double quotes.
        is_cut: there was more of it than is read.
    """

    html: str
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of well-formed HTML.

    Attributes:
        name: of the element; empty for text.
        is_end: whether it is an end tag.
        start: where it stands.
        end: where the next one stands.
        source: as it is written.
    """

    name: str
    is_end: bool
    start: int
    end: int
    source: str

    @property
    def text(self) -> str:
        """What a reader sees of it; empty for a tag."""
        return "" if self.name else html.unescape(self.source)

    @property
    def attributes(self) -> Attributes:
        """Decoded, by name."""
        return {name: html.unescape(value) for name, value in _PAIR.findall(self.source)} if self.name else {}


def tidy_markup(source: str, rewrite: Rewrite | None = None) -> Tidied:
    """Make HTML well-formed, of known elements only. This alone makes nothing safe: `safe.make_safe` does.

    Args:
        source: any text.
        rewrite: gets the name and the decoded attributes of each element, and says which ones it has.
    """
    writer = _Writer(rewrite)
    text = source[:MAX_LENGTH]
    position = 0
    while position < len(text) and writer.tags < MAX_TAGS:
        start = text.find("<", position)
        end = start if start >= 0 else len(text)
        writer.text(text[position:end])
        position = end
        if start >= 0:
            writer.tags += 1
            position = _markup(text, start, writer)
    return Tidied(writer.finish(), position < len(text) or len(source) > MAX_LENGTH)


def markup_tokens(well_formed: str) -> Iterator[Token]:
    """The pieces of HTML that `tidy_markup` or nh3 wrote."""
    for match in _TOKEN.finditer(well_formed):
        yield Token(match[2] or "", bool(match[1]), match.start(), match.end(), match[0])


def text_as_html(text: str) -> str:
    """Plain text as HTML: lines stay lines."""
    return html.escape(text, quote=False).replace("\n", "<br>\n")


def _markup(text: str, start: int, writer: "_Writer") -> int:
    """Take in what begins with "<", and say where it ends."""
    if comment := _COMMENT.match(text, start):
        return comment.end()
    tag = _TAG.match(text, start)
    if tag is None:
        if bogus := _BOGUS.match(text, start):
            return bogus.end()
        writer.text("<")
        return start + 1
    slash, name, attributes, closed = tag.groups()
    name = name.lower()
    if not closed:
        return len(text)
    if slash:
        writer.end(name)
        return tag.end()
    if name in SKIPPED:
        # What is drawn may end itself; an element of HTML never does.
        is_whole = name in ("svg", "math") and attributes.endswith("/")
        return tag.end() if is_whole else _after(text, tag.end(), name, writer)
    # A mail's page is a part of ours: what its body looks like is what a box looks like.
    writer.start("div" if name == "body" else name, attributes)
    return tag.end()


def _after(text: str, position: int, name: str, writer: "_Writer") -> int:
    """Where an element of which nothing stays ends. One that never does is looked for once."""
    stop = None
    if name not in writer.endless:
        # Many mails never end their head.
        pattern = r"</head\b[^>]*>?|(?=<body\b)" if name == "head" else rf"</{name}(?=[\s/>])[^>]*>?"
        stop = re.compile(pattern, re.IGNORECASE).search(text, position)
    if stop is not None:
        return stop.end()
    writer.endless.add(name)
    return len(text) if name in _RAW else position


class _Writer:
    def __init__(self, rewrite: Rewrite | None) -> None:
        self.rewrite = rewrite
        self.out: list[str] = []
        self.open: list[str] = []
        self.formatting = 0
        self.tags = 0
        self.endless: set[str] = set()

    def text(self, text: str) -> None:
        if text:
            self.out.append(text.replace("<", "&lt;").replace(">", "&gt;"))

    def start(self, name: str, attributes: str) -> None:
        if name not in KNOWN:
            return
        self.close_before(name)
        if name not in VOID:
            if len(self.open) >= MAX_DEPTH or (name in FORMATTING and self.formatting >= MAX_FORMATTING):
                return
            self.open.append(name)
            self.formatting += name in FORMATTING
        self.out.append(f"<{name}{self.attributes(name, attributes)}>")

    def end(self, name: str) -> None:
        name = "div" if name == "body" else name
        if name in ("p", "br") and name not in self.open:
            # By the rules of HTML an end without a beginning is an empty paragraph, or a new line.
            self.out.append("<br>")
        elif name in self.open and name not in VOID:
            self.close_to(name)

    def finish(self) -> str:
        while self.open:
            self.pop()
        return "".join(self.out)

    def close_before(self, name: str) -> None:
        """End what a parser would end by itself when this element begins."""
        closes = _CLOSES.get(name)
        if not closes:
            return
        walls = {"table"} if name in _PARTS_OF_TABLES else _WALLS | _PARTS_OF_TABLES
        for place in range(len(self.open) - 1, -1, -1):
            if self.open[place] in closes:
                while len(self.open) > place:
                    self.pop()
                if name not in _PARTS_OF_TABLES:
                    return
            elif self.open[place] in walls:
                return

    def close_to(self, name: str) -> None:
        if name in FORMATTING or name in ("span", "p"):
            # The end of something small does not end the table cell around it.
            for place in range(len(self.open) - 1, -1, -1):
                if self.open[place] == name:
                    break
                if self.open[place] in _PARTS_OF_TABLES or self.open[place] == "table":
                    return
        while self.pop() != name:
            pass

    def pop(self) -> str:
        name = self.open.pop()
        self.formatting -= name in FORMATTING
        self.out.append(f"</{name}>")
        return name

    def attributes(self, name: str, source: str) -> str:
        found: Attributes = {}
        for match in _ATTRIBUTE.finditer(source):
            key = match[1].lower()
            if len(found) >= MAX_ATTRIBUTES:
                break
            if _NAME.fullmatch(key):
                found.setdefault(key, _unescaped(match[2] or match[3] or match[4] or ""))
        if self.rewrite is not None:
            found = self.rewrite(name, found)
        return "".join(f' {key}="{html.escape(value)}"' for key, value in found.items())


def _unescaped(value: str) -> str:
    # In an attribute a name without its semicolon is no entity (`?a=1&copy=2`); a number without one is.
    return html.unescape(re.sub(r"&(?!#|[a-zA-Z0-9]{1,32};)", "&amp;", value))
