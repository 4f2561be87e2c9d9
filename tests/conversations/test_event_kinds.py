"""The timeline's vocabulary is contributed by the apps that record in it."""

from typing import Any

import pytest
from django.db.models import TextChoices
from django.utils import translation

from apps.conversations.choices import EventKind
from apps.conversations.event_kinds import event_kind_label, event_kinds
from apps.conversations.models import ConversationEvent
from apps.forms.choices import FormEventKind


def test_each_app_says_what_it_records() -> None:
    with translation.override("en"):
        assert event_kind_label(EventKind.QUEUE_CHANGED) == "Moved to another queue"
        assert event_kind_label(FormEventKind.FORM_SENT.value) == "Form sent"
        assert event_kind_label("of_an_app_that_is_gone") == "of_an_app_that_is_gone"


def test_a_word_belongs_to_one_app() -> None:
    class Other(TextChoices):
        NEW = "word_of_a_test", "New"
        TAKEN = "form_sent", "Sent"

    with pytest.raises(ValueError, match="form_sent"):
        event_kinds(Other)
    assert event_kind_label("word_of_a_test") == "word_of_a_test"


def test_every_word_fits_its_column() -> None:
    field: Any = ConversationEvent._meta.get_field("kind")
    kinds = [*EventKind, *FormEventKind]
    assert all(len(kind.value) <= field.max_length for kind in kinds)
