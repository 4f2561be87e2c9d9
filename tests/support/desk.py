"""What the office does for a test: desks (a queue, its widget and its agents), and looks at what is stored."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from apps.accounts.models import Role, User
from apps.agents.actions import agent_create
from apps.agents.models import Agent, AgentSettings, Capacity, Membership
from apps.chat.models import WidgetChannel
from apps.contacts.models import Contact
from apps.conversations.actions import message_post
from apps.conversations.choices import EventKind, Side
from apps.conversations.models import Conversation, Mark, Message, Segment
from apps.conversations.steps import MessageDraft, timeline_record
from apps.notes.actions import note_add
from apps.queues.choices import Family
from apps.queues.models import HoursProfile, Queue
from apps.responses.models import Draft
from apps.routing.models import ChannelRules, Offer
from apps.tenants.actions import tenant_create
from tests.support import invariants
from tests.support.people import PASSWORD, UserFactory

TENANTS = ("acme", "globex")


@dataclass(frozen=True)
class Person:
    """An agent as a test knows them."""

    id: str
    email: str
    name: str
    password: str = PASSWORD


@dataclass(frozen=True)
class Desk:
    """A queue with a widget in front of it and agents behind it, of one test alone."""

    schema: str
    queue: str
    queue_name: str
    key: str
    agents: tuple[Person, ...]

    @property
    def agent(self) -> Person:
        """The only agent."""
        (only,) = self.agents
        return only


@dataclass(frozen=True)
class Line:
    """A stored message."""

    number: int
    client_id: str
    side: str
    kind: str
    body: str


def tenants_make() -> None:
    """Both tenants."""
    for name in TENANTS:
        tenant_create(name=name.title(), schema_name=name, hosts=[f"{name}.localhost"])


def desk_make(
    schema: str, *, agents: int = 1, slots: int = 3, queue: dict[str, Any] | None = None, **channel: Any
) -> Desk:
    """A fresh queue with its own widget and its own agents, all of them Offline.

    Args:
        schema: the tenant.
        agents: how many.
        slots: chats that each can have at once.
        queue: fields of the queue.
        channel: fields of the widget.
    """
    # After the seeded "Website", which the demo site shows.
    name = f"Widget {uuid4().hex[:8]}"
    made = Queue.objects.create(name=name, **(queue or {}))
    widget = WidgetChannel.objects.create(name=name, queue=made, **{"need_email": False, **channel})
    people = tuple(_agent(made, slots) for _ in range(agents))
    return Desk(schema, str(made.pk), name, widget.key, people)


def website_move(desk: Desk) -> str:
    """Let the widget of the demo site lead to this desk.

    Returns:
        Its key.
    """
    website = WidgetChannel.objects.get(name="Website")
    website.queue_id = UUID(desk.queue)
    website.save(update_fields=["queue"])
    return website.key


def talk(conversation: str, count: int, padding: str = "") -> None:
    """The agent of a conversation says so many things at once."""
    row = Conversation.objects.select_related("agent").get(pk=conversation)
    for number in range(count):
        body = f"{number} {padding}"
        message_post(
            conversation_id=row.pk, draft=MessageDraft(side=Side.AGENT, client_id=uuid4(), body=body, author=row.agent)
        )


def _agent(queue: Queue, slots: int) -> Person:
    user = UserFactory(email=f"{uuid4().hex[:12]}@agents.test", role=Role.objects.get(code="agent"))
    agent = agent_create(user=user, limits={Family.CHAT: slots})
    Capacity.objects.filter(agent=agent, family=Family.CHAT).update(limit=slots)
    Membership.objects.get_or_create(agent=agent, queue=queue)
    return Person(str(user.pk), user.email, user.public_name)


def transcript(conversation: str) -> list[Line]:
    """What is stored of a conversation, in order."""
    lines = Message.objects.filter(conversation=conversation).order_by("number")
    return [Line(line.number, str(line.client_id), line.side, line.kind, line.body) for line in lines]


def look(conversation: str) -> dict[str, Any]:
    """Where a conversation stands, who holds a slot for it, how it was disposed of."""
    row = Conversation.objects.get(pk=conversation)
    return {
        "state": row.state,
        "agent": str(row.agent_id) if row.agent_id else None,
        "last_number": row.last_number,
        "ended_by": row.ended_by,
        "holds": [str(pk) for pk in row.holds.values_list("agent", flat=True)],
        "dispositions": list(row.dispositions.values_list("set_name", "code_name")),
    }


def conversations_of(queue: str) -> list[str]:
    """Every conversation of a queue, the oldest first."""
    return [str(pk) for pk in Conversation.objects.filter(queue=queue).order_by("pk").values_list("pk", flat=True)]


def agent_look(agent: str) -> dict[str, Any]:
    """An agent's status and taken chat slots."""
    row = Agent.objects.select_related("status").get(pk=agent)
    capacity = Capacity.objects.get(agent=agent, family=Family.CHAT)
    ringing = Offer.objects.filter(agent=agent, state="ringing").values_list("conversation", flat=True)
    return {"status": row.status.code, "used": capacity.used, "ringing": [str(pk) for pk in ringing]}


