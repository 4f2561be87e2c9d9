"""Both sockets, tried by everybody who has no business there; every frame, with ids that belong to others."""

import typing
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
from channels.layers import get_channel_layer
from django_tenants.utils import tenant_context

from apps.accounts.actions import user_deactivate
from apps.accounts.models import User
from apps.agents.actions import agent_sign_out
from apps.chat.consumers import WidgetConsumer
from apps.chat.models import Visit, Visitor, WidgetChannel
from apps.chat.tokens import token_make
from apps.console.consumers import ConsoleConsumer
from apps.conversations.models import Conversation, Mark, Message
from apps.responses.models import Draft
from apps.tenants.actions import tenant_freeze
from config.asgi import application
from tests.support.browser import signed_in
from tests.support.peer import Peer
from tests.support.people import make_agent, talk

pytestmark = pytest.mark.django_db(transaction=True)

SOCKETS = ["/ws/console/", "/ws/widget/"]


@pytest.fixture
async def layer():
    yield get_channel_layer()
    await get_channel_layer().flush()


@pytest.fixture
def people(acme, globex):
    """An agent in a conversation with a browser's customer, in each tenant."""
    found = {}
    for tenant in (acme, globex):
        with tenant_context(tenant):
            found[tenant.schema_name] = _pair(tenant)
    return found


def _pair(tenant):
    agent = make_agent()
    conversation = talk(agent)
    channel = WidgetChannel.objects.get()
    visitor = Visitor.objects.create(channel=channel, contact=conversation.contact)
    Visit.objects.create(conversation=conversation, visitor=visitor)
    browser = signed_in(agent.user, f"{tenant.schema_name}.localhost")
    return {
        "agent": agent,
        "conversation": str(conversation.pk),
        "cookie": "parley_session=" + browser.client.cookies["parley_session"].value,
        "channel": channel.key,
        "token": token_make(channel=channel.pk, visitor=visitor.pk, generation=1),
    }


@asynccontextmanager
async def caller(path, host="acme.localhost", origin=None, cookie=""):
    """Somebody who opens a socket."""
    headers = {"host": host, "origin": origin or f"http://{host}", "cookie": cookie}
    async with Peer(application, path=path, headers=headers, client=["127.0.0.1", 5000]) as peer:
        yield peer


async def in_schema(schema, call):
    """Look into the database from a test that has an event loop."""
    from apps.realtime.tenant_threads import run_in_tenant
    from apps.tenants.models import Tenant

    return await run_in_tenant(Tenant(schema_name=schema), call)


# --- The door


@pytest.mark.parametrize("path", SOCKETS)
@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("acme.localhost", "http://globex.localhost"),
        ("acme.localhost", "http://shop.example"),
        ("acme.localhost", "http://acme.localhost:81"),
        ("acme.localhost", "null"),
        ("acme.localhost", "http://acme.localhost.example"),
        ("nobody.localhost", "http://nobody.localhost"),
        ("localhost", "http://localhost"),
    ],
)
async def test_a_page_from_elsewhere_opens_no_socket(people, layer, path, host, origin):
    """Before the accept: the caller sees HTTP 403."""
    async with caller(path, host, origin, people["acme"]["cookie"]) as peer:
        assert await peer.closed() == 4403
        assert not peer.accepted


@pytest.mark.parametrize("path", SOCKETS)
async def test_a_frozen_tenant_opens_no_socket(people, acme, layer, path):
    await in_schema("public", lambda: tenant_freeze(tenant=acme, frozen=True))
    async with caller(path, cookie=people["acme"]["cookie"]) as peer:
        assert await peer.closed() == 4403
        assert not peer.accepted


@pytest.mark.parametrize(
    "cookie",
    [
        pytest.param(lambda people: "", id="nobody"),
        pytest.param(lambda people: people["globex"]["cookie"], id="other_tenant"),
        pytest.param(lambda people: "parley_session=" + "x" * 32, id="invented"),
    ],
)
async def test_nobody_gets_no_console(people, layer, cookie):
    async with caller("/ws/console/", cookie=cookie(people)) as peer:
        assert await peer.closed() == 4401


@pytest.mark.parametrize("end", ["deactivated", "signed_out", "frozen"])
async def test_an_open_console_ends_with_what_it_stood_on(people, acme, layer, monkeypatch, end):
    """TEN-2, TEN-6, AGT-8: at once where somebody says so, else at the next beat."""
    monkeypatch.setattr(ConsoleConsumer, "beat_seconds", 0.2)
    mine = people["acme"]
    user_id = mine["agent"].pk
    async with caller("/ws/console/", cookie=mine["cookie"]) as peer:
        assert (await peer.greet(console=str(uuid4()), take_over=True))["type"] == "welcome"
        await in_schema("acme" if end != "frozen" else "public", lambda: ENDS[end](acme, user_id))
        assert await peer.closed() == 4401


def _deactivate(_tenant, user_id):
    # With a live conversation the action refuses; whoever gets round it must not keep the socket.
    User.objects.filter(pk=user_id).update(is_active=False)


def _sign_out(_tenant, user_id):
    from django.contrib.sessions.models import Session

    Session.objects.all().delete()
    agent_sign_out(agent_id=user_id)


ENDS = {
    "deactivated": _deactivate,
    "signed_out": _sign_out,
    "frozen": lambda tenant, _user: tenant_freeze(tenant=tenant, frozen=True),
}


