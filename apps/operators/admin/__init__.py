"""Admin pages: tenants on the operators' host, and on a tenant's the passes by which operators come in."""

from apps.operators.admin import tenants

__all__ = ["tenants"]
