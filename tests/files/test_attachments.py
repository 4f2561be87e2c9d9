"""CHAT-9, CHAT-10: files go with a message, in its one transaction; both sides hold the same list."""

from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.chat.models import Visitor, WidgetChannel
from apps.conversations.actions import conversation_end, conversation_start
from apps.conversations.frames import message_view
from apps.conversations.models import Attachment, Conversation, Message
from apps.conversations.selectors import messages_after, messages_before
from apps.conversations.steps import AttachedFiles, MessageDraft
from apps.core.errors import DomainError
from apps.files.models import StoredFile, Uploader
from apps.queues.choices import Family
from tests.files.messages import say
from tests.support.media import PDF, by_agent, by_customer, picture
from tests.support.people import ContactFactory, default_queue, make_agent, talk
from tests.support.race import race

pytestmark = pytest.mark.django_db(transaction=True)


def code(refused: Any) -> str:
    with pytest.raises(DomainError) as raised:
        refused()
    return raised.value.code


def test_files_go_with_a_message_in_their_order(acme: Any) -> None:
    agent = make_agent()
    conversation = talk(agent)
    files = [by_agent(agent, picture(), "b.png", scope=conversation.pk), by_agent(agent, PDF, "a.pdf")]
    message = say(conversation, *files, actor=agent.user)
    assert (message.body, message.file_count) == ("", 2)
    assert [view.name for view in message_view(message).files] == ["b.png", "a.pdf"]
    (stored,) = messages_after(conversation.pk, message.number - 1)
    assert message_view(stored) == message_view(message)
    assert message_view(messages_before(conversation.pk, message.number + 1)[-1]) == message_view(message)
    conversation.refresh_from_db()
    assert conversation.last_line == "📎 b.png +1"
    assert not StoredFile.objects.filter(unsent_until__isnull=False).exists()


def test_the_last_line_is_the_text_where_there_is_one(acme: Any) -> None:
    conversation = talk(make_agent())
    say(conversation, by_customer(uuid4()), body="Here it is")
    conversation.refresh_from_db()
    assert conversation.last_line == "📎 Here it is"


def test_a_first_message_may_be_a_file_alone(acme: Any) -> None:
    visitor = uuid4()
    first = MessageDraft(uuid4(), "", AttachedFiles((by_customer(visitor).pk,), Uploader(outsider_id=visitor)))
    options = {"channel": Family.CHAT, "queue": default_queue(), "contact": ContactFactory(), "start_key": uuid4()}
    message = conversation_start(**options, first=first)
    assert conversation_start(**options, first=first) == message
    assert [line.file_count for line in messages_after(message.conversation_id, 0)] == [1]


def test_nothing_is_nothing(acme: Any) -> None:
    agent = make_agent()
    conversation = talk(agent)
    assert code(lambda: say(conversation, actor=agent.user)) == "message_empty"
    assert code(lambda: say(conversation)) == "message_empty"


def test_sent_again_it_is_the_same_message_with_the_same_files(acme: Any) -> None:
    agent = make_agent()
    conversation, file, key = talk(agent), by_agent(agent), uuid4()
    first = say(conversation, file, actor=agent.user, client_id=key)
    again = say(conversation, file, actor=agent.user, client_id=key)
    assert message_view(again) == message_view(first)
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize("whose", ["colleague", "customer", "other_conversation"])
def test_files_of_others_are_not_there(acme: Any, whose: str) -> None:
    agent, other = make_agent(chat=2), make_agent(available=False)
    conversation = talk(agent)
    file = {
        "colleague": lambda: by_agent(other),
        "customer": lambda: by_customer(uuid4()),
        "other_conversation": lambda: by_agent(agent, scope=talk(agent).pk),
    }[whose]()
    before = Message.objects.count()
    refused = code(lambda: say(conversation, file, actor=agent.user, uploader=Uploader(user_id=agent.pk)))
    assert (refused, Message.objects.count()) == ("file_unknown", before)
    assert StoredFile.objects.filter(pk=file.pk, unsent_until__isnull=False).exists()


def test_a_refused_message_keeps_its_files_for_another_try(acme: Any) -> None:
    agent = make_agent()
    conversation, file = talk(agent), by_agent(agent)
    assert code(lambda: say(conversation, file, actor=make_agent(available=False).user)) == "not_yours"
    conversation_end(conversation_id=conversation.pk, by="agent", actor=agent.user)
    assert code(lambda: say(conversation, file, actor=agent.user)) == "conversation_ended"
    assert StoredFile.objects.filter(pk=file.pk, unsent_until__isnull=False).exists()


