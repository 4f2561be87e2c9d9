"""What follows from who vouches for a mail: tags, whose it is, who is blocked (EML-3, CHAT-12, CON-10)."""

from email import message_from_bytes
from typing import Any

import pytest

from apps.contacts.actions import contact_block, contact_create
from apps.contacts.selectors import contact_by_proven_email
from apps.conversations.models import Conversation
from apps.email.models import MailChannel, MailMessage, MailShift, MailThread
from apps.email.tokens import subject_tag
from apps.routing.actions import offer_accept
from tests.mailin.signatures import ANA, EVE, filed, publish, signed, words
from tests.support.browser import signed_in, user_as
from tests.support.dns import Zone
from tests.support.inbound_mails import sent_by_us, write
from tests.support.media import media_in
from tests.support.outbound_mails import mailer
from tests.support.pages import browser_of
from tests.support.people import arrive, make_agent, ringing


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> Any:
    yield from media_in(settings, tmp_path)


def test_eml_3_a_verified_sender_is_known_by_a_tag(channel: MailChannel, zone: Zone) -> None:
    publish(zone)
    first = filed(channel, write(sender=ANA)).conversation
    tag = subject_tag(MailThread.objects.get().reference)
    claims = filed(channel, write(sender=ANA, subject=f"Re: {tag}"))
    assert (claims.state, claims.matching[0]["signals"]) == ("new", {"claimed": 20, "tag": 20})
    assert MailThread.objects.get(conversation=claims.conversation).may_belong_to == first
    row = filed(channel, signed(write(sender=ANA, subject=f"Re: {tag}")))
    assert (row.state, row.conversation, row.matching[0]["signals"]) == (
        "matched",
        first,
        {"participant": 40, "tag": 20},
    )


def test_eml_3_who_is_disowned_by_their_domain_gets_in_nowhere(channel: MailChannel, zone: Zone) -> None:
    publish(zone, policy="p=reject", spf="v=spf1 -all")
    conversation = filed(channel, signed(write(sender=ANA))).conversation
    assert conversation is not None
    ours = sent_by_us(conversation)
    row = filed(channel, write("Pay here", sender=ANA, answers=ours.mail_id))
    assert (row.state, row.conversation == conversation) == ("new", False)
    assert filed(channel, signed(write(sender=ANA, answers=ours.mail_id))).conversation == conversation


def test_eml_3_whom_a_form_names_is_not_vouched_for_by_its_sender(channel: MailChannel, zone: Zone) -> None:
    publish(zone, "acme.test")
    conversation = filed(channel, write(sender=ANA)).conversation
    tag = subject_tag(MailThread.objects.get().reference)
    raw = signed(write(sender=channel.address, subject=f"Re: {tag}", Reply_To=ANA), "acme.test")
    row = filed(channel, raw)
    assert words(row)[3] == "acme.test"
    assert row.conversation != conversation


def test_a_mail_stays_one_whatever_is_written_above_it(channel: MailChannel, zone: Zone) -> None:
    publish(zone)
    raw = signed(write(sender=ANA))
    assert message_from_bytes(raw)["DKIM-Signature"]
    assert filed(channel, raw) == filed(channel, b"Authentication-Results: x; none\n" + raw)
    assert Conversation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_eml_3_the_console_and_the_ledger_show_it(channel: MailChannel, zone: Zone) -> None:
    publish(zone, policy="p=reject", spf="v=spf1 -all")
    agent, owner = mailer(), signed_in(user_as("owner"))
    for raw, line in (
        (signed(write(sender=ANA)), "Sender verified by customer.example"),
        (write(sender=ANA), "Sender not verified: customer.example says that this mail is not its own"),
        (signed(write(sender=ANA, to=EVE)), "Sender not verified: this mail was not written to us"),
    ):
        row = filed(channel, raw)
        assert row.conversation is not None
        offer = ringing(row.conversation)
        assert offer is not None
        offer_accept(offer_id=offer.pk, actor=agent.user)
        page = browser_of(agent.user).get(f"/console/c/{row.conversation_id}/").content.decode()
        ledger = owner.get(f"/admin/email/rawmail/{row.pk}/change/").content.decode()
        assert (line in page, line in ledger) == (True, True)
        assert "DMARC" in page


