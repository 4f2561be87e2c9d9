"""Who vouches for a mail's From: SPF, DKIM and DMARC, asked of a DNS server on loopback (EML-3)."""

import base64
from collections.abc import Iterator
from email import message_from_bytes
from typing import Any

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from apps.contacts.actions import contact_block, contact_create
from apps.contacts.selectors import contact_by_proven_email
from apps.conversations.models import Conversation
from apps.email.choices import Inbound
from apps.email.models import MailChannel, MailMessage, MailShift, MailThread, RawMail
from apps.email.tokens import subject_tag
from apps.mailin.actions import mails_file
from apps.mailin.authentication import Authentication
from apps.mailin.authentication.dmarc import is_aligned
from apps.mailin.authentication.lookups import silence_end
from apps.routing.actions import offer_accept
from tests.support.browsing import signed_in, user_as
from tests.support.dns import Zone, serving
from tests.support.inbound_mails import make_channel, receive, sent_by_us, write
from tests.support.media import media_in
from tests.support.outbound_mails import mailer
from tests.support.pages import browser_of
from tests.support.people import arrive, make_agent, ringing

ANA, PEER = "ana@customer.example", "8.8.4.4"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PRIVATE = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
)
PUBLIC = base64.b64encode(
    KEY.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
).decode()


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> Any:
    yield from media_in(settings, tmp_path)


@pytest.fixture
def zone(settings: Any) -> Iterator[Zone]:
    with serving() as zone:
        settings.MAIL_DNS_SERVERS = [zone.address]
        silence_end()
        yield zone
        silence_end()


@pytest.fixture
def channel(acme: Any) -> MailChannel:
    return make_channel()


def signed(raw: bytes, domain: str = "customer.example", **options: Any) -> bytes:
    return bytes(dkim.sign(raw, b"k1", domain.encode(), PRIVATE, **options)) + raw


def publish(zone: Zone, domain: str = "customer.example", *, policy: str = "", spf: str = "") -> None:
    """What a domain says of its mail, its key always."""
    zone.txt(f"k1._domainkey.{domain}", f"v=DKIM1; k=rsa; p={PUBLIC}")
    if policy:
        zone.txt(f"_dmarc.{domain}", f"v=DMARC1; {policy}")
    if spf:
        zone.txt(domain, spf)


def filed(channel: MailChannel, raw: bytes, *, by: str = Inbound.LISTENER, peer: str = PEER, **said: Any) -> RawMail:
    """A mail that came to the listener from outside, unless it is said otherwise."""
    said.setdefault("sender", ANA)
    row = receive(channel, raw, came_by=by, peer=peer, helo="mx.customer.example", **said)
    mails_file(channel_id=channel.pk)
    row.refresh_from_db()
    return row


def found(row: RawMail) -> Authentication:
    return Authentication.read(row.authentication)


def words(row: RawMail) -> tuple[str, str, str, str]:
    said = found(row)
    return said.spf.result, said.dkim.result, said.dmarc.result, said.verified


def test_a_good_signature_vouches_for_its_domain(channel: MailChannel, zone: Zone) -> None:
    publish(zone, policy="p=reject")
    row = filed(channel, signed(write(sender=ANA)))
    assert words(row) == ("none", "pass", "pass", "customer.example")
    assert (found(row).by, found(row).dkim.domain, found(row).policy) == ("Parley", "customer.example", "reject")


def test_a_server_that_may_send_for_the_domain_vouches_for_it(channel: MailChannel, zone: Zone) -> None:
    publish(zone, spf="v=spf1 include:_spf.relay.example -all", policy="p=none")
    zone.txt("_spf.relay.example", f"v=spf1 ip4:{PEER}/31 -all")
    assert words(filed(channel, write(sender=ANA))) == ("pass", "none", "pass", "customer.example")
    assert words(filed(channel, write(sender=ANA), peer="9.9.9.9")) == ("fail", "none", "fail", "")


