"""FRM-6 in mail: nothing outside the vault holds what a rule takes out."""

from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.conversations.models import Message
from apps.email.masking import html_mask, mail_mask
from apps.email.models import MailChannel, MailDraft, MailMessage, MailPart, MailThread, RawMail
from apps.files.models import StoredFile
from apps.mailin.actions import mail_content, mails_file
from apps.masking.actions import rule_save
from apps.masking.choices import BAR, MaskingMethod, RuleKind, Speaker
from apps.masking.engine import ActiveRule, Ruleset
from apps.masking.models import MaskingRule
from apps.mime.plain import to_text
from apps.mime.types import Address, ParsedMail, Part
from apps.queues.models import Queue
from tests.masking.secret_search import tables_with
from tests.support.inbound_mails import make_channel, receive, write
from tests.support.media import media_in
from tests.support.outbound_mails import new_mail
from tests.support.people import default_queue, make_agent

CARD, MASKED = "4111 1111 1111 1111", "•••• •••• •••• 1111"
RULES = Ruleset([ActiveRule(kind=RuleKind.CARD, method=MaskingMethod.REDACT, who=Speaker.BOTH)])


# --- HTML


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>4111 1111 1111 1111</p>", f"<p>{BAR}</p>"),
        ("<p>41<b>11 1111</b> 1111 <i>1111</i>!</p>", f"<p>{BAR}<b></b><i></i>!</p>"),
        ("<p>&#52;111&nbsp;1111 1111&#x2009;1111</p>", f"<p>{BAR}</p>"),
        ("<p>4111<!-- x --> 1111 1111 1111</p>", f"<p>{BAR}</p>"),
        ("<div>4111 1111</div><div>1111 1111</div>", f"<div>{BAR}</div><div></div>"),
        ('<a href="https://x.test/?c=4111111111111111">pay</a>', f'<a href="https://x.test/?c={BAR}">pay</a>'),
        ('<img alt="4111 1111 1111 1111" src="cid:a">', f'<img alt="{BAR}" src="cid:a">'),
        ('<p title="4111-1111-1111-1111">a &amp; b</p>', f'<p title="{BAR}">a &amp; b</p>'),
        ("<p>x</p><!-- 4111 1111 1111 1111 -->", "<p>x</p>"),
        ("<style>p:after{content:'4111111111111111'}</style><p>x</p>", "<p>x</p>"),
    ],
)
def test_frm_6_html_wherever_it_stands(source: str, expected: str) -> None:
    assert html_mask(source, RULES) == (expected, ("card",))


def test_frm_6_html_without_any_stays_as_it_came() -> None:
    source = "<!-- hi --><p onclick=x()>Order 4711</p><unknown>"
    assert html_mask(source, RULES) == (source, ())


DIGITS = "4111111111111111"
TAGS = ["<b>", "</b>", "<span style='x'>", "</span>", "<i>", "&nbsp;", " ", "<!-- 1 -->", "&#8203;", "<wbr>", "<font>"]


@given(st.lists(st.sampled_from(TAGS), min_size=15, max_size=15))
def test_frm_6_no_number_survives_in_whatever_elements(between: list[str]) -> None:
    source = DIGITS[0] + "".join(tag + digit for tag, digit in zip(between, DIGITS[1:], strict=True))
    markup, removed = html_mask(f"<p>It is {source}.</p>", RULES)
    assert removed == ("card",)
    assert "1" not in to_text(markup)


