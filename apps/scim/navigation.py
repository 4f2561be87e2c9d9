"""What this app adds to the menu of the admin pages."""

from django.utils.translation import gettext_noop

from apps.tenants.admin_menu import MenuPage, register_pages

register_pages(
    gettext_noop("People"),
    MenuPage("scim.directorytoken", gettext_noop("Directory sync (SCIM)"), "sync", 50, under="accounts.role"),
    MenuPage("scim.directorygroup", gettext_noop("Directory groups"), "groups", 60, under="accounts.role"),
)