def test_a_domain_without_a_policy_vouches_by_its_signature(channel: MailChannel, zone: Zone) -> None:
    publish(zone)
    assert words(filed(channel, signed(write(sender=ANA)))) == ("none", "pass", "none", "customer.example")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"Where is", b"Here is"),
        (b"k1", b"k2"),
        (b"rsa-sha256", b"rsa-sha257"),
        (b"d=customer.example", b"d=cust\xf6mer.example"),
    ],
)
def test_a_bad_signature_vouches_for_nothing(channel: MailChannel, zone: Zone, before: bytes, after: bytes) -> None:
    publish(zone, policy="p=reject")
    row = filed(channel, signed(write(sender=ANA)).replace(before, after))
    assert words(row) == ("none", "fail", "fail", "")
    assert found(row).is_refused


def test_a_signature_that_leaves_the_end_open_counts_for_nothing(channel: MailChannel, zone: Zone) -> None:
    publish(zone)
    raw = signed(write(sender=ANA), length=True) + b"\r\nPay to this account instead.\r\n"
    assert words(filed(channel, raw)) == ("none", "fail", "none", "")


class WithoutFrom(dkim.DKIM):
    """Signs what the library refuses to: a mail, but for who it is from."""

    def gen_header(self, fields: Any, include_headers: Any, *rest: Any, **options: Any) -> bytes:
        kept = tuple(name for name in include_headers if name != b"from")
        fields = [(name, b" : ".join(kept) if name == b"h" else value) for name, value in fields]
        return bytes(super().gen_header(fields, kept, *rest, **options))


def test_a_signature_that_leaves_from_out_counts_for_nothing(channel: MailChannel, zone: Zone) -> None:
    """RFC 6376, 6.1.1: else whatever a system of the domain signs could be sent again in anybody's name."""
    publish(zone)
    raw = write(sender="alarm@customer.example")
    raw = bytes(WithoutFrom(raw).sign(b"k1", b"customer.example", PRIVATE)) + raw
    row = filed(channel, raw.replace(b"alarm@customer.example", ANA.encode()))
    assert words(row) == ("none", "fail", "none", "")


def test_a_signature_of_somebody_else_does_not_vouch(channel: MailChannel, zone: Zone) -> None:
    publish(zone, "evil.example", spf="v=spf1 +all")
    zone.txt("_dmarc.customer.example", "v=DMARC1; p=quarantine")
    row = filed(channel, signed(write(sender=ANA), "evil.example"), sender="x@evil.example")
    assert words(row) == ("pass", "pass", "fail", "")
    assert found(row).is_refused


def test_of_several_signatures_the_one_that_counts_is_taken(channel: MailChannel, zone: Zone) -> None:
    publish(zone)
    publish(zone, "relay.example")
    raw = signed(signed(write(sender=ANA)), "relay.example")
    assert found(filed(channel, raw)).dkim.domain == "customer.example"


def test_two_authors_are_vouched_for_by_nobody(channel: MailChannel, zone: Zone) -> None:
    publish(zone)
    raw = signed(write(sender=ANA))
    assert words(filed(channel, b"From: boss@bank.example\r\n" + raw))[3] == ""


@pytest.mark.parametrize(
    ("domain", "other", "strict", "is_so"),
    [
        ("shop.customer.co.uk", "mail.customer.co.uk", False, True),
        ("shop.customer.co.uk", "mail.customer.co.uk", True, False),
        ("customer.co.uk", "other.co.uk", False, False),
        ("one.github.io", "two.github.io", False, False),
        ("Bücher.example", "xn--bcher-kva.example", True, True),
        ("customer.example", "", False, False),
        ("", "", False, False),
    ],
)
def test_domains_of_one_owner_are_aligned(domain: str, other: str, strict: bool, is_so: bool) -> None:
    assert is_aligned(domain, other, strict=strict) is is_so


