"""What a new tenant finds of surveys: one that serves every queue, switched off (TEN-3)."""

from django.utils.translation import gettext_noop

from apps.surveys.models import Survey
from apps.tenants.seeds import register_seed

NAME = gettext_noop("Customer satisfaction")


@register_seed("surveys.default")
def default_survey() -> None:
    """Stars from one to five, after every conversation with an agent, once it is switched on."""
    Survey.objects.create(name=NAME, is_default=True, is_active=False)
