"""What this app adds to the menu of the admin pages."""

from django.utils.translation import gettext_noop

from apps.tenants.admin_menu import MenuPage, register_pages

register_pages(
    gettext_noop("Advanced"),
    MenuPage("configuration.configuration", gettext_noop("Configuration"), "difference", 95, under="imports.importjob"),
)