def marks_of(conversation: str) -> dict[str, tuple[int, int]]:
    """How far each side has received and read."""
    return {mark.side: (mark.delivered, mark.read) for mark in Mark.objects.filter(conversation=conversation)}


def offer_shorten(conversation: str, seconds: float) -> None:
    """Let the offer of a conversation run out sooner than its queue says."""
    from django.db import transaction

    from apps.routing.steps import OFFER_DEADLINE
    from apps.timers.steps import wakeup_set

    with transaction.atomic():
        offer = Offer.objects.select_for_update().get(conversation=conversation, state="ringing")
        offer.expires_at = timezone.now() + timedelta(seconds=seconds)
        offer.save(update_fields=["expires_at"])
        wakeup_set(kind=OFFER_DEADLINE, object_id=UUID(str(offer.pk)), due_at=offer.expires_at)


def drafts() -> list[str]:
    """The conversations in which something is begun and not sent."""
    return [str(pk) for pk in Draft.objects.values_list("conversation", flat=True)]


def console_hurry(agent: str, seconds: float = 0.5) -> None:
    """Let the grace of a lost console end so soon, as if it had been lost earlier (AGT-9); one that is there stays."""
    from django.db import transaction

    from apps.agents.actions import CONSOLE_DEADLINE, CONSOLE_GRACE
    from apps.agents.steps import agent_lock
    from apps.timers.steps import wakeup_set

    with transaction.atomic():
        lost = agent_lock(UUID(agent))
        if lost.console_lost_at is None:
            return
        due_at = timezone.now() + timedelta(seconds=seconds)
        lost.console_lost_at = due_at - CONSOLE_GRACE
        lost.save(update_fields=["console_lost_at"])
        wakeup_set(kind=CONSOLE_DEADLINE, object_id=lost.pk, due_at=due_at)


def console_is_lost(agent: str) -> bool:
    """Whether an agent's console went away and its grace runs."""
    return Agent.objects.filter(pk=agent, console_lost_at__isnull=False).exists()


def login_prep_set(seconds: int, name: str = "", message: str = "") -> None:
    """Login preparation for the whole tenant (AGT-4).

    Args:
        seconds: how long; 0 switches it off.
        name: what agents read as its title.
        message: what they read below.
    """
    settings: AgentSettings = AgentSettings.load()
    settings.login_prep, settings.login_prep_seconds = seconds > 0, seconds or 30
    settings.login_prep_name, settings.login_prep_message = name or "Login preparation", message
    settings.save()


def answer_mode_set(mode: str) -> None:
    """How chats of the whole tenant are answered: manual or auto (AGT-6)."""
    ChannelRules.objects.filter(family=Family.CHAT).update(answer_mode=mode)


def shut(desk: Desk) -> None:
    """Let a desk's queue be outside its hours, always."""
    never, _made = HoursProfile.objects.get_or_create(name="Never")
    Queue.objects.filter(pk=desk.queue).update(hours=never)


def contact_email(conversation: str) -> str:
    """The address of the contact of a conversation."""
    return Conversation.objects.select_related("contact").get(pk=conversation).contact.email


def snooze_set(**fields: Any) -> None:
    """Change how the tenant snoozes."""
    from apps.snooze.models import SnoozeSettings

    SnoozeSettings.objects.update(**fields)


def survey_make(queue: str, **fields: Any) -> None:
    """A survey of a desk's own."""
    from apps.surveys.models import Survey, SurveyQueue

    survey = Survey.objects.create(name=f"Survey {uuid4().hex[:8]}", **{"frequency": "nobody"} | fields)
    SurveyQueue.objects.create(queue_id=queue, survey=survey)


def survey_look(conversation: str) -> dict[str, Any]:
    """What a customer was asked and answered; the address of its page."""
    from apps.surveys.models import SurveyRequest
    from apps.surveys.tokens import token_make

    row = SurveyRequest.objects.get(conversation=conversation)
    said = {"score": row.score, "comment": row.comment, "via": row.via}
    return {"reason": row.reason, **said, "path": f"/survey/{token_make(row)}/"}


def form_make(queue: str, **fields: Any) -> str:
    """A published form of a desk's own: a name, a card number that is masked, a code, a colour that asks why.

    Returns:
        Its id.
    """
    from apps.forms.actions import form_fields_set, form_publish, form_save
    from apps.forms.models import Form, FormField

    form = Form(**{"name": f"Form {uuid4().hex[:8]}", "title": "Identity check"} | fields)
    form_save(form=form, queues=list(Queue.objects.filter(pk=queue)), agent_groups=[], actor=None)
    drafts: list[dict[str, Any]] = [
        {"label": "Full name", "is_required": True, "says": "As it stands in your passport."},
        {"label": "Card number", "name": "card", "secure": "mask", "keep": 4, "is_required": True},
        {"label": "Code", "kind": "password", "secure": "redact", "says": "Three digits on the back."},
        {"label": "Colour", "kind": "radio", "options": ["Blue", "Another one"]},
        {"label": "Which one", "is_required": True, "shown_by": "colour", "shown_value": "Another one"},
    ]
    rows = [FormField(form=form, position=place, **each) for place, each in enumerate(drafts)]
    form_fields_set(form=form, kept=rows, gone=[])
    form_publish(form=form, actor=None)
    return str(form.pk)


