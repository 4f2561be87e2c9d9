"""Who sets responses up, and what is refused (CON-8 and the table of permissions)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Role
from apps.agents.models import AgentGroup
from apps.core.errors import DomainError
from apps.queues.actions import queue_create
from apps.queues.models import Skill
from apps.responses.actions import response_delete, response_group_delete, response_group_save, response_save
from apps.responses.models import Response, ResponseGroup
from tests.support.people import default_queue, make_agent
from tests.support.responses import make_response

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


@pytest.fixture
def sign_in(acme: Any) -> SignIn:
    """A browser of a new user with a role, who serves the default queue."""

    def make(role: str) -> Client:
        client = Client(SERVER_NAME="acme.localhost")
        client.force_login(make_agent(available=False, role=Role.objects.get(code=role), first_name="Vera").user)
        return client

    return make


def page(model: str, name: str, *args: Any) -> str:
    return reverse(f"admin:responses_{model}_{name}", args=args, urlconf="config.urls_tenant")


def data(**other: Any) -> dict[str, Any]:
    group = ResponseGroup.objects.get(name="Greeting").pk
    return {
        "group": group,
        "name": "Hi",
        "shortcut": "hi",
        "chat_body": "Hi {{contact.name}}",
        "is_enabled": "on",
    } | other


class TestPages:
    def test_are_made_with_all_that_they_are(self, sign_in: SignIn) -> None:
        skill, group, queue = Skill.objects.get(), AgentGroup.objects.earliest("pk"), default_queue()
        rules = {"queues": [queue.pk], "skills": [skill.pk], "agent_groups": [group.pk]}
        sent = data(shortcut=" Hi ", language="PT-br", email_body="Mail", **rules)
        sent |= {"expires_at_0": "2027-01-01", "expires_at_1": "09:00:00"}
        assert sign_in("administrator").post(page("response", "add"), sent).status_code == 302
        row = Response.objects.get(shortcut="hi")
        assert (row.language, row.email_body, row.is_enabled) == ("pt-br", "Mail", True)
        assert str(row.expires_at) == "2027-01-01 09:00:00+00:00"
        assert [list(rule.all()) for rule in (row.queues, row.skills, row.agent_groups)] == [[queue], [skill], [group]]
        assert (row.queues_only, row.skills_only, row.groups_only) == (True, True, True)

    def test_are_changed_and_deleted(self, sign_in: SignIn) -> None:
        browser, row = sign_in("owner"), make_response("old", queues=[default_queue()])
        assert browser.post(page("response", "change", row.pk), data(name="New")).status_code == 302
        row.refresh_from_db()
        assert (row.name, row.shortcut, row.queues_only, row.queues.count()) == ("New", "hi", False, 0)
        browser.post(page("response", "delete", row.pk), {"post": "yes"})
        assert not Response.objects.filter(pk=row.pk).exists()

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"chat_body": "Hi {{contact.nmae}}"}, "Unknown: contact.nmae. There are: agent.email"),
            ({"email_body": "{{password}}"}, "Unknown: password."),
            ({"shortcut": "two words"}, "Small letters and digits"),
            ({"shortcut": "hello"}, "already exists"),
            ({"language": "not a tag"}, "Use a language tag"),
        ],
    )
    def test_what_makes_no_sense_is_said_beside_the_field(
        self, sign_in: SignIn, wrong: dict[str, str], said: str
    ) -> None:
        before = Response.objects.count()
        assert said in sign_in("owner").post(page("response", "add"), data(**wrong)).content.decode()
        assert Response.objects.count() == before

    def test_the_page_shows_a_preview_and_the_variables(self, sign_in: SignIn) -> None:
        browser = sign_in("owner")
        row = make_response("x", "Hi <b>{{contact.first_name}}</b>,\nI am {{agent.first_name}}")
        shown = browser.get(page("response", "change", row.pk)).content.decode()
        assert "Hi &lt;b&gt;Ana&lt;/b&gt;,\nI am Vera</p>" in shown
        assert "<dt>{{contact.first_name}}</dt>" in shown
        assert "Save it to see" in browser.get(page("response", "add")).content.decode()

    def test_the_list_says_where_each_is_offered(self, sign_in: SignIn) -> None:
        queue = queue_create(name="Sales", actor=None)
        make_response("gone", queues=[queue])
        queue.delete()
        make_response("off", is_enabled=False)
        shown = sign_in("owner").get(page("response", "changelist")).content.decode()
        for words in ("/hello", "Every queue", "Nowhere: its queues are gone", "Switched off"):
            assert words in shown

    def test_groups_say_how_many_and_ask_before_they_take_them_along(self, sign_in: SignIn) -> None:
        browser, group = sign_in("owner"), ResponseGroup.objects.get(name="Abuse")
        number = group.responses.count()
        assert number > 1
        assert f"with {number} responses" in browser.get(page("responsegroup", "delete", group.pk)).content.decode()
        assert group.responses.count() == number
        browser.post(page("responsegroup", "delete", group.pk), {"post": "yes"})
        assert not Response.objects.filter(group=group.pk).exists()
        browser.post(page("responsegroup", "add"), {"name": "Ours", "position": 7})
        assert ResponseGroup.objects.get(name="Ours").position == 7


class TestSupervisors:
    def test_set_up_what_serves_their_queues_alone(self, sign_in: SignIn) -> None:
        browser, other = sign_in("supervisor"), queue_create(name="Sales", actor=None)
        assert "Sales" not in browser.get(page("response", "add")).content.decode()
        answer = browser.post(page("response", "add"), data(queues=[default_queue().pk]))
        assert answer.status_code == 302
        mine = Response.objects.get(shortcut="hi")
        refused = browser.post(page("response", "change", mine.pk), data(name="For everybody"))
        assert "You set up responses of your own queues" in refused.content.decode()
        assert "valid" in browser.post(page("response", "add"), data(queues=[other.pk])).content.decode()
        shared = make_response("shared", queues=[default_queue(), other])
        for row in (shared, Response.objects.get(shortcut="hello")):
            assert browser.post(page("response", "change", row.pk), data()).status_code == 403
            assert browser.post(page("response", "delete", row.pk), {"post": "yes"}).status_code == 403
        chosen = {"action": "delete_selected", "_selected_action": [shared.pk, mine.pk], "post": "yes"}
        browser.post(page("response", "changelist"), chosen)
        assert set(Response.objects.filter(pk__in=[shared.pk, mine.pk])) == {shared, mine}
        browser.post(page("response", "delete", mine.pk), {"post": "yes"})
        assert not Response.objects.filter(pk=mine.pk).exists()

    def test_leave_the_groups_alone(self, sign_in: SignIn) -> None:
        browser, group = sign_in("supervisor"), ResponseGroup.objects.get(name="Abuse")
        assert browser.get(page("responsegroup", "changelist")).status_code == 200
        assert browser.post(page("responsegroup", "add"), {"name": "x", "position": 1}).status_code == 403
        assert browser.post(page("responsegroup", "delete", group.pk), {"post": "yes"}).status_code == 403


def test_agents_see_nothing(sign_in: SignIn) -> None:
    browser = sign_in("agent")
    for model in ("response", "responsegroup"):
        assert browser.get(page(model, "changelist"), follow=True).status_code == 403


def test_the_actions_refuse_what_is_out_of_reach(acme: Any) -> None:
    role = Role.objects.get(code="supervisor")
    agent, supervisor = make_agent(available=False).user, make_agent(available=False, role=role).user
    idle = make_agent(available=False, role=role, queues=[]).user
    row = make_response("mine", queues=[default_queue()])
    rules: dict[str, Any] = {"queues": [default_queue()], "skills": (), "agent_groups": ()}
    for actor in (agent, idle):
        with pytest.raises(DomainError, match="response_not_yours"):
            response_save(response=row, **rules, actor=actor)
        with pytest.raises(DomainError, match="response_not_yours"):
            response_delete(response=row, actor=actor)
    response_save(response=row, **rules, actor=supervisor)
    response_delete(response=row, actor=supervisor)
    with pytest.raises(DomainError, match="response_not_yours"):
        response_delete(response=Response.objects.get(shortcut="hello"), actor=supervisor)


def test_groups_have_a_name_each(acme: Any) -> None:
    with pytest.raises(ValidationError):
        response_group_save(group=ResponseGroup(name="Abuse"))
    abuse = ResponseGroup.objects.get(name="Abuse")
    before, inside = Response.objects.count(), abuse.responses.count()
    assert response_group_delete(group=abuse) == inside
    assert Response.objects.count() == before - inside
