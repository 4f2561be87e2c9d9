"""Rows of each kind: made, changed, refused cell by cell, and the same again after a round trip (TEN-8)."""

from typing import Any

import pytest
from django.utils.timezone import now
from django_tenants.utils import tenant_context

from apps.accounts.models import Role, User
from apps.agents.models import Agent
from apps.contacts.actions import contact_field_save
from apps.contacts.models import Contact, ContactChange, ContactField
from apps.dispositions.models import Code, CodeSet
from apps.imports.kinds import all_kinds, kind_by_code
from apps.queues.actions import queue_create, skill_create
from apps.queues.models import Queue, Skill, SkillGroup
from apps.responses.models import Response
from tests.imports.conftest import checked, counts, errors, exported, imported
from tests.support.people import UserFactory, default_queue, make_agent


@pytest.fixture
def everything(admin: User) -> User:
    """A row of each kind with what is hard to write down."""
    group = SkillGroup.objects.create(name="Products; old/new")
    skill = skill_create(group=group, name="Invoices: late", description='"quoted", =1+1\tand tab')
    sales = queue_create(name="Sales", actor=admin, skills={skill.pk: 60}, transfer_to=[default_queue()])
    make_agent(first_name="=HYPERLINK(1)", queues=[sales, default_queue()])
    UserFactory(role=Role.objects.get(code="agent"), nick_name="@me", phone="+34600123456")
    field = contact_field_save(field=ContactField(name="Tier", kind="choice", options=["Gold", "Silver"]))
    Contact.objects.create(
        name="-Ana",
        email="ana@example.test",
        phone="+34600123456",
        more_emails=["b@example.test", "a@example.test"],
        custom={str(field.pk): "Gold"},
    )
    Contact.objects.create(name="'Bo'", external_id="=C1", language="pt-BR")
    Contact.objects.create(name="Another Ana, who says so", email="ana@example.test")
    Response.objects.create(
        group_id=Response.objects.first().group_id,
        name="Two\tlines",
        shortcut="two",
        chat_body="One,\n\n  two; “three”",
    )
    Code.objects.create(name="Sold, at last", colour="#112233")
    return admin


@pytest.mark.parametrize("kind", ["users", "skills", "queues", "contacts", "responses", "codes", "code_sets"])
def test_what_was_exported_changes_nothing_when_it_comes_back(everything: User, kind: str) -> None:
    text = exported(kind, everything)
    job = checked(kind, text, everything)
    assert errors(job) == {}
    assert (job.new, job.changed, job.wrong) == (0, 0, 0), list(job.rows.exclude(state="same").values())
    assert job.same == job.total > 0


def test_every_kind_has_a_template_that_says_what_each_column_is(admin: User) -> None:
    for kind in all_kinds():
        for column in kind.resource(admin).columns():
            assert str(column.help)
            assert str(column.widget.hint)


class TestSkills:
    def test_are_made_with_their_group_and_changed(self, admin: User) -> None:
        group = SkillGroup.objects.create(name="Products")
        known = skill_create(group=group, name="Invoices", description="old")
        job = checked("skills", "group,name,description\nProducts,Invoices,new\nTools,Drill,\n", admin)
        assert counts(job) == (1, 1, 0, 0)
        assert job.rows.get(line=2).changes == {"description": ["old", "new"]}
        assert not SkillGroup.objects.filter(name="Tools").exists()
        known.refresh_from_db()
        assert known.description == "old"

        job.delete()
        job = imported("skills", "group,name,description\nProducts,Invoices,new\nTools,Drill,\n", admin)
        assert job.state == "done"
        known.refresh_from_db()
        assert known.description == "new"
        assert Skill.objects.filter(group__name="Tools", name="Drill").exists()

    def test_a_cell_that_is_not_acceptable_is_named(self, admin: User) -> None:
        long = "x" * 300
        job = checked("skills", f"group,name,description\nA,B,{long}\nA,,\nA,C,\nA,C,\nA,D,x,y\n", admin)
        wrong = errors(job)
        assert list(wrong[2]) == ["description"]
        assert list(wrong[3]) == ["name"]
        assert wrong[5] == {"group": ["The same as in line 4."]}
        assert "more cells" in wrong[6][""][0]
        assert job.state == "wrong"
        assert not SkillGroup.objects.filter(name="A").exists()


