"""An agent writes to somebody, or moves a mail, and serves nobody by that whom they never served (CON-5, CHAT-12)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from apps.agents.models import Agent
from apps.contacts.actions import contact_get_or_create, contact_update
from apps.contacts.models import Contact
from apps.conversations.actions import contact_merge_checked, conversation_end, conversation_prove_contact
from apps.conversations.models import Conversation
from apps.conversations.selectors import conversation_readers, conversations_readable_by
from apps.core.errors import DomainError
from apps.email.actions import conversation_split
from apps.email.choices import Inbound
from apps.email.models import MailChannel, MailMessage, Participant
from apps.mailin.actions import mails_file
from apps.queues.models import Queue
from apps.routing.actions import offer_accept
from tests.support.browser import user_as
from tests.support.forms import send as form_sent
from tests.support.inbound_mails import receive, write
from tests.support.mail_server import MailServer, mail_server
from tests.support.media import media_in
from tests.support.outbound_mails import channel_to, mailer, new_mail, send, sent, thread_with
from tests.support.people import make_agent, ringing, talk

pytestmark = pytest.mark.django_db(transaction=True)

ANA, LEO, EVE = "ana@customer.example", "leo@customer.example", "eve@home.example"


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> Any:
    yield from media_in(settings, tmp_path)


@pytest.fixture
def server(acme: Any) -> Iterator[MailServer]:
    with mail_server() as found:
        yield found


@pytest.fixture
def channel(server: MailServer) -> MailChannel:
    return channel_to(server)


@pytest.fixture
def leo(channel: MailChannel) -> Conversation:
    """Somebody whom a colleague has served, and whose address is proven."""
    queue = Queue.objects.create(name="Elsewhere")
    return talk(make_agent(queues=[queue]), contact=contact_get_or_create(email=LEO, name="Leo"), queue=queue)


@pytest.fixture
def agent(leo: Conversation) -> Agent:
    return mailer()


def reads(agent: Agent, conversation: Conversation) -> bool:
    return conversations_readable_by(agent.user).filter(pk=conversation.pk).exists()


def test_writing_to_somebody_opens_nothing_until_they_have_answered(
    leo: Conversation, agent: Agent, channel: MailChannel
) -> None:
    mine = sent(new_mail(agent, channel, to=LEO)).conversation
    assert mine is not None
    assert (mine.contact == leo.contact, mine.contact.email, mine.contact.claims) == (False, LEO, None)
    assert not reads(agent, leo)
    conversation_prove_contact(conversation_id=mine.pk, email=LEO)
    assert Conversation.objects.get(pk=mine.pk).contact == leo.contact
    assert reads(agent, leo)


@pytest.mark.parametrize("named", [0, 1], ids=["the first mail", "the form"])
def test_what_an_agent_had_sent_to_themselves_proves_nobody(
    settings: Any, leo: Conversation, agent: Agent, channel: MailChannel, named: int
) -> None:
    """A contact's address was their own for as long as a form was sent to it; its References named the first mail."""
    settings.TENANT_ADDRESS = "http://{host}:8000"
    mine = sent(new_mail(agent, channel, to=LEO)).conversation
    assert mine is not None
    for email in (EVE, LEO):
        contact = Contact.objects.get(pk=mine.contact_id)
        contact_update(contact_id=contact.pk, version=contact.version, values={"email": email}, actor=agent.user)
        if email == EVE:
            form_sent(agent, conversation=mine)
    assert {each.address for each in Participant.objects.filter(conversation=mine)} == {LEO, EVE}
    ours = MailMessage.objects.filter(conversation=mine, is_outgoing=True).order_by("message__number")[named]
    forged = write("It is me", sender=LEO, answers=ours.mail_id)
    row = receive(channel, forged, came_by=Inbound.WEBHOOK, is_put_together=True)
    mails_file(channel_id=channel.pk)
    row.refresh_from_db()
    mine.refresh_from_db()
    assert (row.conversation, mine.contact == leo.contact, reads(agent, leo)) == (mine, False, False)


def test_whom_an_agent_knows_by_an_address_is_written_to_as_them(
    leo: Conversation, agent: Agent, channel: MailChannel
) -> None:
    first = sent(new_mail(agent, channel, to=LEO)).conversation
    second = send(new_mail(agent, channel, to=LEO)).conversation
    assert first is not None
    assert second is not None
    assert first.contact == second.contact != leo.contact


def contacts_confirm(leo: Conversation, mine: Conversation) -> None:
    """A supervisor confirms that they are one."""
    contact_merge_checked(kept_id=leo.contact_id, gone_id=mine.contact_id, taken=(), actor=user_as("administrator"))


