"""Admin pages: tenants on the operators' host, and on a tenant's the passes by which operators come in."""

from apps.operators.admin import passes, tenants

__all__ = ["passes", "tenants"]
