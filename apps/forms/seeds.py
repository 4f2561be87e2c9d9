"""What a new tenant finds of forms: the settings, and no form (TEN-3)."""

from apps.forms.models import FormSettings
from apps.tenants.seeds import register_seed


@register_seed("forms.settings")
def form_settings() -> None:
    """Everything at its default."""
    FormSettings.load()
