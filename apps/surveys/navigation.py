"""What this app adds to the menu of the admin pages."""

from django.utils.translation import gettext_noop

from apps.tenants.admin_menu import MenuPage, register_pages, register_section

register_section(gettext_noop("Surveys"), position=70)
register_pages(
    gettext_noop("Surveys"),
    MenuPage("surveys.survey", gettext_noop("Surveys"), "star_rate", 10),
    MenuPage("surveys.surveyrequest", gettext_noop("Survey answers"), "reviews", 20),
)
