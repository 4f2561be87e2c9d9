"""What this app adds to the menu of the admin pages."""

from django.utils.translation import gettext_noop

from apps.tenants.admin_menu import MenuPage, register_pages, register_section

register_section(gettext_noop("Installation"), position=90)
register_pages(
    gettext_noop("People"),
    MenuPage("tenants.company", gettext_noop("Company"), "apartment", 10),
)
register_pages(
    gettext_noop("Installation"),
    MenuPage("tenants.tenant", gettext_noop("Tenants"), "apartment", 10),
)
