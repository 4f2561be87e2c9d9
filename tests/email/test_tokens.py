"""Addresses and tags by which an answer finds its conversation (EML-3)."""

from typing import Any
from uuid import uuid4

import pytest
from django_tenants.utils import tenant_context

from apps.email.models import MailThread
from apps.email.tokens import reference_new, reply_address, reply_conversation_id, subject_references, subject_tag


def test_eml_3_an_address_names_its_conversation_in_its_tenant_alone(acme: Any, globex: Any) -> None:
    conversation = uuid4()
    address = reply_address("support@acme.test", conversation)
    local, _at, domain = address.rpartition("@")
    assert (domain, len(local)) == ("acme.test", len("support+") + 39)
    for spelling in (address, address.upper(), f"whatever+{local.split('+')[1]}@elsewhere.example"):
        assert reply_conversation_id(spelling) == conversation
    with tenant_context(globex):
        assert reply_conversation_id(address) is None


@pytest.mark.parametrize("change", [0, 5, 30, 37])
def test_eml_3_an_address_can_not_be_made_up(acme: Any, change: int) -> None:
    local = reply_address("s@acme.test", uuid4()).partition("@")[0]
    token = local.partition("+")[2]
    other = "b" if token[change] == "a" else "a"
    assert reply_conversation_id(f"s+{token[:change]}{other}{token[change + 1 :]}@acme.test") is None


@pytest.mark.parametrize("address", ["", "s@acme.test", "s+x@acme.test", f"s+{'!' * 39}@acme.test", f"s+{'ä' * 39}@a"])
def test_eml_3_other_addresses_name_nothing(acme: Any, address: str) -> None:
    assert reply_conversation_id(address) is None


def test_eml_3_tags_are_found_wherever_they_stand() -> None:
    reference = reference_new()
    assert subject_references(f"AW: Re: Parcel {subject_tag(reference)} (fwd)") == [reference]
    assert subject_references(subject_tag(reference).lower()) == [reference]
    assert subject_references("Re: [#12] [#ABCD] [ABCD-EFGH] #ABCD-EFGH [#ABCD-EFGIX]") == []
    assert len(subject_references(" ".join(subject_tag(reference_new()) for _ in range(9)))) == 3
    assert all(len(reference_new()) <= MailThread._meta.get_field("reference").max_length for _ in range(9))
