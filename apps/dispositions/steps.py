"""What is chosen is written down, under the lock of its conversation (WRP-2, WRP-6)."""

from django.db import transaction

from apps.accounts.models import User
from apps.conversations.models import Conversation
from apps.dispositions.choices import DESCRIPTION_LENGTH, SYSTEM_CODE
from apps.dispositions.models import Choice, Code, CodeSet, Outcome
from apps.dispositions.selectors import draft_of, sets_for
from apps.masking.choices import Speaker
from apps.masking.selectors import mask_text
from apps.queues.choices import AcwMode


@transaction.atomic(savepoint=False)
def outcome_fill(*, conversation: Conversation) -> None:
    """Give a conversation that closed as spam and is none the outcome of one that nobody wrapped up (CON-10, WRP-2).

    Args:
        conversation: closed; the caller holds the lock. One whose queue asks for no wrap-up stays without (WRP-4).
    """
    if conversation.queue.acw_mode != AcwMode.OFF:
        outcome_complete(conversation)


def outcome_complete(conversation: Conversation) -> None:
    """What its agent had chosen and written by now; every other set gets the system's code."""
    # What was chosen at an earlier closing stands until somebody chooses anew (WRP-8).
    stand = set(conversation.dispositions.values_list("code_set", flat=True))
    sets = sets_for(conversation)
    chosen = draft_of(conversation, sets)
    stand -= set(chosen)
    conversation.dispositions.filter(code_set__in=chosen).delete()
    sets = [offered for offered in sets if offered.code_set.pk not in stand]
    description = outcome_keep(conversation, draft={}).description
    system, _made = Code.objects.get_or_create(name=SYSTEM_CODE, defaults={"is_system": True})
    Choice.objects.bulk_create(
        choice_of_code(
            conversation,
            offered.code_set,
            chosen.get(offered.code_set.pk, system),
            by=conversation.agent if offered.code_set.pk in chosen else None,
            description=description,
        )
        for offered in sets
    )


def outcome_keep(conversation: Conversation, *, draft: dict[str, str], description: str | None = None) -> Outcome:
    """Write a conversation's outcome down; no description leaves the one that is there."""
    outcome = Outcome.objects.filter(pk=conversation.pk).first() or Outcome(conversation=conversation)
    outcome.draft = draft
    if description is not None:
        plain = mask_text(description.strip(), queue_id=conversation.queue_id, who=Speaker.AGENT).text
        outcome.description = plain[:DESCRIPTION_LENGTH]
    outcome.save()
    return outcome


def choice_of_code(
    conversation: Conversation, code_set: CodeSet, code: Code, *, by: User | None, description: str
) -> Choice:
    """A row of what was chosen from a set, not written yet."""
    return Choice(
        conversation=conversation,
        code_set=code_set,
        code=code,
        set_name=code_set.name,
        code_name=code.name,
        description=description[:DESCRIPTION_LENGTH],
        chosen_by=by,
    )
