"""Reads of dispositions."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch, Q

from apps.accounts.models import User
from apps.accounts.permissions import Permission
from apps.agents.reach import may_in_queue
from apps.conversations.models import Conversation
from apps.dispositions.models import Choice, Code, CodeSet


@dataclass(frozen=True)
class OfferedSet:
    """A set as a wrap-up shows it: with the codes that can be chosen, in order."""

    code_set: CodeSet
    codes: list[Code]

    @property
    def must_choose(self) -> bool:
        """Closing needs a code of this set; one that has nothing to choose from asks for nothing."""
        return self.code_set.is_required and bool(self.codes)


def sets_for(conversation: Conversation) -> list[OfferedSet]:
    """The sets that a conversation's wrap-up shows: its queue's, its agent's group's, and those for all (WRP-5, WRP-6).

    Returns:
        In order, in two queries.
    """
    codes = Code.objects.filter(is_enabled=True, is_system=False).order_by("entries__position", "name").distinct()
    everybody = Q(queues=None, groups=None)
    own = Q(queues=conversation.queue_id) | Q(groups__agent=conversation.agent_id)
    serving = CodeSet.objects.filter(everybody | own, is_enabled=True).distinct()
    serving = serving.prefetch_related(Prefetch("codes", queryset=codes))
    return [OfferedSet(code_set, list(code_set.codes.all())) for code_set in serving]


def sets_to_correct(conversation: Conversation) -> list[OfferedSet]:
    """What a correction may choose from: the sets of now, and what was chosen, switched off or not."""
    offered = {each.code_set.pk: each for each in sets_for(conversation)}
    for choice in Choice.objects.filter(conversation=conversation).select_related("code_set", "code"):
        if choice.code_set is None:
            continue
        known = offered.setdefault(choice.code_set.pk, OfferedSet(choice.code_set, []))
        if choice.code not in known.codes:
            known.codes.append(choice.code)
    return list(offered.values())


def draft_of(conversation: Conversation, sets: list[OfferedSet]) -> dict[UUID, Code]:
    """What its agent has chosen so far, as far as it is still offered."""
    outcome = getattr(conversation, "outcome", None)
    chosen = outcome.draft if outcome else {}
    found = {}
    for offered in sets:
        wanted = chosen.get(str(offered.code_set.pk))
        code = next((code for code in offered.codes if str(code.pk) == wanted), None)
        if code is not None:
            found[offered.code_set.pk] = code
    return found


def may_correct(user: User, queue_id: UUID) -> bool:
    """Whether this user may correct outcomes of a queue after the closing: by role, everywhere or where they serve."""
    return may_in_queue(user, Permission.CORRECT, queue_id)
