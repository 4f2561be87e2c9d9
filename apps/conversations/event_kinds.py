"""The vocabulary of the timeline. Each app says what it records, so that a new one changes nothing below it."""

from typing import Any, TypeVar

from django.db.models import TextChoices

Kinds = TypeVar("Kinds", bound=type[TextChoices])

_labels: dict[str, Any] = {}


def event_kinds(kinds: Kinds) -> Kinds:
    """Add the words of an app: decorates their class in its `choices.py`.

    Args:
        kinds: values of 20 characters at most, with their labels.

    Raises:
        ValueError: another app has one of these words.
    """
    labels = {str(kind.value): kind.label for kind in kinds}
    if taken := _labels.keys() & labels:
        raise ValueError(f"recorded by another app already: {', '.join(sorted(taken))}")
    _labels.update(labels)
    return kinds


def event_kind_label(kind: str) -> str:
    """What a line of the timeline is called, in the language in use; the word itself where its app is gone."""
    return str(_labels.get(kind, kind))