def test_the_policy_of_the_owner_holds_below(channel: MailChannel, zone: Zone) -> None:
    zone.txt("_dmarc.customer.example", "v=DMARC1; p=none; sp=reject; aspf=s")
    zone.txt("customer.example", f"v=spf1 ip4:{PEER} -all")
    row = filed(channel, write(sender="ana@shop.customer.example"))
    # SPF passes for the owner's domain, which asks that it be the very same.
    assert (words(row), found(row).policy) == (("pass", "none", "fail", ""), "reject")


# --- A signature says nothing of where a mail was sent

EVE = "eve@home.example"


@pytest.mark.parametrize(
    ("written", "above"),
    [
        ({"to": EVE}, b""),
        ({"to": EVE}, b"To: support@acme.test\r\n"),
        ({"to": EVE, "cc": ""}, b"X: x\rCc: support@acme.test\r\n"),
    ],
    ids=["as it was", "with us above it", "with us behind a bare return"],
)
def test_a_mail_to_somebody_else_that_is_sent_again_is_a_claim(
    channel: MailChannel, zone: Zone, written: dict[str, str], above: bytes
) -> None:
    publish(zone, policy="p=reject")
    known = filed(channel, signed(write(sender=ANA))).conversation
    row = filed(channel, above + signed(write("Only for you", sender=ANA, **written)), sender=EVE)
    assert words(row) == ("none", "pass", "pass", "")
    assert (found(row).is_replay, found(row).is_refused, row.state) == (True, False, "new")
    assert known is not None and row.conversation is not None
    assert row.conversation.contact.claims == known.contact


def test_a_signature_that_leaves_to_out_holds_no_recipient_fast(channel: MailChannel, zone: Zone) -> None:
    publish(zone)
    assert words(filed(channel, signed(write(sender=ANA), include_headers=[b"from", b"subject"])))[3] == ""


@pytest.mark.parametrize(
    "to", [{"to": f"Us <SUPPORT@acme.test>, {EVE}"}, {"to": EVE, "cc": "support+x@acme.test"}], ids=["To", "Cc"]
)
def test_a_mail_that_was_written_to_us_too_is_its_authors(channel: MailChannel, zone: Zone, to: dict[str, str]) -> None:
    publish(zone)
    assert words(filed(channel, signed(write(sender=ANA, **to))))[3] == "customer.example"


def test_whom_the_server_vouches_for_need_not_name_us(channel: MailChannel, zone: Zone) -> None:
    """SPF speaks of the server that has brought it: nobody else can do that again."""
    publish(zone, spf=f"v=spf1 ip4:{PEER} -all")
    assert words(filed(channel, signed(write(sender=ANA, to=EVE))))[3] == "customer.example"


def test_what_a_trusted_server_says_of_a_signature_is_held_against_it_too(channel: MailChannel, zone: Zone) -> None:
    MailChannel.objects.update(trusted_server="mx.house.example")
    said = b"Authentication-Results: mx.house.example; dkim=pass header.d=customer.example; dmarc=pass "
    said += b"header.from=customer.example\r\n"
    for to, verified in ((EVE, ""), ("support@acme.test", "customer.example")):
        raw = said + b"To: support@acme.test\r\n" * (to == EVE) + signed(write(sender=ANA, to=to))
        assert words(filed(channel, raw, by=Inbound.IMAP, peer="imap.house.example"))[3] == verified


# --- What can't be found out


def test_nobody_answers_and_the_mail_is_filed_all_the_same(channel: MailChannel, zone: Zone) -> None:
    zone.silent |= {"customer.example", "k1._domainkey.customer.example", "_dmarc.customer.example"}
    row = filed(channel, signed(write(sender=ANA)))
    assert (row.state, row.error) == ("new", "")
    assert words(row) == ("temperror", "temperror", "", "")


