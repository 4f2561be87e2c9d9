"""Steps are taken under the lock of their conversation, as actions take them."""

from collections.abc import Callable
from typing import Any

from django.db import transaction

from apps.conversations.models import Conversation
from apps.conversations.steps import conversation_lock


def under_lock(step: Callable[..., Any], conversation: Conversation, **arguments: Any) -> Any:
    """Take a step."""
    with transaction.atomic():
        return step(conversation=conversation_lock(conversation.pk), **arguments)
