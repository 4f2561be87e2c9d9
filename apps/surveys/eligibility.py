"""Whether a customer can be asked at all: the app that has a channel knows, and says so here (SRV-5)."""

from collections.abc import Callable

from apps.conversations.models import Conversation

Check = Callable[[Conversation], bool]
_checks: dict[str, Check] = {}


def eligibility_check(channel: str) -> Callable[[Check], Check]:
    """Let this function say whether the customer of a conversation on a channel can be asked.

    Args:
        channel: a `Family`; without such a function everybody can be asked there.
    """

    def register(check: Check) -> Check:
        _checks[channel] = check
        return check

    return register


def is_eligible(conversation: Conversation) -> bool:
    """Whether somebody would read what is asked: nobody who can't is counted as one who did not answer."""
    check = _checks.get(conversation.channel)
    return check is None or check(conversation)
