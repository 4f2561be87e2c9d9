"""Changes of reply times and their messages, as administrators make them (CHAT-11)."""

from django.db import transaction

from apps.audit.actions import audited_action
from apps.clocks.models import ReplyMessage, ReplyRules


@transaction.atomic
@audited_action("rules")
def reply_rules_save(*, rules: ReplyRules) -> ReplyRules:
    """Write a channel's reply times. Clocks that run meet them at their next stage or message.

    Raises:
        ValidationError: a value is not acceptable.
    """
    rules.full_clean()
    rules.save()
    return rules


@transaction.atomic
@audited_action("message")
def reply_message_save(*, message: ReplyMessage) -> ReplyMessage:
    """Make a message or write its changes.

    Raises:
        ValidationError: a variable that there is not, nothing to say, or a stage and language that have one already.
    """
    message.language = message.language.strip().lower()
    message.full_clean()
    message.save()
    return message


@transaction.atomic
@audited_action("message")
def reply_message_delete(*, message: ReplyMessage) -> None:
    """Delete a message: its stage says our own text again."""
    message.delete()
