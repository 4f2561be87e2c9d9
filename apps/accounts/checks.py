"""What is wrong with an installation's way of signing in, said at its start."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, register


@register()
def operators_need_second_factor(**_options: Any) -> list[Error]:
    """An operator reaches every tenant: on a server they have a second factor, whatever settings say (TEN-6)."""
    if settings.LOCAL_MODE or settings.OPERATORS_NEED_SECOND_FACTOR:
        return []
    return [
        Error(
            "Operators need a second factor: OPERATORS_NEED_SECOND_FACTOR can be off in local mode alone.",
            id="parley.E001",
        )
    ]