def test_a_server_that_can_not_find_out_is_no_refusal(channel: MailChannel, zone: Zone) -> None:
    zone.broken |= {"k1._domainkey.customer.example"}
    zone.txt("_dmarc.customer.example", "v=DMARC1; p=reject")
    row = filed(channel, signed(write(sender=ANA)))
    assert words(row) == ("none", "temperror", "temperror", "")
    assert not found(row).is_refused


def test_a_mail_of_the_house_asks_nobody(channel: MailChannel, zone: Zone) -> None:
    row = filed(channel, write(sender=ANA), peer="10.0.0.7")
    assert (words(row)[3], zone.asked) == ("", ["_dmarc.customer.example"])


# --- What others have found out


RESULTS = "mx.house.example; spf=pass smtp.mailfrom={0}; dkim=pass header.d={0}; dmarc=pass (p=REJECT) header.from={0}"


@pytest.mark.parametrize(
    ("by", "peer", "trusted", "verified"),
    [
        (Inbound.IMAP, "imap.house.example", "mx.house.example", "customer.example"),
        (Inbound.LISTENER, "10.0.0.7", "MX.house.example", "customer.example"),
        (Inbound.LISTENER, PEER, "mx.house.example", ""),
        (Inbound.IMAP, "imap.house.example", "mx.other.example", ""),
        (Inbound.IMAP, "imap.house.example", "", ""),
        (Inbound.WEBHOOK, "Postal", "mx.house.example", ""),
    ],
)
def test_only_a_trusted_server_is_believed(
    channel: MailChannel, zone: Zone, by: str, peer: str, trusted: str, verified: str
) -> None:
    MailChannel.objects.update(trusted_server=trusted)
    raw = write(sender=ANA, Authentication_Results=RESULTS.format("customer.example"))
    row = filed(channel, raw, by=by, peer=peer)
    assert words(row)[3] == verified
    assert found(row).by == ("Parley" if not verified else trusted)


@pytest.mark.parametrize(
    ("field", "verified"),
    [
        ("mx.house.example 1; dmarc=pass header.from=customer.example", True),
        ('mx.house.example; dkim=pass (a (nested; dkim=fail) word) header.d="customer.example"', True),
        ("mx.house.example; dkim=pass header.i=@mail.customer.example header.s=k", True),
        ("mx.house.example; spf=pass (google.com: 8.8.8.8) smtp.mailfrom=ana@customer.example; dkim=none", True),
        ("mx.house.example; dkim=pass header.d=evil.example", False),
        ("mx.house.example; dmarc=pass header.from=evil.example", False),
        ("mx.house.example; (dmarc=pass header.from=customer.example) dmarc=fail", False),
        ("mx.house.example; dkim=pass header.d=customer.example; dmarc=fail header.from=customer.example", False),
        ("evil.example; dmarc=pass header.from=customer.example", False),
        ("mx.house.example; none", False),
        (";;;=;pass", False),
        ("", False),
    ],
)
def test_what_a_trusted_server_writes_is_read(channel: MailChannel, zone: Zone, field: str, verified: bool) -> None:
    MailChannel.objects.update(trusted_server="mx.house.example")
    row = filed(channel, write(sender=ANA, Authentication_Results=field), by=Inbound.IMAP, peer="imap.house.example")
    assert words(row)[3] == ("customer.example" if verified else "")


def test_what_stands_below_the_first_of_its_name_was_brought_along(channel: MailChannel, zone: Zone) -> None:
    MailChannel.objects.update(trusted_server="mx.house.example")
    forged = write(sender=ANA, Authentication_Results="mx.house.example; dmarc=pass header.from=customer.example")
    raw = b"Authentication-Results: mx.house.example; dmarc=fail (p=reject) header.from=customer.example\n" + forged
    row = filed(channel, raw, by=Inbound.IMAP, peer="imap.house.example")
    assert (words(row)[2:], found(row).is_refused) == (("fail", ""), True)


# --- What follows from it


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


# --- Where it is shown


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


# --- Whose it is (CHAT-12)


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
