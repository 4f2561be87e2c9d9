"""The tenant's admin: every page for everybody."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from django_tenants.utils import schema_context

from apps.accounts.models import OpenIDProvider, SignInSettings, User
from apps.agents.models import AgentSettings
from apps.audit.models import AuditSettings
from apps.clocks.models import ReplyMessage, ReplyRules
from apps.contacts.models import Contact, ContactField, MergeRequest
from apps.conversations.choices import EndCause
from apps.conversations.models import Conversation
from apps.dispositions.models import Outcome
from apps.email.models import (
    Mailbox,
    MailChannel,
    MailDay,
    MailDraft,
    MailHook,
    MailShift,
    MailText,
    MailView,
    OutboundMail,
    RawMail,
)
from apps.files.models import FileRules
from apps.forms.models import FormAccess, FormSettings, SentForm
from apps.imports.models import ImportJob
from apps.notes.models import Note
from apps.operators.actions import pass_issue
from apps.scim.actions import directory_token_create
from apps.scim.models import DirectoryGroup, DirectoryToken
from apps.snooze.models import SnoozeSettings
from apps.surveys.models import Survey
from apps.surveys.steps import survey_ask
from apps.tenants.admin_menu import settings_address
from apps.tenants.admin_sites import tenant_site
from apps.transfers.models import TransferSettings
from tests.support.browser import Browser, signed_in, user_as
from tests.support.forms import published
from tests.support.people import arrive, default_queue, make_agent, make_operator

OF_THEIR_OWN = {"configuration.configuration"}
"""Pages that are no lists of rows. Who may open which page, tests/access says of every one."""
MODELS = sorted({model._meta.label_lower for model in tenant_site._registry} - OF_THEIR_OWN)
READ_ONLY = {
    "audit.auditentry",
    "contacts.blockedcontact",
    "contacts.contact",
    "contacts.mergerequest",
    "conversations.conversation",
    "dispositions.outcome",
    "email.mailday",
    "email.mailshift",
    "email.outboundmail",
    "email.rawmail",
    "forms.formaccess",
    "forms.sentform",
    "imports.importjob",
    "notes.note",
    "operators.operatorpass",
    "surveys.surveyrequest",
}
FIXED = {
    "accounts.openidprovider",
    "audit.auditsettings",
    "accounts.signinsettings",
    "agents.agentsettings",
    "clocks.replyrules",
    "email.mailview",
    "files.filerules",
    "forms.formsettings",
    "tenants.company",
    "routing.channelrules",
    "routing.routingsettings",
    "snooze.snoozesettings",
    "transfers.transfersettings",
}


MATCH = {"conversation": str(uuid4()), "score": 20, "fits": False, "signals": {"tag": 20}}


def pages(label: str) -> dict[str, str]:
    """The addresses of a model's pages, for a row that is there."""
    app, model = label.split(".")
    page = next(page for each, page in tenant_site._registry.items() if each._meta.label_lower == label)
    row = page.model._default_manager.order_by("pk").first()
    assert row is not None, label
    names = {"list": [], "add": [], "change": [row.pk], "delete": [row.pk], "history": [row.pk]}
    urls = {"list": "changelist"}
    return {
        name: reverse(f"admin:{app}_{model}_{urls.get(name, name)}", args=args, urlconf="config.urls_tenant")
        for name, args in names.items()
    }


