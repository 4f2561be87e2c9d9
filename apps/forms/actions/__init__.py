"""Sending, filling in, revealing (FRM-2 to FRM-5)."""

from apps.forms.actions.forms import (
    draft_definition,
    form_delete,
    form_fields_set,
    form_publish,
    form_save,
    form_settings_save,
    is_changed,
    queues_named,
)
from apps.forms.actions.sent_forms import (
    FormError,
    Revealed,
    form_erase,
    form_fill,
    form_link,
    form_reveal,
    form_send,
    form_withdraw,
)

__all__ = [
    "FormError",
    "Revealed",
    "draft_definition",
    "form_delete",
    "form_erase",
    "form_fields_set",
    "form_fill",
    "form_link",
    "form_publish",
    "form_reveal",
    "form_save",
    "form_send",
    "form_settings_save",
    "form_withdraw",
    "is_changed",
    "queues_named",
]
