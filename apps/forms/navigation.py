"""What this app adds to the menu of the admin pages."""

from django.utils.translation import gettext_noop

from apps.tenants.admin_menu import MenuPage, SettingsPart, register_pages, register_section, register_settings

register_section(gettext_noop("Forms, surveys, responses"), position=60)
register_pages(
    gettext_noop("Forms, surveys, responses"),
    MenuPage("forms.form", gettext_noop("Forms"), "dynamic_form", 10),
    MenuPage("forms.sentform", gettext_noop("Sent forms"), "outgoing_mail", 20, under="forms.form"),
    MenuPage("forms.formaccess", gettext_noop("Revealed values"), "visibility", 30, under="forms.form"),
    MenuPage("settings.forms", gettext_noop("Form settings"), "tune", 40, under="forms.form"),
)
register_settings(
    "forms",
    SettingsPart(
        "forms.formsettings",
        10,
        gettext_noop("Form settings"),
        gettext_noop("Who sees secured values, and how long a form that was sent can be filled in."),
    ),
)
