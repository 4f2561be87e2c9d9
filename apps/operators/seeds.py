"""What a tenant finds of operators: the role that they have while they are here."""

from apps.accounts.models import Role
from apps.accounts.permissions import OPERATOR, Permission, Scope
from apps.tenants.seeds import register_seed

PASS_PERMISSIONS = (Permission.SETTINGS, Permission.AUDIT, Permission.SETUP)
"""What a pass allows: to set things right. Conversations, secured values and exports are not the operators'."""


@register_seed("operators.role")
def operator_role_seed() -> None:
    """The role of operators with a pass (TEN-2)."""
    Role.objects.create(
        code=OPERATOR,
        name="Operator with a pass",
        scope=Scope.ALL,
        permissions=sorted(PASS_PERMISSIONS),
        is_stock=True,
    )
