"""Admin pages of chat widgets."""

from apps.chat.admin.widgets import WidgetAdmin

__all__ = ["WidgetAdmin"]
