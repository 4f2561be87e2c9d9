"""What a request says of its session: by which browser it began, and that it is still used."""

import time
from typing import Final

from django.http import HttpRequest

from apps.accounts.actions import session_note, session_record
from apps.accounts.models import User
from apps.core.client_addresses import client_address

SEEN: Final = "seen"
"""Under this a session keeps when its use was last noted, in seconds since 1970."""
NOTE_SECONDS: Final = 300
"""How often the use of a session is noted at most."""


def session_begin(request: HttpRequest, user: User, *, is_strange: bool) -> None:
    """Keep which browser has the session that has just begun.

    Args:
        request: the sign-in.
        user: who.
        is_strange: whether the account was signed in to before, and never with this browser.
    """
    request.session[SEEN] = int(time.time())
    session_record(
        user=user,
        session=request.session,
        user_agent=request.headers.get("User-Agent", ""),
        address=client_address(request),
        is_strange=is_strange,
    )


def session_use(request: HttpRequest) -> None:
    """Note that the session is used, once in a while; of one that began without a sign-in page nothing is kept."""
    seen = request.session.get(SEEN)
    if seen is not None and time.time() - seen >= NOTE_SECONDS:
        request.session[SEEN] = int(time.time())
        session_note(session=request.session, address=client_address(request))
