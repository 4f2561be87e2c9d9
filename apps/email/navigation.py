"""What this app adds to the menu of the admin pages."""

from django.utils.translation import gettext_noop

from apps.tenants.admin_menu import MenuPage, register_pages

register_pages(
    gettext_noop("Channels"),
    MenuPage("email.mailchannel", gettext_noop("Mail channels"), "mail", 20),
    MenuPage("email.mailtext", gettext_noop("Automatic mail"), "outgoing_mail", 30),
    MenuPage("email.mailview", gettext_noop("Mail in the console"), "view_agenda", 40),
    MenuPage("email.mailbox", gettext_noop("Mailboxes"), "mark_email_unread", 50),
    MenuPage("email.mailhook", gettext_noop("Mail webhooks"), "webhook", 60),
    MenuPage("email.rawmail", gettext_noop("Received mail"), "inbox_customize", 70),
    MenuPage("email.outboundmail", gettext_noop("Outgoing mail"), "outbox", 80),
    MenuPage("email.mailshift", gettext_noop("Splits and merges"), "call_split", 90),
    MenuPage("email.mailday", gettext_noop("Mail counts"), "fact_check", 100),
)
