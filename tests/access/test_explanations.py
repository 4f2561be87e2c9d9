"""What a user may do, and why: the answers of the functions that decide, with their reasons (TEN-5)."""

from typing import Any

from django_tenants.utils import tenant_context

from apps.access.explanations import conversation_explanation, user_explanation
from apps.accounts.actions import user_deactivate
from apps.accounts.models import Role
from apps.accounts.permissions import Permission
from apps.agents.models import Agent, AgentGroup, GroupMembership, Membership
from apps.conversations.selectors import conversation_readers, conversations_readable_by, reading_reasons
from apps.forms.models import FormSettings
from apps.queues.models import Queue
from tests.support.browser import signed_in, user_as
from tests.support.people import arrive, default_queue, make_agent


def lines(user: Any) -> dict[str, tuple[bool, str]]:
    return {str(line.label): (line.allowed, line.why) for line in user_explanation(user).lines}


def test_each_permission_names_the_role_that_decides(acme: Any) -> None:
    found = lines(user_as("supervisor"))
    assert found[str(Permission.MONITOR.label)] == (True, "The role “Supervisor” allows it.")
    assert found[str(Permission.SETTINGS.label)] == (False, "The role “Supervisor” does not allow it.")
    assert len(found) == len(Permission)


def test_secured_values_follow_the_switch_for_agents_alone(acme: Any) -> None:
    agent, own = user_as("agent"), user_as("agent")
    own.role = Role.objects.create(code="own", name="Own", permissions=["console"])
    FormSettings.load()
    for on in (True, False):
        FormSettings.objects.update(agents_reveal=on)
        assert lines(agent)[str(Permission.REVEAL.label)][0] is on
        assert lines(own)[str(Permission.REVEAL.label)] == (False, "The role “Own” does not allow it.")


def test_queues_are_told_with_what_they_are_served_by(acme: Any) -> None:
    user = user_as("supervisor")
    group, through = AgentGroup.objects.create(name="Leads"), Queue.objects.create(name="Through")
    Agent.objects.filter(pk=user.pk).update(group=group)
    GroupMembership.objects.create(group=group, queue=through)
    Membership.objects.create(agent=user.agent, queue=default_queue())
    told = dict(user_explanation(user).queues)
    assert told == {default_queue().name: "membership", "Through": "the agent group “Leads”"}


def test_the_deactivated_may_nothing(acme: Any) -> None:
    user = user_as("administrator")
    user_deactivate(user=user, actor=None)
    user.refresh_from_db()
    told = user_explanation(user)
    assert not any(line.allowed for line in told.lines)
    assert (told.reach, told.queues, told.conversations) == ("", [], 0)


def test_a_reason_stands_exactly_where_somebody_may_read(acme: Any, globex: Any) -> None:
    """Readers, readable conversations and reasons are one rule."""
    other = Queue.objects.create(name="Other")
    people = [user_as(role) for role in ("owner", "supervisor", "agent")] + [make_agent(available=False).user]
    Membership.objects.create(agent=people[1].agent, queue=other)
    talks = [arrive(), arrive(queue=other)]
    for talk in talks:
        readers = set(conversation_readers(talk))
        for user in people:
            may = conversations_readable_by(user).filter(pk=talk.pk).exists()
            assert (user in readers, bool(reading_reasons(user, talk))) == (may, may), (user, talk)
    named, more = conversation_explanation(talks[1])
    assert {(user.pk, why) for user, why in named} == {
        (people[0].pk, "Their role reaches everything."),
        (people[1].pk, "They serve its queue."),
    }
    assert not more
    with tenant_context(globex):
        assert user_explanation(user_as("owner")).conversations == 0


def test_pages_show_it_to_those_whom_it_concerns(acme: Any) -> None:
    supervisor, talk = user_as("supervisor"), arrive()
    Membership.objects.create(agent=supervisor.agent, queue=default_queue())
    conversation = f"/admin/conversations/conversation/{talk.pk}/change/"
    owner = signed_in(user_as("owner"))
    page = owner.get(f"/admin/accounts/user/{supervisor.pk}/change/").content.decode()
    assert "What this user may do, and why" in page
    assert "They may read 1 conversation." in page
    assert "They serve its queue." in owner.get(conversation).content.decode()
    seen = signed_in(supervisor).get(conversation)
    assert seen.status_code == 200
    assert "Who may read" not in seen.content.decode()