def test_chat_12_a_verified_address_is_its_contacts(channel: MailChannel, zone: Zone) -> None:
    publish(zone)
    first, second = (filed(channel, signed(write(sender=f"Ana <{ANA}>"))).conversation for _ in range(2))
    assert first is not None and second is not None
    assert (first.contact, first.contact.name, first.contact.claims) == (second.contact, "Ana", None)


def test_chat_12_a_from_that_nothing_vouches_for_is_a_claim(channel: MailChannel, zone: Zone) -> None:
    publish(zone)
    known = filed(channel, signed(write(sender=ANA))).conversation
    claims = filed(channel, write(sender=ANA)).conversation
    assert known is not None and claims is not None
    assert (claims.contact == known.contact, claims.contact.email, claims.contact.claims) == (False, ANA, known.contact)
    # Nor does it become theirs by a thread that anybody may have read, nor without the id of a mail of ours.
    for answers in ("", MailMessage.objects.get(conversation=claims).mail_id):
        filed(channel, write(sender=ANA, answers=answers))
        claims.refresh_from_db()
        assert claims.contact.claims == known.contact


def test_chat_12_an_answer_to_a_mail_of_ours_proves_its_address(channel: MailChannel, zone: Zone) -> None:
    publish(zone)
    known = filed(channel, signed(write(sender=ANA))).conversation
    claims = filed(channel, write(sender=ANA)).conversation
    assert known is not None and claims is not None
    row = filed(channel, write(sender=ANA, answers=sent_by_us(claims).mail_id))
    claims.refresh_from_db()
    assert (row.conversation, claims.contact) == (claims, known.contact)


def test_chat_12_an_answer_proves_nothing_where_others_have_read_along(channel: MailChannel, zone: Zone) -> None:
    publish(zone)
    known = filed(channel, signed(write(sender=ANA))).conversation
    claims = filed(channel, write(sender=ANA, cc="bo@customer.example")).conversation
    assert known is not None and claims is not None
    row = filed(channel, write(sender=ANA, answers=sent_by_us(claims).mail_id))
    claims.refresh_from_db()
    assert (row.conversation, claims.contact == known.contact) == (claims, False)


def test_chat_12_an_answer_proves_nothing_where_mails_were_moved(channel: MailChannel, zone: Zone) -> None:
    """Whoever split it off may have read the id where others took part."""
    publish(zone)
    known = filed(channel, signed(write(sender=ANA))).conversation
    claims = filed(channel, write(sender=ANA)).conversation
    assert known is not None and claims is not None
    MailShift.objects.create(kind="split", source=arrive(), target=claims, by=make_agent().user)
    row = filed(channel, write(sender=ANA, answers=sent_by_us(claims).mail_id))
    claims.refresh_from_db()
    assert (row.conversation, claims.contact == known.contact) == (claims, False)


@pytest.mark.parametrize("named", [0, 1], ids=["the one that they have not had", "their own"])
def test_chat_12_an_answer_proves_nothing_where_a_mail_of_ours_went_to_another(
    channel: MailChannel, zone: Zone, named: int
) -> None:
    """Each names those before it: whoever had one may answer all of them."""
    publish(zone)
    known = filed(channel, signed(write(sender=ANA))).conversation
    claims = filed(channel, write(sender=ANA)).conversation
    assert known is not None and claims is not None
    ours = [sent_by_us(claims, to="eve@home.example")]
    claims.refresh_from_db()
    ours.append(sent_by_us(claims))
    row = filed(channel, write(sender=ANA, answers=ours[named].mail_id))
    claims.refresh_from_db()
    assert (row.conversation, claims.contact == known.contact) == (claims, False)