class TestUsers:
    def test_are_made_with_all_that_they_are_as_agents(self, admin: User) -> None:
        skill_create(group=SkillGroup.objects.create(name="Products"), name="Invoices")
        job = imported(
            "users",
            "email,first_name,role,chat_slots,skills,queues\n"
            f"new@acme.test,Nora,agent,7,Products/Invoices:expert,{default_queue().name}:preferred\n",
            admin,
        )
        assert counts(job) == (1, 0, 0, 0)
        agent = Agent.objects.get(user__email="new@acme.test")
        assert agent.capacities.get(family="chat").limit == 7
        assert agent.capacities.get(family="email").limit == 5
        assert [(each.skill.name, each.level) for each in agent.skills.filter(skill__name="Invoices")] == [
            ("Invoices", 4)
        ]
        assert agent.memberships.get().is_preferred
        assert not agent.user.has_usable_password()

    def test_are_found_whatever_the_case_of_their_address(self, admin: User) -> None:
        UserFactory(email="Ana@acme.test", first_name="Old")
        job = imported("users", "EMAIL;First_Name\nANA@ACME.TEST;New\n", admin)
        assert job.changed == 1
        assert User.objects.get(email__iexact="ana@acme.test").first_name == "New"

    @pytest.mark.parametrize(
        ("row", "column"),
        [
            ("x@acme.test,X,owner,,,", ""),
            ("x@acme.test,X,king,,,", "role"),
            ("x@acme.test,,agent,,,", "first_name"),
            ("x@acme.test,X,agent,16,,", "chat_slots"),
            ("x@acme.test,X,agent,many,,", "chat_slots"),
            ("x@acme.test,X,agent,,Nothing:good,", "skills"),
            ("x@acme.test,X,agent,,Products/Invoices,", "skills"),
            ("x@acme.test,X,agent,,,Nowhere", "queues"),
            ("no address,X,agent,,,", "email"),
            ("owner@acme.test,Mine,,,,", "email"),
        ],
    )
    def test_what_is_refused_stands_at_its_cell(self, admin: User, row: str, column: str) -> None:
        UserFactory(email="owner@acme.test", role=Role.objects.get(code="owner"))
        job = checked("users", f"email,first_name,role,chat_slots,skills,queues\n{row}\n", admin)
        assert list(errors(job)[2]) == [column]
        assert not User.objects.filter(email="x@acme.test").exists()

    def test_who_is_in_the_way_of_being_deactivated_stays(self, admin: User) -> None:
        job = checked("users", f"email,active\n{admin.email},no\n", admin)
        assert "yourself" in errors(job)[2][""][0]


class TestQueues:
    def test_may_name_one_another_in_one_file(self, admin: User) -> None:
        job = imported("queues", "name,transfer_to,priority,active\nA,B,2,yes\nB,A; A,,no\n", admin)
        assert job.new == 2
        first, second = Queue.objects.get(name="A"), Queue.objects.get(name="B")
        assert list(first.transfer_to.all()) == [second]
        assert first.priority == 2
        assert (second.priority, second.is_active) == (5, False)

    def test_what_they_name_must_be_there(self, admin: User) -> None:
        job = checked("queues", "name,hours,skills,transfer_to\nA,Never,,\nB,,X/Y,\nC,,,Nowhere\n", admin)
        assert {line: list(found) for line, found in errors(job).items()} == {
            2: ["hours"],
            3: ["skills"],
            4: ["transfer_to"],
        }


