"""Every change of forms: built, sent, filled in, revealed, erased (FRM-1 to FRM-5)."""

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
from apps.forms.actions.reveal import Revealed, form_erase, form_reveal
from apps.forms.actions.sent_forms import (
    form_link,
    form_send,
    form_withdraw,
)
from apps.forms.actions.submission import FormError, form_fill

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
