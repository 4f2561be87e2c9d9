"""FRM-6: a supervisor takes something out of a message for good."""

from typing import Any
from uuid import uuid4

import pytest
from channels.layers import get_channel_layer
from django.db import connection
from django_tenants.utils import tenant_context

from apps.console.selectors.sync import missed_by
from apps.conversations.actions import conversation_end, message_post, message_redact
from apps.conversations.choices import EventKind, Side
from apps.conversations.models import Conversation, ConversationEvent, Message
from apps.conversations.selectors import messages_after, messages_redacted_in
from apps.conversations.steps import MessageDraft
from apps.core.errors import DomainError
from apps.email.models import MailMessage
from apps.mailin.actions import mails_file
from apps.masking.choices import BAR
from apps.queues.models import Queue
from tests.masking.secret_search import tables_with
from tests.support.browser import user_as
from tests.support.inbound_mails import make_channel, receive, write
from tests.support.invariants import check_all
from tests.support.pages import HTMX, browser_of
from tests.support.people import arrive, default_queue, make_agent, talk
from tests.support.race import race
from tests.support.widget import widget

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "the door code is 8842"
BODY = f"Hello 👋 — {SECRET}, thanks"


def supervisor(**fields: Any) -> Any:
    """Somebody who serves the default queue and may redact there."""
    return make_agent(role=user_as("supervisor").role, **fields)


def redact(conversation: Conversation, actor: Any, number: int = 1, words: str = SECRET, **more: Any) -> Message:
    message = Message.objects.get(conversation=conversation, number=number)
    start = message.body.index(words)
    where = {"start": start, "end": start + len(words), "revision": message.revision, **more}
    return message_redact(conversation_id=conversation.pk, number=number, actor=actor, **where)


def test_frm_6_it_is_gone_everywhere_and_recorded_without_it(acme: Any) -> None:
    boss = supervisor()
    conversation = talk(boss, body=BODY)
    message = redact(conversation, boss.user)
    assert message.body == f"Hello 👋 — {BAR}, thanks"
    assert (message.revision, message.removed_codes) == (1, ("hand",))
    conversation.refresh_from_db()
    assert conversation.last_line == f"Hello 👋 — {BAR}, thanks"
    assert conversation.redactions == 1
    event = ConversationEvent.objects.get(kind=EventKind.REDACTED)
    assert (event.actor, event.side, event.data) == (boss.user, Side.AGENT, {"number": 1, "characters": len(SECRET)})
    assert tables_with([SECRET]) == []


def test_frm_6_an_older_line_leaves_the_newest_in_the_tray(acme: Any) -> None:
    boss = supervisor()
    conversation = talk(boss, body=BODY)
    message_post(
        conversation_id=conversation.pk,
        draft=MessageDraft(side=Side.AGENT, client_id=uuid4(), body="Fine", author=boss.user),
    )
    redact(conversation, boss.user)
    conversation.refresh_from_db()
    assert conversation.last_line == "Fine"


def test_frm_6_also_after_the_end_and_twice_in_one_message(acme: Any) -> None:
    boss = supervisor()
    conversation = talk(boss, body=BODY)
    conversation_end(conversation_id=conversation.pk, by=Side.CUSTOMER, actor=None)
    redact(conversation, boss.user, words="8842")
    message = redact(conversation, boss.user, words="door code")
    assert message.body == f"Hello 👋 — the {BAR} is {BAR}, thanks"
    assert (message.revision, message.removed_codes) == (2, ("hand",))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"revision": 1}, "message_changed"),
        ({"start": 5, "end": 5}, "nothing_chosen"),
        ({"start": 5, "end": 6}, "nothing_chosen"),
        ({"start": 900, "end": 901}, "nothing_chosen"),
        ({"start": -3, "end": 0}, "nothing_chosen"),
    ],
)
def test_frm_6_what_can_not_be_is_refused(acme: Any, change: dict[str, int], code: str) -> None:
    boss = supervisor()
    conversation = talk(boss, body=BODY)
    with pytest.raises(DomainError) as refused:
        redact(conversation, boss.user, **change)
    assert refused.value.code == code
    assert Message.objects.get(conversation=conversation, number=1).body == BODY


