"""Agents, customers and conversations for tests: rows by factories, states by actions."""

from typing import Any
from uuid import uuid4

import factory
from django.db import connection
from django_tenants.utils import schema_context

from apps.accounts.actions import user_create
from apps.accounts.models import Role, User
from apps.agents.actions import agent_console_open, agent_create, agent_status_choose
from apps.agents.models import Agent, Membership
from apps.contacts.models import Contact
from apps.conversations.actions import conversation_start
from apps.conversations.models import Conversation
from apps.conversations.steps import MessageDraft
from apps.queues.choices import Family
from apps.queues.models import Queue
from apps.routing.actions import offer_accept
from apps.routing.models import Offer

PASSWORD = "correct-horse-battery"


class UserFactory(factory.django.DjangoModelFactory[User]):
    """A user who may use the console."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"agent{n}@{connection.schema_name}.test")
    first_name = factory.Faker("first_name")
    last_name = factory.Faker("last_name")

    @factory.lazy_attribute
    def role(self) -> Role:
        return Role.objects.get(code="agent")

    @factory.post_generation
    def password(self, _create: bool, value: str | None, **_: Any) -> None:
        self.set_password(value or PASSWORD)
        self.save(update_fields=["password"])


class ContactFactory(factory.django.DjangoModelFactory[Contact]):
    """A customer."""

    class Meta:
        model = Contact

    name = factory.Faker("name")
    email = factory.Sequence(lambda n: f"customer{n}@example.test")


def default_queue() -> Queue:
    """The tenant's default queue."""
    return Queue.objects.get(is_default=True)


def make_agent(*, chat: int = 3, queues: list[Queue] | None = None, available: bool = True, **user: Any) -> Agent:
    """An agent in these queues (the default one), with a live console, Available unless told otherwise."""
    agent = agent_create(user=UserFactory(**user), limits={Family.CHAT: chat})
    for queue in queues if queues is not None else [default_queue()]:
        Membership.objects.create(agent=agent, queue=queue)
    agent_console_open(agent_id=agent.pk, console_id=uuid4())
    if available:
        agent_status_choose(agent_id=agent.pk, code="available")
    agent.refresh_from_db()
    return agent


def arrive(body: str = "Hello", *, queue: Queue | None = None, contact: Contact | None = None) -> Conversation:
    """A chat that has just been opened by its customer."""
    return conversation_start(
        channel=Family.CHAT,
        queue=queue or default_queue(),
        contact=contact or ContactFactory(),
        start_key=uuid4(),
        first=MessageDraft(client_id=uuid4(), body=body),
    ).conversation


def ringing(conversation: Conversation) -> Offer | None:
    """The offer by which this conversation rings somewhere."""
    return Offer.objects.filter(conversation=conversation, state="ringing").select_related("agent").first()


def talk(agent: Agent, **arrival: Any) -> Conversation:
    """A chat that this agent has accepted; nobody else must be able to take it."""
    conversation = arrive(**arrival)
    offer = ringing(conversation)
    assert offer is not None
    assert offer.agent_id == agent.pk
    offer_accept(offer_id=offer.pk, actor=agent.user)
    conversation.refresh_from_db()
    return conversation


def make_operator(email: str = "op@parley.test") -> User:
    """Somebody who looks after the installation."""
    with schema_context("public"):
        return user_create(email=email, first_name="Op", role=None, is_operator=True, password=PASSWORD, actor=None)
