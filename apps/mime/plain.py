"""HTML to text: for mails that have no plain part, for cards, search, and quoting."""

import re

from apps.mime.charsets import clean_text
from apps.mime.markup import BLOCKS, Token, markup_tokens, tidy_markup

# These have an empty line around them; other blocks begin on a line of their own.
_APART = frozenset(["p", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "pre", "dl"])
_SPACE = re.compile(r"[ \t\n\r\f]+")
_MANY_LINES = re.compile(r"\n{3,}")
_UNSEEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)


def to_text(html: str) -> str:
    """What a reader sees of some HTML, with its lines, quotation marks (">") and the addresses of its links."""
    return to_text_of(tidy_markup(html).html)


def to_text_of(well_formed: str) -> str:
    """`to_text` of what `tidy_markup` or nh3 wrote."""
    writer = _Writer()
    for token in markup_tokens(well_formed):
        if not token.name:
            writer.text(token)
        elif token.is_end:
            writer.end(token)
        else:
            writer.start(token)
    return writer.finish()


class _Writer:
    def __init__(self) -> None:
        self.lines: list[str] = [""]
        self.quotes = 0
        self.pre = 0
        self.hidden: list[str] = []
        self.links: list[tuple[str, int, int]] = []

    def text(self, token: Token) -> None:
        if self.hidden:
            return
        if self.pre:
            first, *rest = token.text.split("\n")
            self.lines[-1] += first
            for each in rest:
                self.line()
                self.lines[-1] += each
            return
        said = _SPACE.sub(" ", token.text)
        self.lines[-1] += said.lstrip() if self.lines[-1].endswith((" ", "\t")) or self.is_new() else said

    def start(self, token: Token) -> None:
        name, has_attributes = token.name, len(token.source) > len(token.name) + 2
        attributes = token.attributes if has_attributes else {}
        if self.hidden or _UNSEEN.search(attributes.get("style", "")):
            if name not in ("br", "hr", "img", "wbr", "col"):
                self.hidden.append(name)
            return
        self.block(name)
        if name == "br":
            self.line()
        elif name == "hr":
            self.lines[-1] += "---"
            self.line()
        elif name == "li":
            self.lines[-1] += "- "
        elif name == "img" and attributes.get("alt", "").strip():
            self.lines[-1] += f"[{' '.join(attributes['alt'].split())[:200]}]"
        elif name == "blockquote":
            self.quotes += 1
            self.lines[-1] = self.prefix()
        elif name == "pre":
            self.pre += 1
        elif name == "a":
            self.links.append((attributes.get("href", "").strip(), len(self.lines), len(self.lines[-1])))

    def end(self, token: Token) -> None:
        name = token.name
        if self.hidden:
            # Well-formed: the innermost one ends first.
            self.hidden.pop()
            return
        if name in ("td", "th"):
            self.lines[-1] += "\t"
        elif name == "blockquote" and self.quotes:
            if not self.is_new():
                self.line()
            self.quotes -= 1
            self.lines[-1] = self.prefix()
        elif name == "pre" and self.pre:
            self.pre -= 1
        elif name == "a" and self.links:
            self.link()
        self.block(name)

    def link(self) -> None:
        address, line, column = self.links.pop()
        said = self.lines[-1][column:].strip() if line == len(self.lines) else ""
        bare = re.sub(r"^(https?://|mailto:)|/$", "", address, flags=re.IGNORECASE)
        seen = re.sub(r"^https?://|/$", "", said, flags=re.IGNORECASE)
        if said and address.lower().startswith(("http:", "https:")) and bare.casefold() != seen.casefold():
            self.lines[-1] += f" <{address[:500]}>"

    def block(self, name: str) -> None:
        if name not in BLOCKS or name in ("td", "th"):
            return
        if not self.is_new():
            self.line()
        if name in _APART and len(self.lines) > 1 and self.lines[-2].strip("> "):
            self.line()

    def is_new(self) -> bool:
        return not self.lines[-1].strip() or self.lines[-1] == self.prefix()

    def line(self) -> None:
        self.lines.append(self.prefix())

    def prefix(self) -> str:
        return "> " * min(self.quotes, 20)

    def finish(self) -> str:
        while len(self.lines) > 1 and not self.lines[-1].strip("> "):
            self.lines.pop()
        text = "\n".join(line.replace("\xa0", " ").rstrip() for line in self.lines)
        return _MANY_LINES.sub("\n\n", clean_text(text)).strip("\n")
