"""The tenant's admin: what its forms do, and what may not go."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from apps.accounts.models import Role, User
from apps.agents.models import Agent, AgentSkill, Capacity, Membership, Status
from apps.chat.models import WidgetChannel
from apps.contacts.models import Contact
from apps.conversations.models import Conversation
from apps.dispositions.models import Choice, Code, CodeSet
from apps.queues.models import Queue, Skill, SkillGroup
from tests.support.admin_pages import errors, fields, user_page
from tests.support.browser import Browser, signed_in, user_as
from tests.support.people import PASSWORD, arrive, default_queue, make_agent


def test_ten_4_a_user_is_made_and_becomes_an_agent(acme: Any) -> None:
    browser = signed_in(user_as("administrator"))
    data = {"first_name": "Ada", "last_name": "Finch", "email": "ada@acme.test", "time_zone": "Europe/Madrid"}
    form = data | {"role": str(Role.objects.get(code="agent").pk), "new_password": "a-long-phrase-of-hers"}
    answer = browser.post("/admin/accounts/user/add/", form)
    ada = User.objects.get(email="ada@acme.test")
    assert (answer.status_code, answer["Location"]) == (302, user_page(ada))
    assert Agent.objects.filter(pk=ada.pk).exists()
    assert Browser("acme.localhost").sign_in(ada, "a-long-phrase-of-hers")["Location"] == "/console/"


def test_ten_4_an_email_in_use_is_an_error_of_the_form(acme: Any) -> None:
    taken = user_as("agent", email="taken@acme.test")
    form = {"first_name": "A", "email": "TAKEN@acme.test", "new_password": "a-long-phrase-of-hers", "time_zone": "UTC"}
    answer = signed_in(user_as("owner")).post("/admin/accounts/user/add/", form)
    assert answer.status_code == 200
    assert "exists already" in answer.content.decode()
    assert User.objects.filter(email__iexact=taken.email).count() == 1


def test_ten_4_everything_about_an_agent_can_be_changed(acme: Any) -> None:
    agent, skill = make_agent(available=False), Skill.objects.get()
    sales = Queue.objects.create(name="Sales")
    browser = signed_in(user_as("administrator"))
    data = fields(browser.get(user_page(agent.user)))
    data |= {"nick_name": "Nik", "phone": "+4930123456", "custom_id": "A-7", "time_zone": "Europe/Berlin"}
    data |= {"capacities-0-limit": "15", "capacities-2-limit": "0"}
    data |= {"skills-TOTAL_FORMS": "1", "skills-0-skill": str(skill.pk), "skills-0-level": "4"}
    data |= {"skills-0-agent": str(agent.pk), "memberships-TOTAL_FORMS": "2", "memberships-1-queue": str(sales.pk)}
    data |= {"memberships-1-agent": str(agent.pk), "memberships-1-is_preferred": "on"}
    answer = browser.post(user_page(agent.user), data)
    assert answer.status_code == 302, errors(answer)
    user = User.objects.get(pk=agent.pk)
    assert (user.nick_name, user.phone, user.custom_id, user.time_zone) == (
        "Nik",
        "+4930123456",
        "A-7",
        "Europe/Berlin",
    )
    limits = dict(Capacity.objects.filter(agent=agent).values_list("family", "limit"))
    assert (limits["chat"], limits["voice"]) == (15, 0)
    assert AgentSkill.objects.get(agent=agent, skill=skill).level == 4
    assert dict(Membership.objects.filter(agent=agent).values_list("queue__name", "is_preferred")) == {
        "General": False,
        "Sales": True,
    }
    data = fields(browser.get(user_page(agent.user))) | {"skills-0-DELETE": "on", "memberships-1-DELETE": "on"}
    assert browser.post(user_page(agent.user), data).status_code == 302
    assert not AgentSkill.objects.filter(agent=agent).exists()
    assert [each.queue.name for each in Membership.objects.filter(agent=agent)] == ["General"]


def test_ten_4_slots_are_nought_to_fifteen(acme: Any) -> None:
    agent = make_agent(available=False)
    browser = signed_in(user_as("owner"))
    data = fields(browser.get(user_page(agent.user)))
    for wrong in ("16", "-1", "x", ""):
        assert browser.post(user_page(agent.user), data | {"capacities-0-limit": wrong}).status_code == 200
    assert Capacity.objects.get(agent=agent, family="chat").limit == 3


def test_ten_7_a_refusal_is_an_error_on_the_page_with_all_that_was_typed(acme: Any) -> None:
    agent = make_agent(available=False)
    browser = signed_in(user_as("owner"))
    data = fields(browser.get(user_page(agent.user))) | {"nick_name": "Typed"}
    data.pop("is_active")
    answer = browser.post(user_page(agent.user), data)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "is the only member of: General" in page
    assert 'value="Typed"' in page
    user = User.objects.get(pk=agent.pk)
    assert (user.is_active, user.nick_name) == (True, "")


def test_ten_7_deleting_says_why_not(acme: Any) -> None:
    agent, owner = make_agent(available=False), user_as("owner")
    admin = user_as("administrator")
    browser = signed_in(admin)
    answer = browser.post(f"/admin/accounts/user/{agent.pk}/delete/", {"post": "yes"}, follow=True)
    assert "only member of: General" in answer.content.decode()
    for whom, why in ((owner, "owner can&#x27;t be"), (admin, "yourself")):
        answer = browser.post(f"/admin/accounts/user/{whom.pk}/delete/", {"post": "yes"}, follow=True)
        assert why in answer.content.decode()
    both = {"action": "delete_selected", "_selected_action": [str(owner.pk), str(agent.pk)], "post": "yes"}
    assert browser.post("/admin/accounts/user/", both, follow=True).status_code == 200
    assert User.objects.filter(deleted_at=None).count() == 3


def test_ten_5_the_owners_page_is_read_only_for_others(acme: Any) -> None:
    owner = user_as("owner")
    browser = signed_in(user_as("administrator"))
    assert b'name="new_password"' not in browser.get(user_page(owner)).content
    assert browser.post(user_page(owner), {"new_password": "a-long-phrase-of-mine"}).status_code == 403
    own = signed_in(owner)
    data = fields(own.get(user_page(owner))) | {"new_password": "a-long-phrase-of-mine"}
    assert own.post(user_page(owner), data).status_code == 302
    assert own.get("/admin/").status_code == 200
    assert Browser("acme.localhost").sign_in(owner, PASSWORD).status_code == 200


def test_ten_5_a_supervisor_changes_the_agents_of_their_queues_alone(acme: Any) -> None:
    other = Queue.objects.create(name="Other")
    supervisor = user_as("supervisor")
    Membership.objects.create(agent=supervisor.agent, queue=default_queue())
    mine, theirs = make_agent(available=False), make_agent(available=False, queues=[other])
    browser = signed_in(supervisor)
    data = fields(browser.get(user_page(mine.user))) | {"capacities-0-limit": "2", "email": "x@acme.test", "role": ""}
    # What the page does not show is not read either.
    data |= {"memberships-0-DELETE": "on", "new_password": "a-long-phrase-of-mine", "is_active": ""}
    data |= {"new_picture": SimpleUploadedFile("a.png", b"x"), "drop_picture": "on"}
    answer = browser.post(user_page(mine.user), data)
    assert answer.status_code == 302, errors(answer)
    assert Capacity.objects.get(agent=mine, family="chat").limit == 2
    changed = User.objects.get(pk=mine.pk)
    assert (changed.email, changed.role.code, changed.is_active) == (mine.user.email, "agent", True)
    assert changed.check_password(PASSWORD)
    assert Membership.objects.filter(agent=mine).exists()
    assert browser.get(user_page(theirs.user))["Location"] == "/admin/"
    assert browser.post(user_page(theirs.user), data).status_code == 403
    assert browser.post(f"/admin/queues/queue/{other.pk}/change/", {}).status_code == 403
    queue_page = f"/admin/queues/queue/{default_queue().pk}/change/"
    queue_data = fields(browser.get(queue_page)) | {"description": "Mine"}
    answer = browser.post(queue_page, queue_data)
    assert answer.status_code == 302, errors(answer)
    assert default_queue().description == "Mine"


def test_ten_1_a_supervisor_reads_conversations_of_their_queues_alone(acme: Any) -> None:
    other = Queue.objects.create(name="Other")
    supervisor = user_as("supervisor")
    Membership.objects.create(agent=supervisor.agent, queue=default_queue())
    mine, theirs = arrive("of mine"), arrive("of theirs", queue=other)
    browser = signed_in(supervisor)
    listing = browser.get("/admin/conversations/conversation/").content
    assert (b"of mine" in listing, b"of theirs" in listing) == (True, False)
    assert browser.get(f"/admin/conversations/conversation/{mine.pk}/change/").status_code == 200
    assert browser.get(f"/admin/conversations/conversation/{theirs.pk}/change/").status_code == 302
    contacts = browser.get("/admin/contacts/contact/").content.decode()
    assert (mine.contact.email in contacts, theirs.contact.email in contacts) == (True, False)


def test_rte_1_groups_with_skills_and_skills_that_are_held_stay(acme: Any) -> None:
    browser = signed_in(user_as("owner"))
    skill, agent = Skill.objects.get(), make_agent(available=False)
    AgentSkill.objects.create(agent=agent, skill=skill)
    group = f"/admin/queues/skillgroup/{skill.group_id}/delete/"
    one = f"/admin/queues/skill/{skill.pk}/delete/"
    assert "still has skills" in browser.post(group, {"post": "yes"}, follow=True).content.decode()
    assert "Agents hold" in browser.post(one, {"post": "yes"}, follow=True).content.decode()
    AgentSkill.objects.all().delete()
    browser.post(one, {"post": "yes"})
    browser.post(group, {"post": "yes"})
    assert (Skill.objects.count(), SkillGroup.objects.count()) == (0, 0)


def test_wrp_7_a_code_that_was_chosen_is_switched_off_not_deleted(acme: Any) -> None:
    browser = signed_in(user_as("owner"))
    code, code_set = Code.objects.get(name="Resolved"), CodeSet.objects.get()
    Choice.objects.create(
        conversation=arrive(), code=code, code_set=code_set, set_name=code_set.name, code_name=code.name
    )
    page = f"/admin/dispositions/code/{code.pk}/"
    answer = browser.post(f"{page}delete/", {"post": "yes"}, follow=True)
    assert "switch it off instead" in answer.content.decode()
    assert list(code_set.codes.filter(pk=code.pk)) == [code]
    data = fields(browser.get(f"{page}change/"))
    data.pop("is_enabled")
    assert browser.post(f"{page}change/", data).status_code == 302
    assert not Code.objects.get(pk=code.pk).is_enabled
    pending = Code.objects.get(name="Pending")
    assert browser.post(f"/admin/dispositions/code/{pending.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Code.objects.filter(pk=pending.pk).exists()


def test_wrp_6_a_set_is_filled_ordered_and_given_to_queues(acme: Any) -> None:
    browser = signed_in(user_as("owner"))
    code = Code.objects.get(name="Resolved")
    empty = {"entries-TOTAL_FORMS": "1", "entries-INITIAL_FORMS": "0", "entries-0-code": str(code.pk)}
    form = {"name": "Topic", "display": "list", "position": "2", "queues": [str(default_queue().pk)]}
    answer = browser.post("/admin/dispositions/codeset/add/", form | empty | {"entries-0-position": "4"})
    assert answer.status_code == 302, errors(answer)
    made = CodeSet.objects.get(name="Topic")
    assert list(made.entries.values_list("code__name", "position")) == [("Resolved", 4)]
    assert list(made.queues.all()) == [default_queue()]


def test_agt_1_statuses_of_ones_own_are_away_or_busy_and_built_in_ones_stay(acme: Any) -> None:
    browser = signed_in(user_as("owner"))
    form = {"label": "Lunch", "code": "lunch", "base": "away", "is_selectable": "on", "position": "9"}
    assert browser.post("/admin/agents/status/add/", form | {"base": "available"}).status_code == 200
    assert browser.post("/admin/agents/status/add/", form).status_code == 302
    assert Status.objects.get(code="lunch").base == "away"
    built_in = Status.objects.get(code="available")
    assert browser.post(f"/admin/agents/status/{built_in.pk}/change/", form).status_code == 403
    assert browser.post(f"/admin/agents/status/{built_in.pk}/delete/", {"post": "yes"}).status_code == 403


def test_chat_1_a_widget_shows_its_script_tag(acme: Any) -> None:
    browser = signed_in(user_as("owner"))
    widget = WidgetChannel.objects.get()
    page = f"/admin/chat/widgetchannel/{widget.pk}/change/"
    tag = f'<script src="http://acme.localhost/widget.js" data-channel="{widget.key}" async></script>'
    answer = browser.get(page)
    assert answer.context["adminform"].form.initial["script_tag"] == tag
    data = fields(answer) | {"allowed_sites": "https://shop.example\r\n\r\nhttps://www.shop.example"}
    answer = browser.post(page, data)
    assert answer.status_code == 302, errors(answer)
    assert WidgetChannel.objects.get().allowed_sites == ["https://shop.example", "https://www.shop.example"]
    for wrong in ("https://shop.example/path", "*; script-src *", "javascript:x"):
        assert browser.post(page, data | {"allowed_sites": wrong}).status_code == 200


def test_history_is_read_only(acme: Any) -> None:
    browser, conversation = signed_in(user_as("owner")), arrive()
    page = f"/admin/conversations/conversation/{conversation.pk}/"
    assert browser.post(f"{page}change/", {"state": "closed"}).status_code == 403
    assert browser.post(f"{page}delete/", {"post": "yes"}).status_code == 403
    assert (
        browser.post(f"/admin/contacts/contact/{conversation.contact_id}/delete/", {"post": "yes"}).status_code == 403
    )
    assert (Conversation.objects.count(), Contact.objects.count()) == (1, 1)
