"""What this app adds to the menu of the admin pages."""

from django.utils.translation import gettext_noop

from apps.tenants.admin_menu import MenuPage, register_pages

register_pages(
    gettext_noop("Forms, surveys, responses"),
    MenuPage("surveys.survey", gettext_noop("Surveys"), "star_rate", 50),
    MenuPage("surveys.surveyrequest", gettext_noop("Survey answers"), "reviews", 60, under="surveys.survey"),
)