def test_one_upload_sent_with_two_messages_at_once_goes_with_one(acme: Any) -> None:
    visitor = uuid4()
    conversations = [talk(make_agent()) for _ in range(3)]
    file = by_customer(visitor)
    answers = race([lambda each=each: say(each, file, body="x") for each in conversations * 4])
    refused = [answer.code for answer in answers if isinstance(answer, DomainError)]
    assert refused == ["file_used"] * 11
    assert Attachment.objects.count() == Message.objects.filter(file_count=1).count() == 1
    assert Message.objects.filter(kind="text").count() == 3 + 1


def test_a_message_without_files_asks_nothing_of_them(acme: Any) -> None:
    """The hot path: neither when it is posted nor when it is read."""
    agent = make_agent()
    conversation = talk(agent)
    say(conversation, body="warm up")
    with CaptureQueriesContext(connection) as queries:
        message_view(say(conversation, body="Hi"))
        [message_view(line) for line in messages_after(conversation.pk, 0)]
    assert not [query for query in queries if "files_" in query["sql"] or "attachment" in query["sql"]]


def test_reading_files_is_one_query_however_many(acme: Any) -> None:
    visitor = uuid4()
    conversation = talk(make_agent())
    counts = []
    for _ in range(2):
        say(conversation, by_customer(visitor), by_customer(visitor), body="x")
        with CaptureQueriesContext(connection) as queries:
            assert [message_view(line).files for line in messages_after(conversation.pk, 0)][-1]
        counts.append(len(queries))
    assert counts == [2, 2]


# --- Who may have a file


def files_of(found: Any, files: list[StoredFile]) -> list[bool]:
    return [found(file.pk) is not None for file in files]


def test_at_the_console(chat: dict[str, Any]) -> None:
    """TEN-5: who may read the conversation: those whose it is or was, those of its queue whose role reaches so far."""
    from apps.console.files.selectors import file_readable_by
    from tests.support.browser import user_as

    def may(user: Any) -> list[bool]:
        return files_of(lambda file_id: file_readable_by(user, file_id), chat["files"])

    outside = user_as("supervisor")
    supervisor = make_agent(role=outside.role, available=False).user
    everybody = {
        chat["agent"].user: True,
        make_agent(available=False).user: False,
        supervisor: True,
        outside: False,
        user_as("administrator"): True,
    }
    expected = {user: [allowed, allowed] for user, allowed in everybody.items()}
    assert {user: may(user) for user in everybody} == expected
    conversation_end(conversation_id=chat["conversation"].pk, by="agent", actor=chat["agent"].user)
    Conversation.objects.filter(pk=chat["conversation"].pk).update(state="closed")
    assert {user: may(user) for user in everybody} == expected
    # As after a transfer: it is a colleague's now, and was this agent's.
    Conversation.objects.filter(pk=chat["conversation"].pk).update(agent=make_agent(available=False).user)
    assert {user: may(user) for user in everybody} == expected


def test_in_the_widget(chat: dict[str, Any]) -> None:
    """CHAT-12: the browser that opened it, and no other; not once the widget is switched off."""
    from apps.chat.file_access import file_of

    def may(visitor_id: UUID) -> list[bool]:
        return files_of(lambda file_id: file_of(visitor_id, file_id), chat["files"])

    visitor = chat["visitor"]
    other = Visitor.objects.create(channel=visitor.channel, contact=visitor.contact)
    assert (may(visitor.pk), may(other.pk)) == ([True, True], [False, False])
    conversation_end(conversation_id=chat["conversation"].pk, by="agent", actor=chat["agent"].user)
    assert (may(visitor.pk), may(other.pk)) == ([True, True], [False, False])
    WidgetChannel.objects.update(is_active=False)
    assert may(visitor.pk) == [False, False]


def test_what_waits_to_be_sent_its_uploader_alone_sees(chat: dict[str, Any]) -> None:
    from apps.chat.file_access import file_of
    from apps.console.files.selectors import file_readable_by

    agent, visitor = chat["agent"], chat["visitor"]
    mine, theirs = by_agent(agent), by_customer(visitor.pk)
    assert files_of(lambda file_id: file_readable_by(agent.user, file_id), [mine, theirs]) == [True, False]
    assert files_of(lambda file_id: file_of(visitor.pk, file_id), [mine, theirs]) == [False, True]


