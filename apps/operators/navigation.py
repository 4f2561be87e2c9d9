"""What this app adds to the menu of the admin pages."""

from django.utils.translation import gettext_noop

from apps.tenants.admin_menu import MenuPage, register_pages

register_pages(
    gettext_noop("Audit"),
    MenuPage("operators.operatorpass", gettext_noop("Operator passes"), "support_agent", 20, under="audit.auditentry"),
)
