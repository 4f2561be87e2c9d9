"""What a browser is called in words, from what it calls itself."""

from django.utils.translation import gettext as _
from ua_parser import parse


def browser_name(user_agent: str) -> str:
    """The browser and its system, such as "Firefox on Windows".

    Args:
        user_agent: the header that it sends; whoever sends it may have made it up.
    """
    found = parse(user_agent)
    browser = found.user_agent.family if found.user_agent else ""
    system = found.os.family if found.os else ""
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("An unknown browser")
