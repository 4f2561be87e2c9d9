"""Which language a customer writes, as far as the script of their words tells (RTE-1)."""

import unicodedata
from collections import Counter
from dataclasses import dataclass

LOOKED_AT = 500
"""Characters of a text that are looked at."""

LEAST = 2
"""Letters of a script that say something; in Chinese two are a word."""

PLAIN = 0.6
"""Share of a script among the letters from which a text is plainly written in it: names and links stay as they are."""


@dataclass(frozen=True)
class Script:
    """A script, by what Unicode calls its letters.

    Attributes:
        written: primary tags of the languages that are written in it.
        likely: the one that it speaks for by itself; empty where it is anybody's guess.
    """

    written: frozenset[str]
    likely: str = ""


def _script(written: str, likely: str = "") -> Script:
    return Script(frozenset(written.split()), likely)


SCRIPTS = {
    "ARABIC": _script("ar fa ur ps ku ckb ug sd az ms", "ar"),
    "CJK": _script("zh yue ja ko", "zh"),
    "CYRILLIC": _script("ru uk be bg sr mk mn kk ky tg uz tt ba cv bs az"),
    "DEVANAGARI": _script("hi mr ne sa mai bho kok sd", "hi"),
    "GREEK": _script("el grc", "el"),
    "HANGUL": _script("ko", "ko"),
    "HEBREW": _script("he iw yi lad", "he"),
    "KANA": _script("ja", "ja"),
    "THAI": _script("th", "th"),
}
"""Those that exclude other languages. Latin letters exclude none: whoever has no keyboard for theirs writes in them."""

KANA = {"HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"}
NOT_ARABIC = frozenset("پچژگٹڈڑںےہھٻڄټډړښۀڕڵۆێ")
"""Letters of Persian, Urdu, Pashto, Sindhi and Kurdish that Arabic does not have."""


def language_of(body: str, said: str) -> str:
    """The language tag of a text.

    Args:
        body: what the customer wrote.
        said: the tag that their browser or their contact says, or empty.

    Returns:
        What was said, unless the script plainly excludes it; then the language that the script speaks for, or nothing
        where it could be several.
    """
    letters = [letter for letter in body[:LOOKED_AT] if letter.isalpha()]
    found = Counter(_kind(letter) for letter in letters)
    if found["KANA"]:
        # Japanese is written in both: the few letters of Kana tell it from Chinese.
        found["KANA"] += found.pop("CJK", 0)
    name, count = max(found.items(), key=lambda each: each[1], default=("", 0))
    script = SCRIPTS.get(name)
    if script is None or count < LEAST or count < len(letters) * PLAIN:
        return said
    if said.replace("_", "-").split("-")[0].lower() in script.written:
        return said
    return "" if name == "ARABIC" and not NOT_ARABIC.isdisjoint(letters) else script.likely


def _kind(letter: str) -> str:
    """The script of a letter."""
    kind = unicodedata.name(letter, "").partition(" ")[0]
    return "KANA" if kind in KANA else kind
