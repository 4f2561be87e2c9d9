"""What a conversation is about, where its channel knows: that channel's app says how (`subject_source_register`)."""

from collections.abc import Callable
from dataclasses import dataclass

from apps.conversations.models import Conversation
from apps.queues.choices import Family


@dataclass(frozen=True)
class SubjectSource:
    """Where the subjects of a channel family's conversations stand.

    Attributes:
        relation: of the conversation, to be read along with it.
        subject_of: one line; empty where a conversation has none.
    """

    relation: str
    subject_of: Callable[[Conversation], str]


_sources: dict[Family, SubjectSource] = {}


def subject_source_register(family: Family, source: SubjectSource) -> None:
    """Say where the subjects of a family stand: called once, by `AppConfig.ready()` of its app."""
    _sources[family] = source


def subject_relations(prefix: str = "") -> tuple[str, ...]:
    """The relations that `conversation_subject` reads, for `select_related`.

    Args:
        prefix: the path to the conversation, such as ``conversation__``.
    """
    return tuple(f"{prefix}{source.relation}" for source in _sources.values())


def conversation_subject(conversation: Conversation) -> str:
    """What a conversation is about, on one line; empty where its channel has no subjects."""
    source = _sources.get(Family(conversation.channel))
    return source.subject_of(conversation) if source else ""
