"""Who vouches for a mail's From: SPF, DKIM and DMARC, asked of a DNS server on loopback (EML-3)."""

from typing import Any

import dkim
import pytest

from apps.email.choices import Inbound
from apps.email.models import MailChannel
from apps.mailin.authentication.dmarc import is_aligned
from tests.mailin.signatures import ANA, EVE, PEER, PRIVATE, filed, found, publish, signed, words
from tests.support.dns import Zone
from tests.support.inbound_mails import write
from tests.support.media import media_in


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> Any:
    yield from media_in(settings, tmp_path)


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


@pytest.mark.slow
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
