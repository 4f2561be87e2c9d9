"""What this app adds to the menu of the admin pages."""

from django.utils.translation import gettext_noop

from apps.tenants.admin_menu import MenuPage, SettingsPart, register_pages, register_section, register_settings

register_section(gettext_noop("People"), position=10)
register_pages(
    gettext_noop("People"),
    MenuPage("accounts.user", "", "group", 20),
    MenuPage("accounts.role", gettext_noop("Roles"), "shield_person", 30),
    MenuPage("settings.people", gettext_noop("Sign-in"), "passkey", 40, under="accounts.role"),
)
register_settings(
    "people",
    SettingsPart(
        "accounts.signinsettings",
        10,
        gettext_noop("Second factors"),
        gettext_noop("Who must sign in with more than a password: an app, a security key or a passkey."),
    ),
    SettingsPart(
        "accounts.openidprovider",
        20,
        gettext_noop("OpenID Connect"),
        gettext_noop("People sign in with the account that they have at your company."),
    ),
)