class TestContacts:
    def test_are_found_by_external_id_then_by_address(self, admin: User) -> None:
        by_id = Contact.objects.create(external_id="C1", email="old@example.test")
        by_address = Contact.objects.create(email="ana@example.test", name="Ana")
        job = imported(
            "contacts",
            "external_id,email,name,phone\nC1,New@Example.test,Cleo,\n,ANA@example.test,Ana P,+34 600 123 456\n"
            "C3,bo@example.test,Bo,\n",
            admin,
        )
        assert counts(job) == (1, 2, 0, 0)
        by_id.refresh_from_db()
        by_address.refresh_from_db()
        assert (by_id.email, by_id.name, by_id.version) == ("new@example.test", "Cleo", 1)
        assert (by_address.name, by_address.phone) == ("Ana P", "+34600123456")
        change = ContactChange.objects.get(contact=by_address)
        assert (change.before, change.actor) == ({"name": "Ana", "phone": ""}, admin)
        made = Contact.objects.get(external_id="C3")
        assert (made.email, made.proven_at, made.claims) == ("bo@example.test", None, None)

    def test_a_known_address_with_a_new_id_is_somebody_new(self, admin: User) -> None:
        """An address proves nothing: whoever has it keeps what is known of them."""
        Contact.objects.create(email="ana@example.test", name="Ana")
        assert imported("contacts", "external_id,email\nC9,ana@example.test\n", admin).new == 1

    def test_whom_the_company_vouches_for_and_whom_others_were_merged_into_stay(self, admin: User) -> None:
        kept = Contact.objects.create(email="kept@example.test")
        Contact.objects.create(external_id="gone", merged_into=kept, merged_at=now())
        job = checked("contacts", "external_id,name\ngone,X\n", admin)
        assert list(errors(job)[2]) == ["external_id"]

    def test_own_fields_are_columns(self, admin: User) -> None:
        field = contact_field_save(field=ContactField(name="Tier", kind="choice", options=["Gold"]))
        job = checked("contacts", "email,Tier\na@example.test,Gold\nb@example.test,Iron\n", admin)
        assert list(errors(job)[3]) == ["tier"]
        job.delete()
        imported("contacts", "email,Tier\na@example.test,Gold\n", admin)
        assert Contact.objects.get(email="a@example.test").custom == {str(field.pk): "Gold"}

    def test_statements_dont_grow_with_the_rows(self, admin: User, django_assert_num_queries: Any) -> None:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        def statements(number: int) -> int:
            text = "email,name\n" + "".join(f"c{n}@example.test,{number}\n" for n in range(number))
            with CaptureQueriesContext(
                connection,
            ) as seen:
                imported("contacts", text, admin)
            return len(seen)

        statements(4)
        assert statements(40) == statements(400)


class TestResponses:
    def test_are_made_and_checked(self, admin: User) -> None:
        job = checked(
            "responses",
            "group,name,shortcut,chat_body,queues\n"
            f"News,Hi,hi-there,Hello {{{{contact.first_name}}}},{default_queue().name}\nNews,Bad,bad,{{{{nobody}}}},\n",
            admin,
        )
        assert list(errors(job)) == [3]
        assert list(errors(job)[3]) == ["chat_body"]
        job.delete()
        imported(
            "responses", f"group,name,shortcut,chat_body,queues\nNews,Hi,hi-there,Hello,{default_queue().name}\n", admin
        )
        assert Response.objects.get(shortcut="hi-there").queues_only


class TestDispositions:
    def test_sets_keep_the_order_of_their_codes(self, admin: User) -> None:
        imported("codes", "name,colour\nB,#000000\nA,\n", admin)
        imported("code_sets", "name,codes\nEnd,B; A\n", admin)
        entries = CodeSet.objects.get(name="End").entries.all()
        assert [entry.code.name for entry in entries] == ["B", "A"]

    def test_the_systems_code_stays(self, admin: User) -> None:
        code = Code.objects.filter(is_system=True).first()
        assert code is not None
        job = checked("codes", f"name,description\n{code.name},mine\n", admin)
        assert errors(job)[2][""]


def test_a_tenant_knows_nothing_of_anothers_rows(everything: User, globex: Any) -> None:
    text = exported("skills", everything)
    with tenant_context(globex):
        admin = make_agent(role=Role.objects.get(code="administrator")).user
        assert "Invoices" not in exported("skills", admin)
        job = checked("skills", text, admin)
        assert job.new >= 1
    assert kind_by_code("skills") is not None