async def test_a_deactivated_user_opens_no_console(people, layer):
    def deactivate():
        agent = make_agent()
        cookie = "parley_session=" + signed_in(agent.user).client.cookies["parley_session"].value
        make_agent()
        user_deactivate(user=agent.user, actor=None)
        return cookie

    async with caller("/ws/console/", cookie=await in_schema("acme", deactivate)) as peer:
        assert await peer.closed() == 4401


# --- Every frame, with ids of others


def frames_with_ids(consumer):
    """The frames that name a conversation, filled with harmless values: a new one is found by itself."""
    for kind in consumer.handlers:
        hints = typing.get_type_hints(kind)
        if "conversation" in hints or "conversations" in hints:
            yield kind.__struct_config__.tag, hints


def filled(hints, conversation):
    """Fields for a frame about this conversation."""
    values = {"conversation": conversation, "conversations": {conversation: 0}, "client_id": str(uuid4())}
    values |= {"body": "let me in", "on": True, "delivered": 1, "read": 1, "before": 100, "email": "me@example.com"}
    values |= {"name": "a.pdf", "size": 9, "files": [str(uuid4())], "score": 5, "comment": ""}
    values |= {"language": "en", "time_zone": "UTC", "cards": {conversation: 0}, "offers": [conversation]}
    fields = {name: values[name] for name in hints if name in values}
    needed = set(hints) - {"id", "digest", "since"} - {name for name in hints if name.startswith("_")}
    assert needed <= set(fields), f"say what to put into {needed - set(fields)}"
    return fields


CONSOLE_FRAMES = list(frames_with_ids(ConsoleConsumer))
WIDGET_FRAMES = list(frames_with_ids(WidgetConsumer))


def all_rows():
    """What a trespasser might change or read."""
    return (
        list(Message.objects.order_by("pk").values_list("pk", "body")),
        list(Conversation.objects.order_by("pk").values_list("pk", "state", "version", "last_number")),
        list(Mark.objects.order_by("pk").values_list("pk", "delivered", "read")),
        list(Draft.objects.order_by("pk").values_list("pk", "body")),
    )


async def refused(peer, kind, fields, secret):
    """What a frame is answered with; it must tell nothing."""
    answer = await peer.ask({"type": kind, "id": "1", **fields})
    assert secret not in str(answer)
    if answer["type"] == "ack":
        assert not any(answer.get(name) for name in ("messages", "conversations", "marks", "more"))
        return "nothing"
    return answer["code"]


@pytest.mark.parametrize("owner", ["tenant", "agent"])
@pytest.mark.parametrize(("kind", "hints"), CONSOLE_FRAMES, ids=[kind for kind, _hints in CONSOLE_FRAMES])
async def test_no_frame_of_a_console_reaches_a_conversation_of_others(people, layer, kind, hints, owner):
    """TEN-1, TEN-5: refused, or answered with nothing; nothing changes, nothing is told."""
    mine = people["acme"]
    conversation = people["globex"]["conversation"] if owner == "tenant" else await foreign_conversation(mine)
    before = await rows_of_both()
    async with caller("/ws/console/", cookie=mine["cookie"]) as peer:
        assert (await peer.greet(console=str(uuid4()), take_over=True))["type"] == "welcome"
        answer = await refused(peer, kind, filled(hints, conversation), conversation)
        assert answer in {"not_yours", "conversation_unknown", "nothing"}
        assert answer != "nothing" or kind == "sync"
    assert await rows_of_both() == before


async def foreign_conversation(mine):
    """A conversation of a colleague."""

    def make():
        from apps.agents.actions import agent_status_choose

        agent_status_choose(agent_id=mine["agent"].pk, code="away")
        return str(talk(make_agent()).pk)

    return await in_schema("acme", make)


@pytest.mark.parametrize("owner", ["tenant", "visitor"])
@pytest.mark.parametrize(("kind", "hints"), WIDGET_FRAMES, ids=[kind for kind, _hints in WIDGET_FRAMES])
async def test_no_frame_of_a_widget_reaches_a_conversation_of_others(people, layer, kind, hints, owner):
    """CHAT-12, TEN-1: a browser touches what it has opened itself."""
    mine = people["acme"]
    conversation = people["globex"]["conversation"] if owner == "tenant" else await foreign_conversation(mine)
    before = await rows_of_both()
    async with caller("/ws/widget/") as peer:
        welcome = await peer.greet(channel=mine["channel"], token=mine["token"])
        assert welcome["conversation"]["id"] == mine["conversation"]
        assert await refused(peer, kind, filled(hints, conversation), conversation) == "conversation_unknown"
    assert await rows_of_both() == before


async def rows_of_both():
    """The rows of both tenants."""
    return [await in_schema(schema, all_rows) for schema in ("acme", "globex")]


async def test_keys_and_tokens_are_of_one_tenant(people, layer):
    """CHAT-12, TEN-1: another tenant's widget is none, and another tenant's browser is nobody."""
    mine, theirs = people["acme"], people["globex"]
    async with caller("/ws/widget/") as peer:
        assert (await peer.greet(channel=theirs["channel"], token=None))["code"] == "channel_unknown"
        assert await peer.closed() == 4410
    async with caller("/ws/widget/") as peer:
        assert (await peer.greet(channel=mine["channel"], token=theirs["token"]))["code"] == "token_refused"
        assert await peer.hears_nothing()
