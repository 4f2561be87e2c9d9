"""EML-11: who may be answered by a machine, and what is the tenant's own."""

import pytest

from apps.mime.classify import is_machine, kind_for, may_answer
from apps.mime.parse import parse_mail
from apps.mime.types import Address, Kind
from tests.mime.corpus.writing import wire

OWN = ("Support@acme.test", "sales@acme.test")


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("List-Id: <support.acme.test>\nList-Post: <mailto:support@acme.test>", Kind.HUMAN),
        ("List-Post: <mailto:Support@Acme.test?subject=x>\nPrecedence: list", Kind.HUMAN),
        ("List-Id: <support.acme.test>", Kind.HUMAN),
        ("List-Id: <parcels.x.example>\nList-Post: <mailto:parcels@x.example>", Kind.LIST),
        ("Precedence: bulk", Kind.LIST),
        ("", Kind.HUMAN),
        ("List-Post: <mailto:support@acme.test>\nAuto-Submitted: auto-replied", Kind.AUTO_REPLY),
    ],
)
def test_a_group_that_passes_mail_on_to_the_channel_is_no_list(head: str, kind: Kind) -> None:
    assert kind_for(parse_mail(wire(head)), OWN) is kind


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("", True),
        ("X-Auto-Response-Suppress: OOF, AutoReply", False),
        ("X-Auto-Response-Suppress: DR, RN, NRN", True),
        ("Precedence: bulk", False),
        ("Auto-Submitted: auto-generated", False),
        ("Return-Path: <>", False),
        ("From: no-reply@x.example", False),
        ("From: no-reply@x.example\nReply-To: ana@customer.example", True),
        ("From: ana@customer.example\nReply-To: noreply@x.example", False),
        ("From: The Parcel People", False),
    ],
)
def test_whom_a_machine_may_answer(head: str, expected: bool) -> None:
    assert may_answer(parse_mail(wire(head))) is expected


@pytest.mark.parametrize(
    "address",
    [
        "noreply@x.example",
        "no-reply+7@x.example",
        "Do_Not_Reply@x.example",
        "donotreply-orders@x.example",
        "bounces+1@x.example",
        "owner-parcels@x.example",
        "parcels-bounces@x.example",
        "MAILER-DAEMON@x.example",
        "postmaster@x.example",
    ],
)
def test_addresses_behind_which_nobody_reads(address: str) -> None:
    assert is_machine(Address("", address))


@pytest.mark.parametrize("address", ["ana@x.example", "norep.lyons@x.example", "bouncer@x.example", "donot@x.example"])
def test_addresses_of_people(address: str) -> None:
    assert not is_machine(Address("", address))
