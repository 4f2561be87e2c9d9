"""What this app adds to the menu of the admin pages."""

from django.utils.translation import gettext_noop

from apps.tenants.admin_menu import MenuPage, SettingsPart, register_pages, register_section, register_settings

register_section(gettext_noop("Routing"), position=20)
register_pages(
    gettext_noop("Routing"),
    MenuPage("routing.flow", gettext_noop("Flows"), "alt_route", 60),
    MenuPage("routing.waitingexperience", gettext_noop("Waiting experiences"), "hourglass_top", 70),
    MenuPage("settings.routing", gettext_noop("Routing settings"), "tune", 90),
)
register_settings(
    "routing",
    SettingsPart(
        "routing.channelrules",
        10,
        gettext_noop("Answering"),
        gettext_noop("How a conversation that is offered gets to an agent, channel by channel."),
    ),
    SettingsPart(
        "routing.routingsettings", 20, gettext_noop("Matching and hours"), gettext_noop("What holds for all queues.")
    ),
)
