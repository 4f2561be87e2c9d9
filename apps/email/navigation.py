"""What this app adds to the menu of the admin pages."""

from django.utils.translation import gettext_noop

from apps.tenants.admin_menu import MenuPage, SettingsPart, register_pages, register_section, register_settings

register_section(gettext_noop("Advanced"), position=80)
register_pages(
    gettext_noop("Channels"),
    MenuPage("email.mailchannel", gettext_noop("Mail channels"), "mail", 20),
    MenuPage("email.mailtext", gettext_noop("Automatic mail"), "outgoing_mail", 30, under="email.mailchannel"),
    MenuPage("email.mailbox", gettext_noop("Mailboxes"), "mark_email_unread", 40, under="email.mailchannel"),
    MenuPage("email.mailhook", gettext_noop("Mail webhooks"), "webhook", 50, under="email.mailchannel"),
)
register_pages(
    gettext_noop("Advanced"),
    MenuPage("email.rawmail", gettext_noop("Mail flow"), "inbox_customize", 10),
    MenuPage("email.outboundmail", gettext_noop("Outgoing mail"), "outbox", 20, under="email.rawmail"),
    MenuPage("email.mailshift", gettext_noop("Splits and merges"), "call_split", 30, under="email.rawmail"),
    MenuPage("email.mailday", gettext_noop("Mail counts"), "fact_check", 40, under="email.rawmail"),
)
register_settings(
    "channels",
    SettingsPart("email.mailview", 20, gettext_noop("Mail in the console"), gettext_noop("How agents see mails.")),
)
