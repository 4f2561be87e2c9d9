"""What this app adds to the menu of the admin pages."""

from django.utils.translation import gettext_noop

from apps.tenants.admin_menu import MenuPage, SettingsPart, register_pages, register_settings

register_pages(
    gettext_noop("Routing"),
    MenuPage("settings.replies", gettext_noop("Reply times"), "timer", 100),
    MenuPage("clocks.replymessage", gettext_noop("Reply messages"), "chat_bubble", 110, under="settings.replies"),
)
register_settings(
    "replies",
    SettingsPart(
        "clocks.replyrules",
        10,
        gettext_noop("Reply times"),
        gettext_noop("What happens when an answer takes long: reminders, marks, and what the conversation ends with."),
    ),
)
