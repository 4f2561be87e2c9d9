"""What a new tenant finds of dispositions: the built-in set (WRP-6)."""

from django.utils.translation import gettext_noop

from apps.dispositions.choices import SYSTEM_CODE
from apps.dispositions.models import Code, CodeSet, SetEntry
from apps.tenants.seeds import register_seed

BUILT_IN = [
    (gettext_noop("Resolved"), gettext_noop("The customer has what they came for."), "#1f8a4c"),
    (gettext_noop("Abandoned"), gettext_noop("The customer left before it was settled."), "#b4690e"),
    (gettext_noop("Pending"), gettext_noop("Something is still to be done."), "#3d6fb6"),
]


@register_seed("dispositions.built_in")
def built_in() -> None:
    """One required set with Resolved, Abandoned and Pending; and the code that the system sets."""
    resolution = CodeSet.objects.create(name="Resolution", description="How did it end?")
    for position, (name, description, colour) in enumerate(BUILT_IN):
        code = Code.objects.create(name=name, description=description, colour=colour)
        SetEntry.objects.create(code_set=resolution, code=code, position=position)
    Code.objects.create(name=SYSTEM_CODE, description="Nobody chose in time.", is_system=True)
