"""Wrap-up: choosing outcomes, closing, and correcting what was chosen."""

from apps.dispositions.actions.codes import code_delete, code_save, code_set_delete, code_set_fill, code_set_save
from apps.dispositions.actions.wrap_up import (
    CodeChoice,
    outcome_correct,
    wrap_up_close,
    wrap_up_draft,
    wrap_up_expire,
)

__all__ = [
    "CodeChoice",
    "code_delete",
    "code_save",
    "code_set_delete",
    "code_set_fill",
    "code_set_save",
    "outcome_correct",
    "wrap_up_close",
    "wrap_up_draft",
    "wrap_up_expire",
]
