"""What this app adds to the menu of the admin pages."""

from django.utils.translation import gettext_noop

from apps.tenants.admin_menu import MenuPage, register_pages, register_section

register_section(gettext_noop("Responses"), position=40)
register_pages(
    gettext_noop("Responses"),
    MenuPage("responses.response", gettext_noop("Standard responses"), "quickreply", 10),
    MenuPage("responses.responsegroup", gettext_noop("Response groups"), "folder", 20),
)
