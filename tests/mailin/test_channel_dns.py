"""The check of a mail channel's DNS: what is there, what is missing, and what to enter (EML-1)."""

from dataclasses import replace
from typing import Any

import pytest

from apps.email.actions.channels import channel_save
from apps.email.models import MailChannel
from apps.mailin.admin.channel_dns import DNS_CHECKS
from apps.mailin.authentication import lookups
from apps.mailin.channel_dns import Finding, channel_dns_check
from apps.mime.sign import dns_record
from tests.support.browser import signed_in, user_as
from tests.support.dns import Zone
from tests.support.inbound_mails import make_channel

pytestmark = pytest.mark.django_db

PAGE = "/admin/email/mailchannel/dns/"


@pytest.fixture
def channel(acme: Any, settings: Any) -> MailChannel:
    settings.MAIL_HOSTNAME = "mail.parley.example"
    return make_channel("help@shop.example", smtp_host="out.shop.example", dkim_selector="parley", signs=True)


def checked(channel: MailChannel) -> dict[str, Finding]:
    return {finding.subject: finding for finding in channel_dns_check(channel)}


def verdicts(channel: MailChannel) -> dict[str, str]:
    return {subject: finding.verdict.value for subject, finding in checked(channel).items()}


def publish(zone: Zone, channel: MailChannel) -> None:
    """All that the channel needs."""
    zone.records[("shop.example", "MX")] = ["10 mail.parley.example."]
    zone.records[("out.shop.example", "A")] = ["192.0.2.7"]
    zone.txt("shop.example", "v=spf1 ip4:192.0.2.7 -all")
    zone.txt("parley._domainkey.shop.example", "".join(dns_record(channel.dkim_public)[1:-1].split('" "')))
    zone.txt("_dmarc.shop.example", "v=DMARC1; p=reject")


def test_nothing_is_there_and_each_record_is_named(channel: MailChannel, zone: Zone) -> None:
    found = checked(channel)
    assert verdicts(channel) == {"MX": "wrong", "SPF": "wrong", "DKIM": "wrong", "DMARC": "check"}
    records = {
        subject: (one.record.name, one.record.kind, one.record.value) for subject, one in found.items() if one.record
    }
    assert records["MX"] == ("shop.example", "MX", "10 mail.parley.example.")
    assert records["SPF"] == ("shop.example", "TXT", '"v=spf1 a:out.shop.example ~all"')
    assert records["DKIM"] == ("parley._domainkey.shop.example", "TXT", dns_record(channel.dkim_public))
    assert records["DMARC"] == ("_dmarc.shop.example", "TXT", '"v=DMARC1; p=none"')


def test_all_is_there(channel: MailChannel, zone: Zone) -> None:
    publish(zone, channel)
    assert verdicts(channel) == dict.fromkeys(("MX", "SPF", "DKIM", "DMARC"), "good")
    assert not any(finding.record for finding in checked(channel).values())


def test_what_we_say_to_enter_is_in_order_once_it_is_entered(channel: MailChannel, zone: Zone) -> None:
    zone.records[("out.shop.example", "A")] = ["192.0.2.7"]
    zone.records[("mail.parley.example", "A")] = ["192.0.2.8"]
    entered = [finding.record for finding in channel_dns_check(channel) if finding.record]
    zone.records |= {(record.name, record.kind): [record.value] for record in entered}
    lookups._resolver.cache_clear()
    assert verdicts(channel) == dict.fromkeys(("MX", "SPF", "DKIM", "DMARC"), "good")


def test_others_servers_and_keys_are_told(channel: MailChannel, zone: Zone) -> None:
    publish(zone, channel)
    zone.records[("shop.example", "MX")] = ["10 mx.elsewhere.example."]
    zone.records[("shop.example", "TXT")] = ['"v=spf1 ip4:192.0.2.99 -all"']
    zone.records[("parley._domainkey.shop.example", "TXT")] = ['"v=DKIM1; p=QUJD"']
    found = checked(channel)
    assert verdicts(channel) == {"MX": "check", "SPF": "check", "DKIM": "wrong", "DMARC": "good"}
    assert "mx.elsewhere.example" in found["MX"].text
    assert "v=spf1 ip4:192.0.2.99 -all" in found["SPF"].text
    assert "Another key" in found["DKIM"].text


def test_two_spf_records_are_none(channel: MailChannel, zone: Zone) -> None:
    publish(zone, channel)
    zone.txt("shop.example", "v=spf1 -all")
    assert verdicts(channel)["SPF"] == "wrong"


def test_mail_of_a_mailbox_elsewhere_needs_no_mx_of_ours(channel: MailChannel, zone: Zone) -> None:
    publish(zone, channel)
    zone.records[("shop.example", "MX")] = ["10 mx.elsewhere.example."]
    channel.inbound = "imap"
    channel_save(channel=channel)
    assert verdicts(channel)["MX"] == "good"


def test_a_published_key_that_is_not_used_yet_and_a_channel_without_one(channel: MailChannel, zone: Zone) -> None:
    publish(zone, channel)
    channel.signs = False
    channel_save(channel=channel)
    assert "switch on" in checked(channel)["DKIM"].text
    assert verdicts(make_channel("shop@shop.example"))["DKIM"] == "check"


def test_a_dns_that_does_not_answer_is_told_and_no_error(channel: MailChannel, zone: Zone) -> None:
    zone.broken |= {"shop.example", "parley._domainkey.shop.example", "_dmarc.shop.example"}
    assert {finding.text for finding in channel_dns_check(channel)} == {
        "The DNS did not answer in time: check again in a minute."
    }


def test_the_page_of_a_channel_shows_the_findings(channel: MailChannel, zone: Zone) -> None:
    browser = signed_in(user_as("administrator"))
    assert (
        f"{PAGE}?channel={channel.pk}" in browser.get(f"/admin/email/mailchannel/{channel.pk}/change/").content.decode()
    )
    html = browser.get(PAGE, data={"channel": channel.pk}).content.decode()
    assert "shop.example MX 10 mail.parley.example." in html


def test_checks_are_counted(channel: MailChannel, zone: Zone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.mailin.admin.channel_dns.DNS_CHECKS", replace(DNS_CHECKS, count=1))
    browser = signed_in(user_as("administrator"))
    answers = [browser.get(PAGE, data={"channel": channel.pk}).content.decode() for _ in range(3)]
    assert "Too much at once" in answers[-1]


@pytest.mark.parametrize(("role", "status"), [("supervisor", 403), ("administrator", 404)])
def test_ten_5_channels_are_settings_and_one_that_is_not_there_is_not_found(acme: Any, role: str, status: int) -> None:
    assert signed_in(user_as(role)).get(PAGE, data={"channel": "nothing"}).status_code == status
