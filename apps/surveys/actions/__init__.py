"""Marking, asking and answering (SRV-2 to SRV-5)."""

from apps.surveys.actions.answers import MARKABLE, Answer, survey_answer, survey_mark
from apps.surveys.actions.surveys import (
    queues_served,
    survey_delete,
    survey_save,
    survey_texts_set,
)

__all__ = [
    "MARKABLE",
    "Answer",
    "queues_served",
    "survey_answer",
    "survey_delete",
    "survey_mark",
    "survey_save",
    "survey_texts_set",
]