def test_chat_12_an_answer_proves_nothing_where_a_machine_has_quoted_ours(channel: MailChannel, zone: Zone) -> None:
    """What comes back to us shows its head to whoever reads it."""
    publish(zone)
    known = filed(channel, signed(write(sender=ANA))).conversation
    claims = filed(channel, write(sender=ANA)).conversation
    assert known is not None and claims is not None
    ours = sent_by_us(claims)
    away = write(
        f"Away. You wrote:\n> Message-ID: <{ours.mail_id}>", answers=ours.mail_id, Auto_Submitted="auto-replied"
    )
    assert filed(channel, away).state == "matched"
    row = filed(channel, write(sender=ANA, answers=ours.mail_id))
    claims.refresh_from_db()
    assert (row.conversation, claims.contact == known.contact) == (claims, False)


def test_chat_12_a_verified_mail_proves_the_conversation_that_it_goes_on_with(channel: MailChannel, zone: Zone) -> None:
    publish(zone)
    claims = filed(channel, write(sender=ANA)).conversation
    assert claims is not None
    first = MailMessage.objects.get(conversation=claims).mail_id
    row = filed(channel, signed(write(sender=ANA, answers=first)))
    claims.refresh_from_db()
    assert (row.conversation, contact_by_proven_email(ANA)) == (claims, claims.contact)


def test_con_10_who_says_to_be_somebody_blocked_is_blocked(channel: MailChannel, zone: Zone) -> None:
    publish(zone)
    known = filed(channel, signed(write(sender=ANA))).conversation
    assert known is not None
    contact_block(contact_id=known.contact_id, by="Olga")
    assert filed(channel, write(sender=ANA)).reason == "blocked"


def test_con_10_who_was_blocked_in_anothers_name_locks_not_them_out(channel: MailChannel, zone: Zone) -> None:
    """Whoever typed it comes in no more by it; its owner, who was never known before, does."""
    publish(zone)
    spam = contact_create(name="", email=ANA)
    contact_block(contact_id=spam.pk, by="Olga")
    assert filed(channel, write(sender=ANA)).reason == "blocked"
    hers = filed(channel, signed(write(sender=ANA))).conversation
    assert hers is not None
    assert (hers.contact == spam, hers.contact.is_refused) == (False, False)
    assert contact_by_proven_email(ANA) == hers.contact


def test_con_10_an_answer_to_a_mail_of_ours_comes_in_though_somebody_was_blocked_in_its_name(
    channel: MailChannel, zone: Zone
) -> None:
    publish(zone)
    spam = contact_create(name="", email=ANA)
    theirs = filed(channel, write(sender=ANA)).conversation
    assert theirs is not None
    ours = sent_by_us(theirs)
    contact_block(contact_id=spam.pk, by="Olga")
    assert filed(channel, write(sender=ANA)).reason == "blocked"
    assert filed(channel, write(sender=ANA, answers=ours.mail_id)).conversation == theirs


def test_con_10_whose_address_it_is_answers_what_was_begun_in_their_name(channel: MailChannel, zone: Zone) -> None:
    """They had our answer to it; who was blocked for it does not come back by it."""
    publish(zone)
    spam = filed(channel, write(sender=ANA)).conversation
    assert spam is not None
    ours = sent_by_us(spam)
    contact_block(contact_id=spam.contact_id, by="Olga")
    assert filed(channel, write(sender=ANA, answers=ours.mail_id)).reason == "blocked"
    row = filed(channel, signed(write("I wrote no such thing", sender=ANA, answers=ours.mail_id)))
    assert row.conversation is not None
    assert (row.state, row.conversation.contact == spam.contact) == ("new", False)
    assert row.conversation.contact == contact_by_proven_email(ANA)
