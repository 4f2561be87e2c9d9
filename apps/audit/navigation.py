"""What this app adds to the menu of the admin pages."""

from django.utils.translation import gettext_noop

from apps.tenants.admin_menu import MenuPage, SettingsPart, register_pages, register_section, register_settings

register_section(gettext_noop("Audit"), position=75)
register_pages(
    gettext_noop("Audit"),
    MenuPage("audit.auditentry", gettext_noop("Audit log"), "policy", 10),
    MenuPage("settings.audit", gettext_noop("Retention"), "auto_delete", 30, under="audit.auditentry"),
)
register_settings("audit", SettingsPart("audit.auditsettings", 10, gettext_noop("How long entries are kept")))
