"""Admin pages of forms (FRM-1, FRM-4)."""

from apps.forms.admin import builder, sent, settings  # noqa: F401
