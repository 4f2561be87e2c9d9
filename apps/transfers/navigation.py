"""What this app adds to the menu of the admin pages."""

from django.utils.translation import gettext_noop

from apps.tenants.admin_menu import SettingsPart, register_settings

register_settings(
    "routing",
    SettingsPart(
        "transfers.transfersettings",
        30,
        gettext_noop("Transfers"),
        gettext_noop("Where agents may transfer to, and what becomes of a conversation's skills."),
    ),
)
