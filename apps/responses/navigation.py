"""What this app adds to the menu of the admin pages."""

from django.utils.translation import gettext_noop

from apps.tenants.admin_menu import MenuPage, register_pages

register_pages(
    gettext_noop("Forms, surveys, responses"),
    MenuPage("responses.response", gettext_noop("Standard responses"), "quickreply", 70),
    MenuPage("responses.responsegroup", gettext_noop("Response groups"), "folder", 80, under="responses.response"),
)