# --- On the page


def test_the_pane_shows_files_from_its_first_html(chat: dict[str, Any]) -> None:
    """CHAT-9: thumbnails and cards, by one query however many there are."""
    from tests.support.pages import browser_of, elements

    browser = browser_of(chat["agent"].user)
    address = f"/console/c/{chat['conversation'].pk}/"
    browser.get(address)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            page = browser.get(address)
        counts.append(len([query for query in queries if "files_storedfile" in query["sql"]]))
        say(chat["conversation"], by_customer(chat["visitor"].pk), by_customer(chat["visitor"].pk))
    assert counts == [1, 1]
    sent, got = chat["files"]
    links = {each.get("data-file"): each for each in elements(page, "a") if each.get("data-file")}
    picture_link, card = links[str(sent.pk)], links[str(got.pk)]
    assert (picture_link["class"], card["class"], len(links)) == ("file-picture", "file-card", 4)
    assert picture_link["href"] == f"/console/files/{sent.pk}/"
    (image,) = [each for each in elements(page, "img") if each.get("src") == f"/console/files/{sent.pk}/small/"]
    assert (image["width"], image["height"], image["alt"]) == ("260", "162", "a.png")
    assert (card["href"], card["data-name"]) == (f"/console/files/{got.pk}/", "invoice.pdf")


def test_an_administrator_changes_the_rules(acme: Any) -> None:
    """CHAT-9: limits and kinds are settings."""
    from apps.files.models import FileRules
    from tests.support.browser import signed_in, user_as

    address = "/admin/files/filerules/1/change/"
    browser = signed_in(user_as("administrator"))
    assert browser.get("/admin/files/filerules/")["Location"] == "/admin/settings/channels/#files-filerules"
    assert browser.get(address).status_code == 200
    fields = {"max_megabytes": "5", "max_files": "3", "kinds": ["image", "pdf"]}
    assert browser.post(address, fields).status_code == 302
    rules = FileRules.load()
    found = (rules.max_megabytes, rules.max_files, rules.kinds, rules.customers_send)
    assert found == (5, 3, ["image", "pdf"], False)
    for wrong in ({"max_megabytes": "101"}, {"max_files": "0"}, {"kinds": ["program"]}):
        assert browser.post(address, {**fields, **wrong}).status_code == 200
    supervisor = signed_in(user_as("supervisor"))
    assert supervisor.post(address, fields).status_code in {302, 403}
    assert FileRules.load().max_megabytes == 5
    frame = browser.get(f"/widget/frame/?channel={WidgetChannel.objects.get().key}").content.decode()
    assert 'id="attach"' not in frame


async def test_over_the_widgets_socket(acme: Any, layer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """CHAT-9: announced before the first message, sent with it, resumed with it; and so often at most."""
    from apps.chat import limits
    from apps.files.actions import file_receive
    from tests.support.widget import widget

    async with widget(acme, address="203.0.113.9") as page:
        assert (await page.hello())["file_key"]
        terms = await page.ask("upload", conversation=None, name="a.pdf", size=len(PDF))
        assert (terms["type"], terms["max_files"], terms["address"][:7]) == ("ack", 10, "/files/")
        await page.db(lambda: file_receive(file_id=UUID(terms["file"]), stream=BytesIO(PDF)))
        begun = await page.start("", files=[terms["file"]])
        (shown,) = begun["message"]["files"]
        assert (shown["id"], shown["name"], shown["thumbnail"]) == (terms["file"], "a.pdf", False)
        conversation = begun["conversation"]["id"]
        again = await page.ask("sync", conversations={conversation: 0})
        assert again["messages"][conversation] == [begun["message"]]
        plain = await page.send(conversation, "Hi")
        assert "files" not in plain["message"]
        assert (await page.ask("upload", conversation=conversation, name="a.exe", size=1))[
            "code"
        ] == "file_type_refused"
        assert (await page.ask("file_key"))["file_key"]
        monkeypatch.setattr(limits, "UPLOAD_BY_ADDRESS", limits.Limit("chat.upload-address", 2, 3600))
        again = await page.ask("upload", conversation=conversation, name="a.pdf", size=1)
        assert again["code"] == "slow_down"
