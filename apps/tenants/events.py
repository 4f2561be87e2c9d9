"""What tenants tell the apps above."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apps.tenants.models import Tenant


@dataclass(frozen=True)
class TenantChanged:
    """A tenant was made or changed, by its own people or by operators.

    Attributes:
        tenant: it, as it has become.
        what: "create", "change", "freeze", "unfreeze" or "hosts".
        changes: by name of the field, what it was and what it became.
    """

    tenant: Tenant
    what: str
    changes: Mapping[str, list[Any]]
