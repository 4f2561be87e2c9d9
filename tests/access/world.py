"""Two queues of a tenant with a row of everything in each, and everybody who may come along."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone
from django_tenants.utils import tenant_context

from apps.accounts.actions import user_deactivate
from apps.accounts.models import Role, User
from apps.accounts.permissions import Permission
from apps.agents.models import Agent, AgentGroup, AgentSettings, AgentSkill, GroupMembership, Membership
from apps.chat.models import Visit, Visitor, WidgetChannel
from apps.clocks.models import ReplyMessage, ReplyRules
from apps.contacts.models import Contact, ContactField, MergeRequest
from apps.conversations.choices import EndCause
from apps.conversations.models import Attachment, Conversation, Message
from apps.dispositions.models import CodeSet, Outcome
from apps.email.models import (
    Mailbox,
    MailChannel,
    MailDay,
    MailDraft,
    MailHook,
    MailMessage,
    MailPart,
    MailShift,
    MailText,
    MailThread,
    MailView,
    OutboundMail,
    RawContent,
    RawMail,
)
from apps.files.models import FileRules, StoredFile
from apps.forms.models import FormAccess, FormSettings, SentForm
from apps.mailin.actions.reception import PURPOSE
from apps.notes.models import Note
from apps.queues.models import HoursProfile, Queue, QueueSkill, Skill
from apps.responses.models import Response, ResponseGroup
from apps.routing.models import Offer
from apps.snooze.models import SnoozeSettings
from apps.surveys.models import Survey, SurveyQueue
from apps.surveys.steps import survey_ask
from apps.tenants.admin_sites import tenant_site
from apps.transfers.models import TransferSettings
from apps.vault.encryption import encrypt_value
from tests.support.browser import Browser, signed_in, user_as
from tests.support.forms import published
from tests.support.people import arrive, make_agent, make_operator, ringing, talk

ROLES = ("bare", "auditor", "agent", "supervisor", "administrator", "owner")
"""Who is signed in here: by stock role, with a role that allows nothing, and with one that allows the audit alone."""
UNLIMITED = ("administrator", "owner")
"""Whose role reaches everything."""
STRANGERS = ("nobody", "deactivated", "operator", "other tenant")
"""Who is nobody here, whatever they are elsewhere: they get the same answers, and have one column."""

Ids = dict[str, str]


class World:
    """A tenant in which everybody has something to lose.

    Attributes:
        own: what stands in the queue that the agent and the supervisor serve, by the name of an argument of an
            address, or by the label of a model.
        foreign: the same of the other queue.
        people: the users, by role.
    """

    def __init__(self, globex: Any) -> None:
        self.globex = globex
        for settings in (AgentSettings, FileRules, FormSettings, MailView, SnoozeSettings, TransferSettings):
            settings.load()
        rules = ReplyRules.objects.get(family="chat")
        ReplyMessage.objects.get_or_create(rules=rules, stage="idle", defaults={"body": "Still there?"})
        ContactField.objects.create(name="Plan")
        mine, theirs = (Queue.objects.create(name=name) for name in ("Mine", "Theirs"))
        agent, colleague = make_agent(queues=[mine], chat=9), make_agent(queues=[theirs], chat=9)
        self.people: dict[str, User] = {"agent": agent.user}
        for name in ("supervisor", "administrator", "owner"):
            self.people[name] = user_as(name)
        Membership.objects.create(agent=self.people["supervisor"].agent, queue=mine)
        self.people |= {"bare": user_as("agent"), "auditor": user_as("agent")}
        self.roles = {who: user.role for who, user in self.people.items()}
        for code, permissions in (("bare", []), ("auditor", [Permission.AUDIT])):
            self.roles[code] = Role.objects.create(code=code, name=code, permissions=permissions)
        self.own, self.foreign = Half(mine, agent).ids, Half(theirs, colleague).ids

    def browser(self, who: str) -> Browser:
        """Somebody's browser on the tenant's host."""
        browser = Browser("acme.localhost")
        if who in self.people:
            browser = signed_in(self.people[who])
            # Whom a role allows nothing can't sign in: they were more before.
            User.objects.filter(pk=self.people[who].pk).update(role=self.roles[who])
        elif who == "deactivated":
            user = user_as("administrator")
            browser = signed_in(user)
            user_deactivate(user=user, actor=None)
        elif who == "operator":
            browser.steal_cookies(_operator())
        elif who == "other tenant":
            with tenant_context(self.globex):
                owner = user_as("owner", id=self.people["owner"].pk, email=self.people["owner"].email)
                browser.steal_cookies(signed_in(owner, "globex.localhost"))
        browser.client.raise_request_exception = False
        return browser

    def elsewhere(self) -> Browser:
        """The owner of another tenant, on their own host, who has got hold of the ids of this one."""
        with tenant_context(self.globex):
            browser = signed_in(user_as("owner"), "globex.localhost")
        browser.client.raise_request_exception = False
        return browser


def _operator() -> Browser:
    browser = Browser("localhost")
    browser.sign_in(make_operator())
    return browser


class Half:
    """A queue with a row of everything: of each kind of thing that has a page."""

    def __init__(self, queue: Queue, agent: Agent) -> None:
        self.queue, self.agent, self.user = queue, agent, agent.user
        self.active = talk(agent, queue=queue)
        self.message = self.active.messages.order_by("number").first()
        self.rows: dict[str, Any] = {"accounts.user": agent.user, "queues.queue": queue}
        self.ids: Ids = {"conversation_id": str(self.active.pk), "name": "none"}
        for fill in (self._setup, self._talks, self._mails, self._forms):
            fill()
        self.ids |= {label: str(row.pk) for label, row in self.rows.items()}

    def _setup(self) -> None:
        """What serves this queue alone."""
        name = self.queue.name
        hours = HoursProfile.objects.create(name=f"Hours {name}")
        Queue.objects.filter(pk=self.queue.pk).update(hours=hours)
        skill = Skill.objects.create(name=f"Skill {name}", group=Skill.objects.first().group)
        QueueSkill.objects.create(queue=self.queue, skill=skill)
        AgentSkill.objects.create(agent=self.agent, skill=skill, level=1)
        group = AgentGroup.objects.create(name=f"Group {name}")
        GroupMembership.objects.create(group=group, queue=self.queue)
        codes = CodeSet.objects.create(name=f"Set {name}")
        codes.queues.add(self.queue)
        survey = Survey.objects.create(name=f"Survey {name}", forced=True)
        SurveyQueue.objects.create(queue=self.queue, survey=survey)
        response = Response.objects.create(
            name=f"Response {name}",
            shortcut=name.lower(),
            chat_body="Hello",
            group=ResponseGroup.objects.first() or ResponseGroup.objects.create(name="All"),
            queues_only=True,
        )
        response.queues.add(self.queue)
        self.rows |= {
            "queues.hoursprofile": hours,
            "queues.skill": skill,
            "agents.agentgroup": group,
            "dispositions.codeset": codes,
            "surveys.survey": survey,
            "responses.response": response,
        }

    def _talks(self) -> None:
        """Conversations: one that goes on, one that rings, one that is closed."""
        now = timezone.now()
        closed = arrive(queue=self.queue, body="Closed")
        Conversation.objects.filter(pk=closed.pk).update(
            state="closed", agent=self.user, ended_at=now, closed_at=now, accepted_at=now
        )
        closed.refresh_from_db()
        Offer.objects.filter(conversation=closed).delete()
        survey_ask(conversation=closed, cause=EndCause.FORCED)
        offer = ringing(arrive(queue=self.queue))
        assert offer is not None
        assert offer.agent_id == self.agent.pk
        contact = self.active.contact
        Contact.objects.filter(pk=contact.pk).update(blocked_at=now)
        note = Note.objects.create(
            contact=contact,
            written_in=self.active,
            conversation=self.active,
            author=self.user,
            body="A note",
            key=uuid4(),
        )
        file = StoredFile.objects.create(
            name="a.txt",
            sha256="0" * 64,
            size=1,
            state="ready",
            media_type="text/plain",
            kind="text",
            uploader=self.user,
        )
        Attachment.objects.create(file=file, message=self.message, position=0)
        visitor = Visitor.objects.create(channel=WidgetChannel.objects.get(), contact=contact)
        Visit.objects.create(conversation=self.active, visitor=visitor)
        self.ids |= {"offer_id": str(offer.pk), "note_id": str(note.pk), "file_id": str(file.pk), "number": "1"}
        self.visitor = visitor
        self.rows |= {
            "conversations.conversation": self.active,
            "contacts.contact": contact,
            "contacts.blockedcontact": contact,
            "contacts.mergerequest": MergeRequest.objects.create(contact=contact, about="Ana", requested_by=self.user),
            "dispositions.outcome": Outcome.objects.create(conversation=closed),
            "notes.note": note,
            "surveys.surveyrequest": closed.survey_request,
        }

    def _mails(self) -> None:
        """A mail that came in, one that leaves, a draft."""
        name, talk_ = self.queue.name.lower(), self.active
        channel = MailChannel.objects.create(address=f"{name}@acme.test", queue=self.queue)
        raw = RawMail.objects.create(
            channel=channel, digest=name, size=1, conversation=talk_, state="new", filed_at=timezone.now()
        )
        MailThread.objects.create(conversation=talk_, channel=channel, reference=f"{name[:4].upper()}-AAAA")
        RawContent.objects.create(raw=raw, sealed=encrypt_value(b"Subject: x", purpose=PURPOSE, owner=raw.pk))
        message = Message.objects.create(
            conversation=talk_,
            number=talk_.last_number + 1,
            side="customer",
            kind="text",
            body="Mail",
            client_id=uuid4(),
        )
        Conversation.objects.filter(pk=talk_.pk).update(last_number=message.number)
        mail = MailMessage.objects.create(message=message, conversation=talk_, raw=raw, subject="Order", mail_id="x")
        part = MailPart.objects.create(mail=mail, position=0, name="a.pdf", size=1, refused="large")
        draft = MailDraft.objects.create(
            agent=self.user, kind="new", subject="Order", to=[["", "ana@customer.example"]]
        )
        out = OutboundMail.objects.create(
            state="held",
            conversation=talk_,
            channel=channel,
            agent=self.user,
            draft=draft,
            mail_id=f"{name}@acme.test",
            release_at=timezone.now() + timedelta(hours=1),
        )
        shift = MailShift.objects.create(kind="split", source=talk_, target=arrive(queue=self.queue), by=self.user)
        self.ids |= {
            "draft_id": str(draft.pk),
            "outbound_id": str(out.pk),
            "message_id": str(message.pk),
            "part_id": str(part.pk),
            "shift_id": str(shift.pk),
            "how": "reply",
        }
        self.rows |= {
            "email.mailchannel": channel,
            "email.mailbox": Mailbox.objects.create(channel=channel, host="imap.example.com", user=name),
            "email.mailhook": MailHook.objects.create(channel=channel, provider="postmark"),
            "email.rawmail": raw,
            "email.mailday": MailDay.objects.create(channel=channel, day=raw.received_at.date(), received=1),
            "email.mailtext": MailText.objects.create(channel=channel, kind="receipt", body="Thank you"),
            "email.outboundmail": out,
            "email.mailshift": shift,
        }

    def _forms(self) -> None:
        """A form of this queue that was filled in."""
        made = published(queues=[self.queue])
        now = timezone.now()
        sent = SentForm.objects.create(
            conversation=self.active,
            form=made,
            version=made.published,
            message=self.message,
            agent=self.user,
            sent_at=now - timedelta(hours=1),
            expires_at=now + timedelta(hours=1),
            filled_at=now,
            via="link",
        )
        self.ids["sent_id"] = str(sent.pk)
        self.rows |= {
            "forms.form": made,
            "forms.sentform": sent,
            "forms.formaccess": FormAccess.objects.create(sent=sent, user=self.user, kind="reveal"),
        }


def shared_row(label: str) -> str | None:
    """The key of a row of a model that belongs to no queue."""
    page = next((page for model, page in tenant_site._registry.items() if model._meta.label_lower == label), None)
    row = page.model._default_manager.order_by("pk").first() if page is not None else None
    return str(row.pk) if row is not None else None
