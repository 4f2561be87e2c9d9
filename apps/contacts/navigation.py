"""What this app adds to the menu of the admin pages."""

from django.utils.translation import gettext_noop

from apps.tenants.admin_menu import MenuPage, register_pages

register_pages(
    gettext_noop("Conversations"),
    MenuPage("contacts.contact", gettext_noop("Contacts"), "contacts", 20),
    MenuPage("contacts.mergerequest", gettext_noop("Merge requests"), "call_merge", 30, under="contacts.contact"),
    MenuPage("contacts.contactfield", gettext_noop("Contact fields"), "list_alt", 40, under="contacts.contact"),
    MenuPage("contacts.blockedcontact", gettext_noop("Blocked contacts"), "person_off", 60, under="contacts.contact"),
)
