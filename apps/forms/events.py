"""What happens to sent forms, told to the apps above inside the same transaction."""

from dataclasses import dataclass

from apps.forms.models import SentForm


@dataclass(frozen=True)
class FormSent:
    """An agent has sent a form (FRM-2)."""

    sent: SentForm
