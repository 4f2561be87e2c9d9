"""What this app adds to the menu of the admin pages."""

from django.utils.translation import gettext_noop

from apps.tenants.admin_menu import MenuPage, register_pages, register_section

register_section(gettext_noop("Wrap-up"), position=50)
register_pages(
    gettext_noop("Wrap-up"),
    MenuPage("dispositions.codeset", gettext_noop("Disposition sets"), "checklist", 10),
    MenuPage("dispositions.code", gettext_noop("Disposition codes"), "label", 20, under="dispositions.codeset"),
    MenuPage("dispositions.outcome", gettext_noop("Outcomes"), "fact_check", 30, under="dispositions.codeset"),
)
