"""What a new tenant finds: the head of its log is signed each day."""

from apps.audit.actions import audit_nights_begin
from apps.tenants.seeds import register_seed


@register_seed("audit.nights")
def nights_seed() -> None:
    """The first night (AUD-1)."""
    audit_nights_begin()
