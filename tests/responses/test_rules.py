"""Which responses serve a conversation, and in which order (CON-8)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tenants.utils import tenant_context

from apps.agents.models import Agent, AgentGroup
from apps.conversations.models import Conversation
from apps.queues.actions import queue_create
from apps.queues.models import Queue, Skill
from apps.responses.models import Response, ResponseGroup
from apps.responses.selectors import filled_responses, usable_responses
from apps.routing.choices import Source
from apps.routing.models import Requirement
from tests.support.people import default_queue, make_agent
from tests.support.responses import engaged, make_response

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(acme: Any) -> Agent:
    Response.objects.all().delete()
    return make_agent(available=False)


def offered(conversation: Conversation, agent: Agent, at: datetime | None = None) -> set[str]:
    return set(usable_responses(conversation, agent, at=at or timezone.now()).values_list("shortcut", flat=True))


def asks_for(conversation: Conversation, skill: Skill, **fields: Any) -> None:
    Requirement.objects.create(conversation=conversation, skill=skill, source=Source.AGENT, **fields)


def test_without_rules_it_serves_everybody(agent: Agent) -> None:
    make_response("hello")
    assert offered(engaged(agent, queue=queue_create(name="Sales", actor=None)), agent) == {"hello"}


def test_within_a_kind_any_will_do(agent: Agent) -> None:
    sales, support = (queue_create(name=name, actor=None) for name in ("Sales", "Support"))
    make_response("both", queues=[default_queue(), sales])
    make_response("one", queues=[support])
    assert offered(engaged(agent), agent) == {"both"}
    assert offered(engaged(agent, queue=support), agent) == {"one"}


def test_every_kind_must_match(agent: Agent) -> None:
    """Queue, skill and agent group: two of three are not enough."""
    other = queue_create(name="Sales", actor=None)
    group = AgentGroup.objects.create(name="Workshop")
    skill, another = Skill.objects.get(), Skill.objects.create(group=Skill.objects.get().group, name="Another")
    make_response("all", queues=[default_queue()], skills=[skill, another], agent_groups=[agent.group])
    make_response("wrong_queue", queues=[other], skills=[skill], agent_groups=[agent.group])
    make_response("wrong_skill", queues=[default_queue()], skills=[another], agent_groups=[agent.group])
    make_response("wrong_group", queues=[default_queue()], skills=[skill], agent_groups=[group])
    conversation = engaged(agent)
    assert offered(conversation, agent) == set()
    asks_for(conversation, skill)
    assert offered(conversation, agent) == {"all"}
    agent.group = group
    assert offered(conversation, agent) == {"wrong_group"}


def test_what_it_is_about_stays_so_when_the_queue_stops_insisting(agent: Agent) -> None:
    skill, conversation = Skill.objects.get(), engaged(agent)
    make_response("repairs", skills=[skill])
    asks_for(conversation, skill, expires_at=timezone.now() - timedelta(hours=1))
    assert offered(conversation, agent) == {"repairs"}


def test_it_is_offered_until_before_its_expiry(agent: Agent) -> None:
    end = datetime(2027, 1, 1, tzinfo=UTC)
    make_response("winter", expires_at=end)
    conversation = engaged(agent)
    assert offered(conversation, agent, end - timedelta(microseconds=1)) == {"winter"}
    assert offered(conversation, agent, end) == set()


def test_switched_off_it_serves_nobody(agent: Agent) -> None:
    make_response("hello", is_enabled=False)
    assert offered(engaged(agent), agent) == set()


@pytest.mark.parametrize("kind", ["queue", "skill", "group"])
def test_what_was_meant_for_a_few_never_reaches_everybody(agent: Agent, kind: str) -> None:
    """A rule goes with what it names; without its last one the response serves nobody."""
    queue = queue_create(name="Sales", actor=None)
    skill = Skill.objects.create(group=Skill.objects.get().group, name="Another")
    group = AgentGroup.objects.create(name="Workshop")
    make_response("queue", queues=[queue])
    make_response("skill", skills=[skill])
    make_response("group", agent_groups=[group])
    {"queue": queue, "skill": skill, "group": group}[kind].delete()
    assert offered(engaged(agent), agent) == set()


def test_the_customers_language_comes_first(agent: Agent) -> None:
    for shortcut, language in (("a", "fr"), ("b", ""), ("c", "es"), ("d", "ES-MX")):
        make_response(shortcut, language=language)

    def order(**contact: Any) -> list[str]:
        (group,) = filled_responses(engaged(agent, **contact), agent)
        return [ready.response.shortcut for ready in group.responses]

    assert order(language="es-MX") == ["d", "c", "b", "a"]
    assert order(language="es") == ["c", "b", "a", "d"]
    assert order(language="") == ["b", "a", "c", "d"]


def test_groups_are_in_their_order_and_filled_in(agent: Agent) -> None:
    ResponseGroup.objects.all().delete()
    last, first = (ResponseGroup.objects.create(name=name, position=9 - at) for at, name in enumerate(["Last", "Z"]))
    make_response("bye", "Bye {{contact.first_name}}", group=last)
    make_response("phone", "{{contact.phone}}?", group=first, language="es")
    make_response("ask", "{{queue.name}}", group=first)
    conversation = engaged(agent, name="Ana Ruiz", phone="")
    told = [
        (g.group.name, [(r.filled.text, r.filled.missing) for r in g.responses])
        for g in filled_responses(conversation, agent)
    ]
    assert told == [
        ("Z", [("General", ()), ("your phone number?", ("contact.phone",))]),
        ("Last", [("Bye Ana", ())]),
    ]


def test_email_says_its_own_text_where_there_is_one(agent: Agent) -> None:
    both, one = make_response("both", "chat", email_body="mail"), make_response("one", "chat")
    assert [both.body_for("email"), both.body_for("chat"), one.body_for("email")] == ["mail", "chat", "chat"]


@pytest.mark.parametrize("count", [3, 500])
def test_one_query_however_many_there_are(agent: Agent, count: int) -> None:
    group = ResponseGroup.objects.create(name="Many")
    Response.objects.bulk_create(
        Response(group=group, name=f"Response {n}", shortcut=f"r{n}", chat_body="Hi {{contact.name}}")
        for n in range(count)
    )
    conversation = Conversation.objects.select_related("contact", "queue").get(pk=engaged(agent).pk)
    agent = Agent.objects.select_related("user").get(pk=agent.pk)
    with CaptureQueriesContext(connection) as queries:
        (found,) = filled_responses(conversation, agent)
    assert (len(found.responses), len(queries)) == (count, 1)


def test_each_tenant_has_its_own(agent: Agent, globex: Any) -> None:
    """TEN-1"""
    make_response("secret")
    with tenant_context(globex):
        theirs = make_agent(available=False)
        assert "secret" not in offered(engaged(theirs), theirs)


def test_a_shortcut_is_one_word_once_also_for_the_database(agent: Agent) -> None:
    first = make_response("hello")
    for wrong in ("hello", "Hello", "a b", "-a", ""):
        with pytest.raises(IntegrityError), transaction.atomic():
            Response.objects.create(group=first.group, name="x", shortcut=wrong, chat_body="x")
    assert Queue.objects.count() == 1
