"""What stands at the side of the admin pages: what may be opened, by what it is for."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from apps.tenants.admin_sites import operator_site, tenant_site

SECTIONS: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = (
    (
        gettext_noop("People"),
        (
            ("tenants.company", gettext_noop("Company"), "apartment"),
            ("accounts.user", "", "group"),
            ("accounts.role", gettext_noop("Roles"), "shield_person"),
            ("agents.agentgroup", gettext_noop("Agent groups"), "groups"),
            ("agents.status", gettext_noop("Statuses"), "schedule"),
            ("agents.agentsettings", gettext_noop("Login preparation"), "hourglass_top"),
        ),
    ),
    (
        gettext_noop("Routing"),
        (
            ("queues.queue", gettext_noop("Queues"), "inbox"),
            ("queues.hoursprofile", gettext_noop("Hours"), "calendar_clock"),
            ("queues.skill", gettext_noop("Skills"), "workspace_premium"),
            ("queues.skillgroup", gettext_noop("Skill groups"), "category"),
            ("routing.channelrules", gettext_noop("Answering rules"), "rule"),
            ("routing.flow", gettext_noop("Flows"), "alt_route"),
            ("routing.waitingexperience", gettext_noop("Waiting experiences"), "hourglass_top"),
            ("transfers.transfersettings", gettext_noop("Transfer settings"), "move_down"),
            ("routing.routingsettings", gettext_noop("Routing settings"), "tune"),
            ("clocks.replyrules", gettext_noop("Reply times"), "timer"),
            ("clocks.replymessage", gettext_noop("Reply messages"), "chat_bubble"),
            ("snooze.snoozesettings", gettext_noop("Snooze"), "snooze"),
        ),
    ),
    (
        gettext_noop("Channels"),
        (
            ("chat.widgetchannel", gettext_noop("Chat widgets"), "chat"),
            ("email.mailchannel", gettext_noop("Mail channels"), "mail"),
            ("email.mailtext", gettext_noop("Automatic mail"), "outgoing_mail"),
            ("email.mailview", gettext_noop("Mail in the console"), "view_agenda"),
            ("email.mailbox", gettext_noop("Mailboxes"), "mark_email_unread"),
            ("email.mailhook", gettext_noop("Mail webhooks"), "webhook"),
            ("email.rawmail", gettext_noop("Received mail"), "inbox_customize"),
            ("email.outboundmail", gettext_noop("Outgoing mail"), "outbox"),
            ("email.mailshift", gettext_noop("Splits and merges"), "call_split"),
            ("email.mailday", gettext_noop("Mail counts"), "fact_check"),
            ("files.filerules", gettext_noop("Files"), "attach_file"),
            ("masking.maskingrule", gettext_noop("Masking"), "visibility_off"),
        ),
    ),
    (
        gettext_noop("Responses"),
        (
            ("responses.response", gettext_noop("Standard responses"), "quickreply"),
            ("responses.responsegroup", gettext_noop("Response groups"), "folder"),
        ),
    ),
    (
        gettext_noop("Wrap-up"),
        (
            ("dispositions.codeset", gettext_noop("Disposition sets"), "checklist"),
            ("dispositions.code", gettext_noop("Disposition codes"), "label"),
            ("dispositions.outcome", gettext_noop("Outcomes"), "fact_check"),
        ),
    ),
    (
        gettext_noop("Forms"),
        (
            ("forms.form", gettext_noop("Forms"), "dynamic_form"),
            ("forms.sentform", gettext_noop("Sent forms"), "outgoing_mail"),
            ("forms.formaccess", gettext_noop("Revealed values"), "visibility"),
            ("forms.formsettings", gettext_noop("Form settings"), "tune"),
        ),
    ),
    (
        gettext_noop("Surveys"),
        (
            ("surveys.survey", gettext_noop("Surveys"), "star_rate"),
            ("surveys.surveyrequest", gettext_noop("Survey answers"), "reviews"),
        ),
    ),
    (
        gettext_noop("History"),
        (
            ("conversations.conversation", gettext_noop("Conversations"), "forum"),
            ("contacts.contact", gettext_noop("Contacts"), "contacts"),
            ("contacts.mergerequest", gettext_noop("Merge requests"), "call_merge"),
            ("contacts.contactfield", gettext_noop("Contact fields"), "list_alt"),
            ("notes.note", gettext_noop("Notes"), "sticky_note_2"),
            ("contacts.blockedcontact", gettext_noop("Blocked contacts"), "person_off"),
        ),
    ),
    (gettext_noop("Installation"), (("tenants.tenant", gettext_noop("Tenants"), "apartment"),)),
)


def sidebar_sections(request: HttpRequest) -> list[dict[str, Any]]:
    """The sections with what this user may open on this host; empty ones are left out."""
    site = _site(request)
    pages = {model._meta.label_lower: page for model, page in site._registry.items()} if site else {}  # noqa: SLF001
    sections: list[dict[str, Any]] = []
    for title, entries in SECTIONS:
        items = [
            {"title": _(label) if label else pages[name].menu_label, "icon": icon, "link": _address(name)}
            for name, label, icon in entries
            if name in pages and pages[name].has_module_permission(request)
        ]
        if items:
            sections.append({"title": _(title), "separator": True, "items": items})
    return sections


def site_subheader(request: HttpRequest) -> str:
    """Whose admin this is."""
    return str(getattr(request, "tenant", ""))


def account_links(request: HttpRequest) -> list[dict[str, Any]]:
    """What stands in the user's own menu."""
    links = [{"title": _("Change password"), "link": reverse("password")}]
    if _site(request) is tenant_site:
        links.insert(0, {"title": _("Console"), "link": "/console/"})
    return links


def stylesheet_url(request: HttpRequest) -> str:
    """The address of what we add to the admin's looks."""
    del request
    return static("css/admin.css")


def favicon_url(request: HttpRequest) -> str:
    """The address of the icon in a browser's tab."""
    del request
    return static("img/icon.svg")


def _site(request: HttpRequest) -> Any:
    schema = getattr(getattr(request, "tenant", None), "schema_name", "public")
    return operator_site if schema == "public" else tenant_site


def _address(name: str) -> str:
    try:
        return reverse(f"admin:{name.replace('.', '_')}_changelist")
    except NoReverseMatch:
        return ""
