"""What this app adds to the menu of the admin pages."""

from django.utils.translation import gettext_noop

from apps.tenants.admin_menu import SettingsPart, register_settings

register_settings(
    "routing",
    SettingsPart(
        "snooze.snoozesettings",
        50,
        gettext_noop("Snooze"),
        gettext_noop("Agents put a conversation aside; it gives its slot back and wakes by itself."),
    ),
)
