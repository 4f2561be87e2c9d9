"""What this app adds to the menu of the admin pages."""

from django.utils.translation import gettext_noop

from apps.tenants.admin_menu import MenuPage, register_pages, register_section

register_section(gettext_noop("Forms"), position=60)
register_pages(
    gettext_noop("Forms"),
    MenuPage("forms.form", gettext_noop("Forms"), "dynamic_form", 10),
    MenuPage("forms.sentform", gettext_noop("Sent forms"), "outgoing_mail", 20),
    MenuPage("forms.formaccess", gettext_noop("Revealed values"), "visibility", 30),
    MenuPage("forms.formsettings", gettext_noop("Form settings"), "tune", 40),
)
