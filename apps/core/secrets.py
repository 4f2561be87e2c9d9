"""Keys that stand in addresses: whoever reads one may use it, so no log and no page for others shows any (FRM-5).

Links to forms and surveys are made by apps/forms/tokens.py and apps/surveys/tokens.py: an id and a signature. So has a
webhook's address.
"""

import re
from typing import Final

HIDDEN: Final = "[••••••••]"
"""What stands where a key, or the link with it, was."""

# It may stand in another address, where what is before it looks like a part of it.
_TOKEN = re.compile(r"[0-9a-f]{32}[a-z]?\.[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])")
# Also what only looks like one: it may be a key that was cut off or mistyped.
_PATH = re.compile(r"(/(?:form|survey|operator-pass|signin/link|signin/email)/|/mail/in/[^/\s?#]+/)([^/\s?#\"'<>]+)")


def hide_link_tokens(text: str) -> str:
    """A text without the keys of links to forms and surveys, whole or as part of another address."""
    return _TOKEN.sub(HIDDEN, text)


def hide_link_keys(text: str) -> str:
    """A line of a log without keys: neither such as stand by themselves nor the end of a path that has one."""
    return _PATH.sub(rf"\1{HIDDEN}", hide_link_tokens(text))
