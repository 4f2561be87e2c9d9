"""What this app adds to the menu of the admin pages."""

from django.utils.translation import gettext_noop

from apps.tenants.admin_menu import MenuPage, register_pages, register_section

register_section(gettext_noop("Conversations"), position=40)
register_pages(
    gettext_noop("Conversations"),
    MenuPage("conversations.conversation", gettext_noop("Conversations"), "forum", 10),
)
