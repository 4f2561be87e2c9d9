"""Recipients as people type them: what is no address is not left out without a word (EML-5, EML-7)."""

import pytest

from apps.mime.addresses import parse_addresses, parse_recipients


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("ana@x.example", ["ana@x.example"]),
        ("Ruiz, Ana <ana@x.example>", ["ana@x.example"]),
        ("ana@x.example, bo", ["ana@x.example", "bo"]),
        ("bo, ana@x.example", ["bo", "ana@x.example"]),
        ("ana@x.example; bo at x; cy@x.example", ["ana@x.example", "bo at x", "cy@x.example"]),
        ("bo", ["bo"]),
        ("ana@x.example,", ["ana@x.example"]),
        (" ,; ", []),
        ("Bo <>, ana@x.example", ["Bo <>", "ana@x.example"]),
    ],
)
def test_what_is_no_address_stays(value: str, found: list[str]) -> None:
    assert [each.address for each in parse_recipients(value)] == found


def test_a_field_of_a_mail_leaves_it_out() -> None:
    assert [each.address for each in parse_addresses("ana@x.example, bo")] == ["ana@x.example"]
    assert [each.address for each in parse_addresses("MAILER-DAEMON")] == ["MAILER-DAEMON"]
