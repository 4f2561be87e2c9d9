"""What a file may be called: shown to people, and offered as the name to save it under."""

import re
import unicodedata

MAX_LENGTH = 120
"""Characters of a name, its ending included."""

# Neither control characters nor bidirectional ones may turn "fdp.exe" into "exe.pdf" before somebody's eyes.
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    r"\ud800-\udfff\ufeff\ufff9-\uffff]"
)
_FORBIDDEN = re.compile(r'[<>:"|?*%]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def filename_clean(name: str) -> str:
    """The last part of a path, without anything that can't be seen or that no disk takes.

    Args:
        name: whatever the browser said.

    Returns:
        At most `MAX_LENGTH` characters; `file` where nothing is left.
    """
    last = re.split(r"[\\/]", name[-1000:])[-1]
    seen = _UNSEEN.sub("", unicodedata.normalize("NFC", last))
    plain = _FORBIDDEN.sub("_", " ".join(seen.split())).strip(". ")
    if not plain:
        return "file"
    return _cut(f"_{plain}" if _DEVICES.match(plain) else plain)


def filename_with_extension(name: str, ending: str, endings: tuple[str, ...]) -> str:
    """The name with an ending that is true.

    Args:
        name: a clean name.
        ending: the one it gets, unless it has one of the others.
        endings: those that are as good.
    """
    stem, dot, last = name.rpartition(".")
    if dot and last.lower() in endings:
        return name
    return _cut(f"{stem if dot and stem else name}.{ending}")


def _cut(name: str) -> str:
    if len(name) <= MAX_LENGTH:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        return name[:MAX_LENGTH].rstrip(". ")
    return f"{stem[: MAX_LENGTH - len(ending) - 1].rstrip('. ')}.{ending}"