def test_frm_6_what_can_not_be_checked_is_withheld(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.masking.engine.SECONDS", -100.0)
    part = Part(name=f"{CARD}.pdf", media_type="application/pdf", content=b"x")
    mail = ParsedMail(
        subject=CARD, text=CARD, html=f"<p>{CARD}</p>", from_=(Address(CARD, "a@b.test"),), attachments=(part,)
    )
    cleared = mail_mask(mail, RULES)
    assert cleared.removed == ("withheld",)
    assert "4111" not in repr(cleared.mail)
    assert cleared.mail.attachments[0].name == "1.pdf"
    assert "withheld" in cleared.mail.text


# --- Filing


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> Any:
    yield from media_in(settings, tmp_path)


@pytest.fixture
def channel(acme: Any) -> MailChannel:
    return make_channel()


def letter(**more: Any) -> bytes:
    """A mail with a number everywhere."""
    mail = EmailMessage()
    mail["From"], mail["To"] = f"Ana {CARD} <ana@customer.example>", "support@acme.test"
    mail["Subject"], mail["Message-ID"] = f"Card {CARD}", more.get("mail_id", "<one@customer.example>")
    if "answers" in more:
        mail["In-Reply-To"] = more["answers"]
    mail.set_content(f"My card is {CARD}.\n\n> you wrote {CARD}\n")
    mail.add_alternative(f"<p>My card is 4111 <b>1111</b> 1111 1111.</p><!-- {CARD} -->", subtype="html")
    mail.add_attachment(b"Hello", maintype="text", subtype="plain", filename=f"{CARD}.txt")
    mail.add_attachment(b"MZ", maintype="application", subtype="octet-stream", filename=f"{CARD}.exe")
    return mail.as_bytes()


@pytest.mark.django_db(transaction=True)
def test_frm_6_the_original_is_in_the_vault_alone(channel: MailChannel) -> None:
    row = receive(channel, letter())
    mails_file(channel_id=channel.pk)
    row.refresh_from_db()
    mail = MailMessage.objects.get()
    assert (row.state, row.subject, mail.subject, MailThread.objects.get().subject) == ("new", *[f"Card {MASKED}"] * 3)
    assert mail.text.startswith(f"My card is {MASKED}.")
    assert MASKED in mail.quoted
    assert mail.html.startswith(f"<p>My card is {MASKED}<b></b>.</p>")
    assert mail.sender == [[f"Ana {MASKED}", "ana@customer.example"]]
    message = Message.objects.get()
    assert message.removed_codes == ("card",)
    assert set(StoredFile.objects.values_list("name", flat=True)) == {f"{MASKED}.txt", f"{MASKED}.exe"}
    assert set(MailPart.objects.values_list("name", flat=True)) == {f"{MASKED}.txt", f"{MASKED}.exe"}
    assert tables_with([CARD]) == []
    assert CARD.encode() in mail_content(row)


@pytest.mark.django_db(transaction=True)
def test_frm_6_the_queue_that_it_comes_to_counts_too(channel: MailChannel) -> None:
    sales = Queue.objects.create(name="Sales", hours=default_queue().hours)
    rule = MaskingRule.objects.get(kind=RuleKind.IBAN)
    rule.is_active, rule.all_queues, rule.method = True, False, MaskingMethod.REDACT
    rule_save(rule=rule, queues=[sales])
    first = receive(channel, write(mail_id="one@customer.example"))
    mails_file(channel_id=channel.pk)
    first.refresh_from_db()
    assert first.conversation is not None
    first.conversation.queue = sales
    first.conversation.save()
    iban = "DE89 3704 0044 0532 0130 00"
    receive(channel, write(f"It is {iban}", answers="one@customer.example", files=[(f"{iban}.txt", b"x")]))
    mails_file(channel_id=channel.pk)
    mail = MailMessage.objects.select_related("message").latest("message__number")
    assert mail.message.conversation_id == first.conversation_id
    assert (mail.text.strip(), mail.message.body) == (f"It is {BAR}", f"It is {BAR}")
    assert mail.message.removed_codes == ("iban",)
    assert list(mail.parts.values_list("name", flat=True)) == [f"{BAR}.txt"]


@pytest.mark.django_db(transaction=True)
def test_frm_6_a_mail_in_quarantine_shows_no_number(channel: MailChannel) -> None:
    row = receive(channel, letter().replace(b"From:", b"Auto-Submitted: auto-replied\nFrom:"))
    mails_file(channel_id=channel.pk)
    row.refresh_from_db()
    assert (row.state, row.subject) == ("quarantined", f"Card {MASKED}")
    assert RawMail.objects.count() == 1
    assert tables_with([CARD]) == []


@pytest.mark.django_db(transaction=True)
def test_frm_6_what_agents_write_in_mails(acme: Any) -> None:
    agent, channel = make_agent(), make_channel(smtp_host="127.0.0.1", smtp_port=9, smtp_security="none")
    draft = new_mail(agent, channel, subject=f"Your card {CARD}", body=f"It was {CARD}.")
    assert (draft.subject, draft.body) == (f"Your card {MASKED}", f"It was {MASKED}.")
    assert MailDraft.objects.count() == 1
    assert tables_with([CARD]) == []
