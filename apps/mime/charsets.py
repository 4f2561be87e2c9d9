"""Bytes to text, whatever the mail says that they are (RFC 2045-2047; the labels of the WHATWG Encoding Standard)."""

import codecs
import re

# Clients mean the right-hand one when they say the left-hand one: the smaller charset is a part of the larger.
_MEANT = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "iso2022_jp": "iso2022_jp_ext",
}
# What Python does not know by the name that mails use.
_ALIASES = {
    "ansi": "cp1252",
    "ansi_x3.4-1968": "ascii",
    "cp-850": "cp850",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "iso-8859-6-i": "iso8859-6",
    "ks_c_5601": "euc_kr",
    "ks_c_5601-1987": "euc_kr",
    "ks_c_5601-1989": "euc_kr",
    "macintosh": "mac-roman",
    "x-cp1250": "cp1250",
    "x-cp1251": "cp1251",
    "x-cp1252": "cp1252",
    "x-gbk": "gbk",
    "x-mac-roman": "mac-roman",
    "x-sjis": "shift_jis",
    "x-euc-jp": "euc_jp",
    "windows-874": "cp874",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "utf8mb4": "utf-8",
    "utf-8mb4": "utf-8",
    "default": "",
    "unknown-8bit": "",
    "x-unknown": "",
    "x-user-defined": "",
    "binary": "",
    "8bit": "",
    "7bit": "",
}
# Of Python's codecs those that mails use: others are no charsets, or take time that grows faster than their input.
_KNOWN = re.compile(
    r"utf-(7|8|16(-[lb]e)?|32(-[lb]e)?)|utf-8-sig|ascii|iso8859-\d+|cp\d+|koi8-[rtu]|kz1048|gb2312|gbk|gb18030|hz"
    r"|big5(hkscs)?|shift_jis(_2004|x0213)?|euc_(jp|jis_2004|jisx0213|kr)|iso2022_(jp(_\w+)?|kr)|johab|tis-620"
    r"|mac-\w+|ptcp154"
)
_WIDE = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")
_PAIRS = ("gb18030", "big5hkscs", "cp932", "euc_jp", "cp949", "johab")
_JAPANESE = re.compile(rb"\x1b(\$[@B]|\([BJ])")
_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
# Five places of windows-1252 are empty: browsers read Latin-1 there, `clean_text` takes out what that gives.
_WESTERN = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(256))
# No reader sees them, and PostgreSQL takes neither NUL nor half a pair.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_HALVES = re.compile(r"[\ud800-\udfff]")
_LINE_ENDS = re.compile(r"\r{1,2}\n|\r|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


def decode_text(content: bytes, label: str) -> tuple[str, bool]:
    """Text of bytes.

    Args:
        content: any bytes.
        label: what the mail calls their charset; empty when it says nothing.

    Returns:
        The text as it is, not cleaned, and whether it is what was meant: False where the label is unknown
        or wrong and something had to be guessed.
    """
    charset = codec_name(label)
    if content.startswith(codecs.BOM_UTF8):
        return content[3:].decode("utf-8", "replace"), True
    if not charset:
        guessed = _guess(content)
        return guessed, not label and content.isascii() and guessed.isascii()
    if charset == "utf-8":
        return _utf8(content)
    if charset == "cp1252":
        return _western(content), True
    if charset in _WIDE and b"\x00" not in content and content.isascii():
        return content.decode("ascii"), False
    try:
        return content.decode(charset), True
    except (UnicodeError, LookupError, ValueError):
        return _loosely(content, charset), False


def decode_bare(content: bytes, label: str) -> str:
    """Text of a header's bytes above 127, of which nothing says what they are (RFC 5322 knows none).

    Whatever is good UTF-8 is that, but for pairs alone where the mail's charset has pairs, too: two Chinese characters
    may look like it. Then the charset of the mail's text counts, where it fits.

    Args:
        content: of one field.
        label: what the mail calls the charset of its text; empty when it says nothing.
    """
    charset = codec_name(label)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if text and not (charset in _PAIRS and max(text) < "\u0800"):
        return text
    try:
        return content.decode(charset or "utf-8")
    except (UnicodeError, LookupError, ValueError):
        return text or decode_text(content, "")[0]


def codec_name(label: str) -> str:
    """The codec for a charset's label; empty for what is none."""
    name = label.strip().strip("\"'").strip().lower()[:60]
    # RFC 2231 lets a language follow.
    name = name.partition("*")[0]
    name = _ALIASES.get(name, name)
    if not name or "\x00" in name or not name.isascii():
        return ""
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError, UnicodeError):
        return ""
    return _MEANT.get(found, found) if _KNOWN.fullmatch(found) else ""


def clean_text(text: str) -> str:
    r"""Text that a database and a page can take: "\n" line ends, no control characters, no half characters."""
    return _CONTROL.sub("", _HALVES.sub("\ufffd", _LINE_ENDS.sub("\n", text)))


def _utf8(content: bytes) -> tuple[str, bool]:
    try:
        return content.decode("utf-8"), True
    except UnicodeDecodeError:
        # Some character in it is UTF-8: a broken place or two. None is: it is no UTF-8 at all.
        return content.decode("utf-8", "replace") if _SEQUENCE.search(content) else _western(content), False


def _guess(content: bytes) -> str:
    if _JAPANESE.search(content) and content.isascii():
        return _loosely(content, "iso2022_jp_ext")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    return _utf8(content)[0]


def _western(content: bytes) -> str:
    return codecs.charmap_decode(content, "strict", _WESTERN)[0]


def _loosely(content: bytes, charset: str) -> str:
    try:
        return content.decode(charset, "replace")
    except (UnicodeError, LookupError, ValueError):
        return content.decode("latin-1")
