"""What a new tenant finds of people: the stock roles."""

from apps.accounts.models import Role
from apps.accounts.permissions import STOCK_ROLES
from apps.tenants.seeds import register_seed


@register_seed("accounts.roles")
def stock_roles_seed() -> None:
    """Owner, Administrator, Supervisor, Agent (TEN-5)."""
    for code, (name, scope, permissions) in STOCK_ROLES.items():
        Role.objects.create(code=code, name=name, scope=scope, permissions=sorted(permissions), is_stock=True)
