"""What an invitation says, for mails that say nothing else (RFC 5545)."""

import re
from datetime import datetime

MAX_LINES = 2000
_FOLD = re.compile(r"\n[ \t]")
_LINE = re.compile(r"([A-Z-]+)((?:;[^:\"]*(?:\"[^\"]*\"[^:\"]*)*)?):(.*)", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([\\;,nN])")
_SHOWN = ("SUMMARY", "DTSTART", "DTEND", "LOCATION", "DESCRIPTION")


def summary_of(calendar: str) -> str:
    """Its first event in lines: what, when, where; empty when there is none."""
    found: dict[str, str] = {}
    inside = False
    for line in _FOLD.sub("", calendar).split("\n")[:MAX_LINES]:
        name, _colon, value = line.strip().partition(":")
        if name.upper() == "BEGIN":
            inside = value.upper() in ("VEVENT", "VTODO")
        elif name.upper() == "END" and value.upper() in ("VEVENT", "VTODO"):
            break
        elif inside and (match := _LINE.match(line.strip())) and match[1].upper() in _SHOWN:
            found.setdefault(match[1].upper(), _value(match[1].upper(), match[2], match[3]))
    when = " – ".join(filter(None, (found.get("DTSTART"), found.get("DTEND"))))
    return "\n".join(filter(None, (found.get("SUMMARY"), when, found.get("LOCATION"), found.get("DESCRIPTION"))))


def _value(name: str, parameters: str, value: str) -> str:
    if name not in ("DTSTART", "DTEND"):
        return _ESCAPED.sub(lambda match: "\n" if match[1] in "nN" else match[1], value).strip()[:5000]
    zone = re.search(r"TZID=\"?([^;:\"]{1,60})", parameters, re.IGNORECASE)
    for pattern, shown in (("%Y%m%dT%H%M%S", "%Y-%m-%d %H:%M"), ("%Y%m%d", "%Y-%m-%d")):
        try:
            at = datetime.strptime(value.rstrip("Zz").strip(), pattern)  # noqa: DTZ007 (its zone is written beside it)
        except ValueError:
            continue
        return f"{at.strftime(shown)} {zone[1] if zone else 'UTC' if value[-1:] in 'Zz' else ''}".strip()
    return value[:40]