def test_frm_6_of_two_at_once_one_chooses_again(acme: Any) -> None:
    boss = supervisor()
    conversation = talk(boss, body=BODY)

    def once() -> str:
        try:
            return redact(conversation, boss.user, revision=0).body
        except (DomainError, ValueError) as refused:
            return getattr(refused, "code", "gone")

    answers = race([once, once])
    assert f"Hello 👋 — {BAR}, thanks" in answers
    assert {"message_changed", "gone"} & set(answers)
    assert ConversationEvent.objects.filter(kind=EventKind.REDACTED).count() == 1


def test_frm_6_who_may(acme: Any) -> None:
    agent, boss = make_agent(), supervisor(available=False)
    conversation = talk(agent, body=BODY)
    elsewhere = supervisor(queues=[Queue.objects.create(name="Sales", hours=default_queue().hours)], available=False)
    for nobody in (agent.user, elsewhere.user):
        with pytest.raises(DomainError, match="You don't redact"):
            redact(conversation, nobody)
    redact(conversation, boss.user, words="door code")
    redact(conversation, user_as("administrator"), words="8842")


def test_ten_1_not_in_another_tenant(acme: Any, globex: Any) -> None:
    with tenant_context(acme):
        conversation = arrive(body=BODY)
    with tenant_context(globex), pytest.raises(DomainError, match="no such conversation"):
        message_redact(
            conversation_id=conversation.pk, number=1, start=0, end=5, revision=0, actor=user_as("administrator")
        )


def test_chat_10_who_is_in_step_by_numbers_still_learns_of_it(acme: Any) -> None:
    boss = supervisor()
    conversation = talk(boss, body=BODY)
    conversation.refresh_from_db()
    held = {conversation.pk: conversation.last_number}
    assert missed_by(boss, held).redacted == []
    redact(conversation, boss.user)
    (missed,) = missed_by(boss, held).redacted
    assert (missed.number, missed.body, missed.revision) == (1, f"Hello 👋 — {BAR}, thanks", 1)
    assert messages_redacted_in([Conversation.objects.get(pk=conversation.pk)]) == [missed]


def test_frm_6_a_reader_sees_all_of_it_or_none(acme: Any) -> None:
    boss = supervisor()
    conversation = talk(boss, body=BODY)

    def read() -> set[str]:
        return {messages_after(conversation.pk, 0)[0].body for _ in range(20)}

    seen = set().union(*(each for each in race([read, lambda: (redact(conversation, boss.user), set())[1], read])))
    assert seen <= {BODY, f"Hello 👋 — {BAR}, thanks"}
    assert read() == {f"Hello 👋 — {BAR}, thanks"}


# --- Mail


