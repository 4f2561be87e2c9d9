"""What the apps below announce, and this one acts on."""

from apps.conversations.events import SpamUnmarked
from apps.core.events import subscribe
from apps.dispositions import steps


@subscribe(SpamUnmarked)
def on_spam_taken_back(event: SpamUnmarked) -> None:
    """It counts again, so it has an outcome again."""
    steps.outcome_fill(conversation=event.conversation)
