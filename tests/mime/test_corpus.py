"""EML-3, EML-4, EML-11: what is read out of each mail of the corpus, all of it exactly."""

import pytest

from apps.mime.parse import parse_mail
from apps.mime.types import ParsedMail
from tests.mime.corpus import CASES
from tests.mime.corpus.writing import Case


def test_there_are_enough_and_each_has_a_name_of_its_own() -> None:
    names = [case.name for case in CASES]
    assert len(names) == len(set(names)) >= 200


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_read(case: Case) -> None:
    mail = parse_mail(case.raw)
    assert mail.text.startswith(case.text) if case.text else mail.text == ""
    assert case.html in mail.html if case.html else mail.html == ""
    assert _read(mail) == {
        "subject": case.subject,
        "from": case.sender,
        "to": case.to,
        "cc": case.cc,
        "reply_to": case.reply_to,
        "message_id": case.message_id,
        "in_reply_to": case.in_reply_to,
        "references": case.references,
        "date": case.date,
        "files": case.files,
        "kind": case.kind,
        "reason": case.reason,
        "failed": case.failed,
        "about": case.about,
        "defects": tuple(sorted(case.defects)),
    }


def _read(mail: ParsedMail) -> dict[str, object]:
    sender = mail.from_[0] if mail.from_ else None
    failures = mail.bounce.failures if mail.bounce else ()
    return {
        "subject": mail.subject,
        "from": (sender.name, sender.address) if sender else ("", ""),
        "to": tuple(each.address for each in mail.to),
        "cc": tuple(each.address for each in mail.cc),
        "reply_to": tuple(each.address for each in mail.reply_to),
        "message_id": mail.message_id,
        "in_reply_to": mail.in_reply_to,
        "references": mail.references,
        "date": mail.date,
        "files": tuple(f"[{part.name}]" if part.is_inline else part.name for part in mail.attachments),
        "kind": mail.kind,
        "reason": mail.kind_reason,
        "failed": tuple((each.address, each.action, each.status) for each in failures),
        "about": mail.bounce.message_id if mail.bounce else "",
        "defects": mail.defects,
    }
