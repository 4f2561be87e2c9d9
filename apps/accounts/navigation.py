"""What this app adds to the menu of the admin pages."""

from django.utils.translation import gettext_noop

from apps.tenants.admin_menu import MenuPage, register_pages, register_section

register_section(gettext_noop("People"), position=10)
register_pages(
    gettext_noop("People"),
    MenuPage("accounts.user", "", "group", 20),
    MenuPage("accounts.role", gettext_noop("Roles"), "shield_person", 30),
    MenuPage("accounts.signinsettings", gettext_noop("Sign-in"), "passkey", 40),
)