def test_of_whom_an_agent_reads_a_part_is_written_to_as_somebody_new(
    leo: Conversation, agent: Agent, channel: MailChannel
) -> None:
    """CON-5: else the agent would serve them by that, and read the rest."""
    mine = talk(agent)
    conversation_end(conversation_id=mine.pk, by="customer", actor=None)
    contacts_confirm(leo, mine)
    assert reads(agent, Conversation.objects.get(pk=mine.pk))
    written = sent(new_mail(agent, channel, to=LEO)).conversation
    assert written is not None
    assert written.contact != leo.contact
    assert not reads(agent, leo)


@pytest.mark.parametrize("began_with", ["another", "them"])
def test_what_is_split_off_opens_no_more_than_what_it_was_split_off(
    leo: Conversation, agent: Agent, channel: MailChannel, began_with: str
) -> None:
    """CON-5: whichever of the two that a merge made one the thread began with."""
    thread = thread_with(agent, channel, body="Where is it?", sender=ANA, mail_id="1@x.example")
    receive(channel, write("My bell rattles", sender=ANA, mail_id="2@x.example", answers="1@x.example"))
    mails_file(channel_id=channel.pk)
    one, other = (leo, thread) if began_with == "another" else (thread, leo)
    contacts_confirm(one, other)
    message = thread.messages.get(body="My bell rattles")
    target = conversation_split(conversation_id=thread.pk, message_id=message.pk, actor=agent.user).target
    assert target.contact == Conversation.objects.get(pk=thread.pk).contact
    offer = ringing(target)
    assert offer is not None
    offer_accept(offer_id=offer.pk, actor=agent.user)
    assert reads(agent, target)
    assert not reads(agent, leo)
    # Who has served the thread's customer reads what was split off it, as they read the thread.
    assert conversation_readers(target).filter(pk=agent.pk).exists()
    assert not conversation_readers(target).filter(segments__conversation=leo).exists()


def test_an_answer_by_which_it_comes_back_opens_what_it_proves(
    leo: Conversation, agent: Agent, channel: MailChannel
) -> None:
    """CHAT-12, WRP-8: the stay that begins with it is one with whom it proves."""
    mine = sent(new_mail(agent, channel, to=LEO)).conversation
    assert mine is not None
    Queue.objects.update(acw_mode="off")
    conversation_end(conversation_id=mine.pk, by="customer", actor=None)
    mine.refresh_from_db()
    assert mine.state == "closed"
    receive(channel, write("Yes", sender=LEO, answers=MailMessage.objects.get(conversation=mine).mail_id))
    mails_file(channel_id=channel.pk)
    mine.refresh_from_db()
    assert (mine.state, mine.agent_id, mine.contact) == ("active", agent.pk, leo.contact)
    assert reads(agent, leo)


def test_who_is_blocked_is_not_written_to_and_their_name_is_not_told(
    leo: Conversation, agent: Agent, channel: MailChannel
) -> None:
    Contact.objects.filter(pk=leo.contact_id).update(blocked_at=timezone.now())
    with pytest.raises(DomainError, match="mail_blocked") as refused:
        send(new_mail(agent, channel, to=LEO))
    assert str(refused.value.message) == f"{LEO} is blocked."


def test_a_mail_that_is_split_off_is_not_the_strangers_whose_address_it_bears(
    leo: Conversation, agent: Agent, channel: MailChannel
) -> None:
    """Its sender may be anybody; who splits it off is asked first, and serves them by that."""
    thread = thread_with(agent, channel, body="Where is it?", sender=ANA, cc=LEO, mail_id="1@x.example")
    receive(channel, write("And mine?", sender=LEO, mail_id="2@x.example", answers="1@x.example"))
    mails_file(channel_id=channel.pk)
    message = thread.messages.get(body="And mine?")
    target = conversation_split(conversation_id=thread.pk, message_id=message.pk, actor=agent.user).target
    assert (target.contact.email, target.contact.claims) == (LEO, leo.contact)
    offer = ringing(target)
    assert offer is not None
    offer_accept(offer_id=offer.pk, actor=agent.user)
    assert not reads(agent, leo)


def test_a_mail_of_the_same_customer_stays_theirs(leo: Conversation, agent: Agent, channel: MailChannel) -> None:
    thread = thread_with(agent, channel, body="Where is it?", sender=ANA, mail_id="1@x.example")
    receive(channel, write("My bell rattles", sender=ANA, mail_id="2@x.example", answers="1@x.example"))
    mails_file(channel_id=channel.pk)
    message = thread.messages.get(body="My bell rattles")
    target = conversation_split(conversation_id=thread.pk, message_id=message.pk, actor=agent.user).target
    assert target.contact == thread.contact