@pytest.fixture
def rows(acme: Any) -> None:
    """A row of everything that has a page."""
    agent = make_agent(available=False)
    conversation = arrive()
    Conversation.objects.update(state="closed", agent=agent.user, ended_at=timezone.now(), closed_at=timezone.now())
    Contact.objects.update(blocked_at=timezone.now())
    ContactField.objects.create(name="Plan")
    Outcome.objects.create(conversation=conversation)
    Survey.objects.update(is_active=True, forced=True)
    survey_ask(conversation=Conversation.objects.get(), cause=EndCause.FORCED)
    about = {"contact": conversation.contact, "written_in": conversation}
    Note.objects.create(**about, author=agent.user, body="Hello", key=uuid4())
    MergeRequest.objects.create(contact=conversation.contact, about="Ana", requested_by=agent.user)
    channel = MailChannel.objects.create(address="support@acme.test", queue=default_queue())
    Mailbox.objects.create(channel=channel, host="imap.example.com", user="support")
    MailHook.objects.create(channel=channel, provider="postmark")
    mail_in = RawMail.objects.create(channel=channel, digest="x", size=1, matching=[MATCH])
    MailDay.objects.create(channel=channel, day=mail_in.received_at.date(), received=1)
    MailText.objects.create(channel=channel, kind="receipt", body="Thank you")
    sent_by(agent.user, channel)
    sent = form_filled(agent.user, conversation)
    FormAccess.objects.create(sent=sent, user=agent.user, kind="reveal")
    ImportJob.objects.create(kind="skills", state="failed", ended_at=timezone.now(), size=1, started_by=agent.user)
    with schema_context("public"):
        pass_issue(tenant=acme, reason="To see", minutes=15, operator=make_operator())
    MailShift.objects.create(kind="split", source=conversation, target=arrive(), by=agent.user)
    DirectoryGroup.objects.create(display_name="Support")
    directory_token_create(token=DirectoryToken(name="Entra ID"), days=30, actor=user_as("administrator"))
    for settings in (
        AgentSettings,
        AuditSettings,
        FileRules,
        FormSettings,
        MailView,
        OpenIDProvider,
        SignInSettings,
        SnoozeSettings,
        TransferSettings,
    ):
        settings.load()
    ReplyMessage.objects.create(rules=ReplyRules.objects.get(family="chat"), stage="idle", body="Still there?")


def sent_by(agent: User, channel: MailChannel) -> None:
    """A mail that leaves in a moment."""
    draft = MailDraft.objects.create(agent=agent, kind="new", subject="Your order", to=[["", "ana@customer.example"]])
    OutboundMail.objects.create(
        state="held",
        conversation=Conversation.objects.get(),
        channel=channel,
        agent=agent,
        draft=draft,
        mail_id="x@acme.test",
        release_at=timezone.now(),
    )


def form_filled(user: User, conversation: Conversation) -> SentForm:
    """A form that was sent, by hand: nobody has the conversation any more."""
    made = published()
    now = timezone.now()
    return SentForm.objects.create(
        conversation=conversation,
        form=made,
        version=made.published,
        message=conversation.messages.first(),
        agent=user,
        sent_at=now - timedelta(hours=1),
        expires_at=now + timedelta(hours=1),
        filled_at=now,
        via="link",
    )


def statuses(browser: Browser, label: str) -> dict[str, int]:
    return {name: browser.get(path).status_code for name, path in pages(label).items()}


@pytest.mark.slow
@pytest.mark.parametrize("role", ["owner", "administrator"])
def test_ten_5_owner_and_administrator_open_every_page(rows: None, role: str) -> None:
    browser = signed_in(user_as(role))
    assert browser.get("/admin/").status_code == 200
    for label in MODELS:
        made_here = 403 if label in READ_ONLY | FIXED else 200
        found = statuses(browser, label)
        # A company's one row is its page; what stands on a settings page has no list either.
        listed = 302 if label == "tenants.company" or settings_address(label) else 200
        assert (found["list"], found["change"], found["history"]) == (listed, 200, 200), label
        assert (found["add"], found["delete"] in {made_here, 403}) == (made_here, True), label


def test_pages_have_a_policy_without_inline_script(rows: None) -> None:
    policy = signed_in(user_as("owner")).get("/admin/")["Content-Security-Policy"]
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert scripts == "script-src 'self' 'unsafe-eval'"
    assert "script" not in policy.replace(scripts, "")


@pytest.mark.slow
def test_search_filters_and_odd_addresses_are_no_error(rows: None) -> None:
    browser = signed_in(user_as("owner"))
    for label in MODELS:
        listing = pages(label)["list"]
        for query in ("?q=a", "?o=1.-2", "?p=99", "?e=1", "?all="):
            assert browser.get(listing + query).status_code in {200, 302}, (label, query)
        assert browser.get(f"{listing}?q=%00").status_code == 400, label
        assert browser.get(f"{listing}not-a-key/change/").status_code in {302, 404}, label
    for path in (
        "/admin/search/?s=a",
        "/admin/jsi18n/",
        "/admin/password_change/",
        "/admin/autocomplete/",
        "/admin/x/",
    ):
        assert browser.get(path).status_code < 500, path
