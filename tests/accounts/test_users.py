"""TEN-4, TEN-5, TEN-7: users, roles, and who may change whom."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from apps.accounts import actions
from apps.accounts.models import Role, User
from apps.agents.choices import Base
from apps.agents.models import Agent, AgentGroup, AgentSkill, Capacity, Membership
from apps.conversations.models import Conversation
from apps.core.errors import DomainError
from apps.queues.models import Skill
from tests.support.browser import user_as
from tests.support.people import PASSWORD, arrive, default_queue, make_agent, ringing, talk


def role(code: str) -> Role:
    return Role.objects.get(code=code)


def refused(code: str) -> Any:
    return pytest.raises(DomainError, match=f"^{code}:")


def test_ten_4_who_has_the_console_is_an_agent_with_the_default_slots(acme: Any) -> None:
    user = actions.user_create(email="new@acme.test", first_name="New", role=role("agent"), actor=None)
    slots = dict(Capacity.objects.filter(agent=user.pk).values_list("family", "limit"))
    assert slots == {"chat": 3, "email": 5, "voice": 1}
    agent = Agent.objects.get(pk=user.pk)
    assert (agent.group, agent.base) == (AgentGroup.objects.get(name="Default Group"), Base.OFFLINE)
    assert not user.has_usable_password()


def test_ten_4_an_email_is_unique_in_any_case_and_free_again_after_deletion(acme: Any) -> None:
    first = actions.user_create(email="Mia@acme.test", first_name="Mia", role=role("agent"), actor=None)
    with pytest.raises(ValidationError, match="exists already"):
        actions.user_create(email="mia@ACME.test", first_name="Mia", role=role("agent"), actor=None)
    actions.user_delete(user=first, actor=None)
    actions.user_create(email="mia@acme.test", first_name="Mia", role=role("agent"), actor=None)


def test_ten_4_weak_passwords_are_refused(acme: Any) -> None:
    owner = user_as("owner")
    for weak in ("short", "1234567890", "owner-acme@acme.test"):
        with pytest.raises(ValidationError):
            actions.user_create(
                email="owner-acme@acme.test", first_name="A", role=role("agent"), password=weak, actor=owner
            )
    assert not User.objects.filter(first_name="A").exists()


@pytest.mark.parametrize(
    ("actor", "given", "allowed"),
    [
        ("owner", "owner", True),
        ("owner", "administrator", True),
        ("administrator", "owner", False),
        ("administrator", "administrator", True),
        ("supervisor", "administrator", False),
        ("supervisor", "agent", True),
        ("agent", "agent", False),
    ],
)
def test_ten_5_nobody_gives_away_more_than_they_have(acme: Any, actor: str, given: str, allowed: bool) -> None:
    def make() -> User:
        return actions.user_create(email="x@acme.test", first_name="X", role=role(given), actor=user_as(actor))

    if allowed:
        assert make().role == role(given)
    else:
        with refused("not_allowed"):
            make()
        assert not User.objects.filter(email="x@acme.test").exists()


@pytest.mark.parametrize(
    ("actor", "target", "allowed"),
    [
        ("administrator", "owner", False),
        ("administrator", "administrator", True),
        ("supervisor", "administrator", False),
        ("supervisor", "agent", True),
        ("agent", "agent", False),
    ],
)
def test_ten_5_nobody_takes_over_the_account_of_who_may_do_more(
    acme: Any, actor: str, target: str, allowed: bool
) -> None:
    by, whom = user_as(actor), user_as(target)
    for change in (
        lambda: actions.user_set_password(user=whom, password="a-long-new-phrase", actor=by),
        lambda: actions.user_update(user=whom, fields={"email": "taken@acme.test"}, actor=by),
        lambda: actions.user_set_picture(user=whom, upload=None, actor=by),
    ):
        if allowed:
            change()
        else:
            with refused("not_allowed"):
                change()
    whom.refresh_from_db()
    assert whom.check_password(PASSWORD) is not allowed


def test_ten_5_nobody_changes_their_own_role(acme: Any) -> None:
    admin = user_as("administrator")
    with refused("not_yourself"):
        actions.user_update(user=admin, fields={"role": role("agent")}, actor=admin)


def test_ten_5_stock_roles_stay_as_they_are(acme: Any) -> None:
    owner = user_as("owner")
    with refused("role_built_in"):
        actions.role_save(role=role("agent"), actor=owner)
    with refused("role_built_in"):
        actions.role_delete(role=role("agent"), actor=owner)


def test_ten_5_a_role_of_ones_own_never_exceeds_its_maker(acme: Any) -> None:
    limited = Role.objects.create(code="limited", name="Limited", scope="queues", permissions=["settings", "setup"])
    maker = user_as("agent")
    actions.user_update(user=maker, fields={"role": limited}, actor=None)
    maker = User.objects.select_related("role").get(pk=maker.pk)
    actions.role_save(role=Role(code="less", name="Less", scope="own", permissions=["setup"]), actor=maker)
    for scope, permissions in (("queues", ["setup", "reveal"]), ("all", ["setup"])):
        with refused("not_allowed"):
            actions.role_save(role=Role(code="m", name="M", scope=scope, permissions=permissions), actor=maker)


def test_ten_5_a_role_in_use_is_not_deleted(acme: Any) -> None:
    own = actions.role_save(role=Role(code="own", name="Own", permissions=["console"]), actor=user_as("owner"))
    user = user_as("agent")
    actions.user_update(user=user, fields={"role": own}, actor=None)
    with refused("role_in_use"):
        actions.role_delete(role=own, actor=user_as("owner"))


@pytest.mark.parametrize("leave", [actions.user_deactivate, actions.user_delete])
def test_ten_7_nobody_removes_themself_or_the_owner(acme: Any, leave: Any) -> None:
    owner, admin = user_as("owner"), user_as("administrator")
    with refused("not_yourself"):
        leave(user=admin, actor=admin)
    with refused("not_the_owner"):
        leave(user=owner, actor=admin)
    with refused("not_the_owner"):
        leave(user=owner, actor=None)
    assert User.objects.filter(is_active=True, deleted_at=None).count() == 2


def test_ten_7_the_last_owner_keeps_the_role(acme: Any) -> None:
    owner = user_as("owner")
    with refused("not_the_owner"):
        actions.user_update(user=owner, fields={"role": role("agent")}, actor=None)
    user_as("owner")
    assert actions.user_update(user=owner, fields={"role": role("agent")}, actor=None).role == role("agent")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("leave", [actions.user_deactivate, actions.user_delete])
def test_ten_7_who_is_in_a_live_conversation_stays(acme: Any, leave: Any) -> None:
    agent = make_agent()
    talk(agent)
    make_agent(available=False)
    with pytest.raises(DomainError, match="still has 1 conversation") as caught:
        leave(user=agent.user, actor=user_as("owner"))
    assert caught.value.code == "user_busy"
    assert User.objects.get(pk=agent.pk).is_active
    assert Agent.objects.get(pk=agent.pk).base == Base.AVAILABLE


@pytest.mark.parametrize("leave", [actions.user_deactivate, actions.user_delete])
def test_ten_7_the_only_member_of_a_queue_stays(acme: Any, leave: Any) -> None:
    agent = make_agent()
    with pytest.raises(DomainError, match="only member of: General") as caught:
        leave(user=agent.user, actor=user_as("owner"))
    assert caught.value.code == "user_only_member"
    colleague = make_agent(available=False)
    leave(user=agent.user, actor=user_as("owner"))
    with refused("user_only_member"):
        leave(user=colleague.user, actor=user_as("owner"))


@pytest.mark.django_db(transaction=True)
def test_ten_7_what_rings_at_who_leaves_goes_back(acme: Any) -> None:
    agent = make_agent()
    make_agent(available=False)
    conversation = arrive()
    assert ringing(conversation) is not None
    actions.user_deactivate(user=agent.user, actor=user_as("owner"))
    conversation = Conversation.objects.get(pk=conversation.pk)
    assert (conversation.state, conversation.returned, ringing(conversation)) == ("waiting", True, None)
    assert Agent.objects.get(pk=agent.pk).base == Base.OFFLINE
    assert Capacity.objects.get(agent=agent, family="chat").used == 0


def test_ten_7_the_deleted_stay_in_history_and_nowhere_else(acme: Any) -> None:
    agent = make_agent(available=False)
    make_agent(available=False)
    AgentSkill.objects.create(agent=agent, skill=Skill.objects.get())
    actions.user_delete(user=agent.user, actor=user_as("owner"))
    left = User.objects.get(pk=agent.pk)
    assert left.full_name == agent.user.full_name
    assert (left.is_active, left.has_usable_password()) == (False, False)
    assert not Membership.objects.filter(agent=agent).exists()
    assert not AgentSkill.objects.filter(agent=agent).exists()
    assert agent.intervals.exists()
    with refused("user_unknown"):
        actions.user_activate(user=left, actor=user_as("owner"))


def test_ten_4_only_known_fields_are_changed(acme: Any) -> None:
    user = user_as("agent")
    with pytest.raises(ValueError, match="is_operator"):
        actions.user_update(user=user, fields={"is_operator": True}, actor=None)
    with pytest.raises(ValueError, match="public schema"):
        actions.user_create(email="o@acme.test", first_name="O", role=None, is_operator=True, actor=None)
    with pytest.raises(ValidationError):
        actions.user_update(user=user, fields={"phone": "12"}, actor=None)
    with pytest.raises(ValidationError):
        actions.user_update(user=user, fields={"time_zone": "Mars/Olympus"}, actor=None)
    assert default_queue().is_active