def test_frm_6_a_mail_its_html_and_what_quotes_it(acme: Any, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    channel, boss = make_channel(), user_as("administrator")
    receive(channel, write(f"Hi, {SECRET}.", mail_id="one@customer.example"))
    mails_file(channel_id=channel.pk)
    quoting = "And?\n\n> Hi, the door\n> code is 8842.\n"
    receive(channel, write(quoting, mail_id="two@customer.example", answers="one@customer.example"))
    mails_file(channel_id=channel.pk)
    first, second = MailMessage.objects.order_by("message__number")
    first.html = "<p>Hi, the <b>door code</b> is&nbsp;8842.</p>"
    first.save()
    redact(first.conversation, boss)
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.text.strip() == f"Hi, {BAR}."
    assert first.html == f"<p>Hi, {BAR}<b></b>.</p>"
    assert BAR in second.quoted
    assert tables_with([SECRET]) == []


def test_frm_6_html_in_which_it_is_not_found_is_given_up(acme: Any) -> None:
    channel, boss = make_channel(), user_as("administrator")
    receive(channel, write(f"Hi, {SECRET}."))
    mails_file(channel_id=channel.pk)
    mail = MailMessage.objects.get()
    mail.html = "<p>Hi, <img alt='the door code in a picture'></p>"
    mail.save()
    redact(mail.conversation, boss)
    mail.refresh_from_db()
    assert mail.html == ""


# --- The console


def test_frm_6_the_dialog_asks_with_the_words_and_takes_them_away(acme: Any) -> None:
    boss = supervisor()
    conversation = talk(boss, body=BODY)
    browser = browser_of(boss.user)
    pane = browser.get(f"/console/c/{conversation.pk}/").content.decode()
    assert f'data-redacts="/console/c/{conversation.pk}/redact/"' in pane
    address = f"/console/c/{conversation.pk}/redact/1/"
    dialog = browser.get(f"{address}?start=10&end=31", headers=HTMX).content.decode()
    assert 'data-start="10"' in dialog
    assert 'data-end="31"' in dialog
    assert SECRET in dialog
    answer = browser.post(address, {"start": 10, "end": 31, "revision": 0}, headers=HTMX)
    assert answer.status_code == 200
    assert "console:redacted" in answer.headers["HX-Trigger"]
    assert "8842" not in answer.headers["HX-Trigger"]
    assert "8842" not in browser.get(f"/console/c/{conversation.pk}/").content.decode()
    assert "Redacted" in browser.get(f"/console/past/{conversation.pk}/").content.decode()
    assert browser.post(address, {"start": 0, "end": 5, "revision": 0}, headers=HTMX).status_code == 409


def test_frm_6_by_the_keyboard_and_without_scripts(acme: Any) -> None:
    boss = supervisor()
    conversation = talk(boss, body=BODY)
    browser = browser_of(boss.user)
    listed = browser.get(f"/console/c/{conversation.pk}/redact/").content.decode()
    assert f"/console/c/{conversation.pk}/redact/1/" in listed
    assert browser.get(f"/console/c/{conversation.pk}/redact/1/").status_code == 200
    gone = browser.post(f"/console/c/{conversation.pk}/redact/1/", {"whole": "1", "revision": 0})
    assert gone.status_code == 302
    assert Message.objects.get(conversation=conversation, number=1).body == BAR


def test_frm_6_agents_are_offered_nothing(acme: Any) -> None:
    agent = make_agent()
    conversation = talk(agent, body=BODY)
    browser = browser_of(agent.user)
    assert "data-redacts" not in browser.get(f"/console/c/{conversation.pk}/").content.decode()
    assert browser.get(f"/console/c/{conversation.pk}/redact/", headers=HTMX).status_code == 409
    assert browser.post(f"/console/c/{conversation.pk}/redact/1/", {"whole": "1", "revision": 0}).status_code == 409
    assert connection.schema_name == "acme"
    assert Message.objects.get(conversation=conversation, number=1).body == BODY


def test_frm_6_what_was_taken_out_is_said_on_the_page(acme: Any) -> None:
    agent = make_agent()
    conversation = talk(agent, body="It is 4111 1111 1111 1111")
    html = browser_of(agent.user).get(f"/console/c/{conversation.pk}/").content.decode()
    assert "Card number removed</p>" in html
    assert 'data-removed="card"' in html
    assert 'data-removed-card="Card number"' in html


# --- On the other side


async def test_frm_6_the_customer_is_told_at_once_and_by_the_next_sync(acme: Any) -> None:
    async with widget(acme) as page:
        boss = await page.db(supervisor)
        await page.hello()
        conversation = (await page.start(BODY))["conversation"]["id"]
        row = await page.db(Conversation.objects.get, pk=conversation)
        await page.db(redact, row, await page.db(lambda: boss.user))
        told = await page.event("redacted")
        assert (told["conversation"], told["message"]["number"]) == (conversation, 1)
        assert (told["message"]["body"], told["message"]["revision"]) == (f"Hello 👋 — {BAR}, thanks", 1)
        assert told["message"]["removed"] == ["hand"]
        answer = await page.ask("sync", conversations={conversation: 5})
        assert [each["message"] for each in answer["redacted"]] == [told["message"]]
        await page.db(check_all)
    await get_channel_layer().flush()  # type: ignore[union-attr]
