"""What a browser says it is, coarsely: enough to help its owner, too little to know them again (CHAT-14)."""

import re

_BROWSERS = (
    ("Edge", r"\bEdg(e|A|iOS)?/"),
    ("Opera", r"\b(OPR|Opera)/"),
    ("Samsung Internet", r"\bSamsungBrowser/"),
    ("Firefox", r"\b(Firefox|FxiOS)/"),
    ("Chrome", r"\b(Chrome|CriOS|Chromium)/"),
    ("Safari", r"\bSafari/"),
)
_SYSTEMS = (
    ("iPadOS", r"\biPad\b"),
    ("iOS", r"\b(iPhone|iPod)\b"),
    ("Android", r"\bAndroid\b"),
    ("ChromeOS", r"\bCrOS\b"),
    ("Windows", r"\bWindows\b"),
    ("macOS", r"\bMac OS X\b|\bMacintosh\b"),
    ("Linux", r"\bLinux\b"),
)
PHONE, TABLET, COMPUTER = "phone", "tablet", "computer"


def device_of(user_agent: str) -> dict[str, str]:
    """Browser, system and kind of device.

    Args:
        user_agent: the header, as long and as odd as it may be.

    Returns:
        ``browser`` and ``system`` by their names, ``kind`` as phone, tablet or computer; empty where it is not known.
    """
    text = user_agent[:500]
    browser, system = _first(_BROWSERS, text), _first(_SYSTEMS, text)
    return {"browser": browser, "system": system, "kind": _kind(system, text)}


def _first(names: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for name, pattern in names if re.search(pattern, text)), "")


def _kind(system: str, text: str) -> str:
    if system == "iPadOS" or (system == "Android" and "Mobile" not in text):
        return TABLET
    if system in {"iOS", "Android"}:
        return PHONE
    return COMPUTER if system else ""


def user_agent_of(scope: dict[str, object]) -> str:
    """The header of a socket."""
    headers = scope.get("headers")
    pairs = headers if isinstance(headers, list | tuple) else []
    return next((value.decode("latin-1") for name, value in pairs if name == b"user-agent"), "")