def form_settings(**fields: Any) -> None:
    """Change how forms are revealed in the tenant."""
    from apps.forms.models import FormSettings

    FormSettings.objects.update(**fields)


def forms_look(conversation: str) -> list[dict[str, Any]]:
    """The forms that were sent in a conversation, the address of each one's page, and who has looked."""
    from apps.forms.choices import Via
    from apps.forms.models import SentForm
    from apps.forms.tokens import token_make

    rows = SentForm.objects.filter(conversation=conversation).order_by("sent_at")
    return [
        {
            "filled": row.is_filled,
            "via": row.via,
            "path": f"/form/{token_make(row.pk, Via.LINK)}/",
            "seen": [each for access in row.accesses.order_by("at") for each in access.fields],
        }
        for row in rows
    ]


def role_give(user_id: str, code: str) -> None:
    """Have a user another of the stock roles."""
    User.objects.filter(pk=user_id).update(role=Role.objects.get(code=code))


def check() -> None:
    """Every invariant of the tenant."""
    invariants.check_all()


def widget_dress(
    key: str, *, topics: dict[str, str] | None = None, words: dict[str, dict[str, str]] | None = None
) -> None:
    """Give a widget topics (each with the id of its queue, or none) and words in other languages."""
    from apps.chat.models import Topic, WidgetWords

    widget = WidgetChannel.objects.get(key=key)
    for position, (name, queue) in enumerate((topics or {}).items()):
        Topic.objects.create(channel=widget, name=name, queue_id=queue or None, position=position)
    for language, said in (words or {}).items():
        WidgetWords.objects.create(channel=widget, language=language, **said)


def identity_token(key: str, **claims: Any) -> str:
    """A token as the company's own server would sign it for this widget."""
    from apps.chat.identity import token_sign
    from apps.chat.models import IdentityKey

    widget = WidgetChannel.objects.get(key=key)
    secret, _made = IdentityKey.objects.get_or_create(channel=widget, ends_at=None)
    return token_sign(secret, exp=int(timezone.now().timestamp()) + 600, **claims)


def contact_look(conversation: str) -> dict[str, Any]:
    """Whose conversation it is, and what its browser has told."""
    row = Conversation.objects.select_related("contact", "visit__visitor").get(pk=conversation)
    contact, visitor = row.contact, row.visit.visitor
    return {
        "name": contact.name,
        "email": contact.email,
        "phone": contact.phone,
        "external_id": contact.external_id,
        "attributes": contact.attributes,
        "blocked": contact.blocked_at is not None,
        "proven": visitor.proven_at is not None,
        "intent": row.visit.intent,
        "pages": [seen["url"].rpartition("/")[2] for seen in visitor.pages],
        "queue": row.queue.name,
        "spam": row.is_spam,
    }


def rename(agent: str, first_name: str, last_name: str) -> None:
    """Call an agent something that a test can name."""
    User.objects.filter(pk=agent).update(first_name=first_name, last_name=last_name)


def served(conversation: str, agent: str) -> None:
    """Let this agent have served the customer of a conversation before."""
    row = Conversation.objects.select_related("contact", "queue").get(pk=conversation)
    _past(row.contact, row.queue, agent, at=row.first_arrived_at - timedelta(days=1))


def note(conversation: str, author: str, body: str) -> None:
    """Let somebody write a note in a conversation."""
    actor = User.objects.get(pk=author)
    note_add(conversation_id=UUID(conversation), key=uuid4(), body=body, on_contact=False, actor=actor)


def _past(contact: Contact, queue: Queue, agent: str, *, at: datetime) -> None:
    ended = {"ended_at": at, "closed_at": at, "agent_id": agent, "first_arrived_at": at, "accepted_at": at}
    past = Conversation.objects.create(
        contact=contact, queue=queue, channel="chat", state="closed", last_line="The first time", **ended
    )
    Segment.objects.create(conversation=past, kind="agent", queue=queue, agent_id=agent, started_at=at, ended_at=at)
    for kind in (EventKind.QUEUED, EventKind.OFFERED, EventKind.ACCEPTED, EventKind.ENDED, EventKind.CLOSED):
        timeline_record(past, kind, at=at, actor=None, side=Side.SYSTEM)


def contact_make(name: str, email: str, agent: str) -> str:
    """A contact whom this agent has served before."""
    contact = Contact.objects.create(name=name, email=email)
    _past(contact, Queue.objects.get(is_default=True), agent, at=timezone.now() - timedelta(days=1))
    return str(contact.pk)
