"""What this app adds to the menu of the admin pages."""

from django.utils.translation import gettext_noop

from apps.tenants.admin_menu import MenuPage, SettingsPart, register_pages, register_settings

register_pages(
    gettext_noop("Channels"),
    MenuPage("settings.channels", gettext_noop("Channel settings"), "tune", 130),
)
register_settings(
    "channels",
    SettingsPart("files.filerules", 10, gettext_noop("Files"), gettext_noop("What customers and agents may send.")),
)
