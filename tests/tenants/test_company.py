"""What a company says of itself, and what begins with it: zones, languages, roles that may be given."""

from typing import Any

import pytest
from django_tenants.utils import tenant_context

from apps.accounts.actions import user_create
from apps.accounts.models import Role, User
from apps.agents.models import AgentSkill
from apps.queues.actions import skill_create
from apps.queues.models import HoursProfile, Queue, Skill, SkillGroup
from apps.tenants.models import Company, Tenant
from tests.support.admin_pages import errors, fields, user_page
from tests.support.browser import signed_in, user_as
from tests.support.people import PASSWORD, make_agent

pytestmark = pytest.mark.django_db


@pytest.fixture
def madrid(acme: Any) -> Any:
    """A company in Madrid whose people speak Spanish; put back, since its row belongs to no one test."""
    Tenant.objects.filter(pk=acme.pk).update(time_zone="Europe/Madrid", language="es")
    yield acme
    Tenant.objects.filter(pk=acme.pk).update(time_zone="UTC", language="en")


def company_page() -> str:
    return f"/admin/tenants/company/{Company.objects.get().pk}/change/"


def test_ten_3_an_administrator_says_where_the_company_is(madrid: Any) -> None:
    browser = signed_in(user_as("administrator"))
    assert browser.get("/admin/tenants/company/")["Location"] == company_page()
    form = fields(browser.get(company_page())) | {"time_zone": "Asia/Tokyo", "language": "ja", "name": "Another"}
    answer = browser.post(company_page(), form)
    assert answer.status_code == 302, errors(answer)
    company = Company.objects.get()
    assert (company.time_zone, company.language, company.name) == ("Asia/Tokyo", "ja", madrid.name)
    assert browser.post(company_page(), form | {"time_zone": "Mars/Olympus"}).status_code == 200


def test_ten_1_a_company_is_nobody_elses(acme: Any, globex: Any) -> None:
    with tenant_context(globex):
        other = Company.objects.get().pk
    browser = signed_in(user_as("owner"))
    page = f"/admin/tenants/company/{other}/change/"
    assert browser.get(page).status_code == 302
    browser.post(page, {"time_zone": "Asia/Tokyo", "language": "ja"})
    assert Tenant.objects.get(pk=other).time_zone == "UTC"


def test_rte_3_new_hours_begin_with_the_companys_zone(madrid: Any) -> None:
    browser = signed_in(user_as("administrator"))
    form = fields(browser.get("/admin/queues/hoursprofile/add/")) | {"name": "Evenings"}
    assert form["time_zone"] == "Europe/Madrid"
    answer = browser.post("/admin/queues/hoursprofile/add/", form)
    assert answer.status_code == 302, errors(answer)
    assert HoursProfile.objects.get(name="Evenings").time_zone == "Europe/Madrid"


def test_ten_4_new_people_begin_with_the_companys_zone_and_language(madrid: Any) -> None:
    spanish = skill_create(group=SkillGroup.objects.get(), name="Spanish", language="es")
    skill_create(group=SkillGroup.objects.get(), name="English", language="en")
    browser = signed_in(user_as("administrator"))
    page = browser.get("/admin/accounts/user/add/")
    assert fields(page)["time_zone"] == "Europe/Madrid"
    assert 'data-theme="admin-autocomplete"' in page.content.decode()  # a list that can be searched
    made = user_create(
        email="ada@acme.test", first_name="Ada", role=Role.objects.get(code="agent"), password=PASSWORD, actor=None
    )
    assert made.time_zone == "Europe/Madrid"
    assert list(AgentSkill.objects.filter(agent=made.pk).values_list("skill", "level")) == [(spanish.pk, 3)]


def test_rte_1_a_region_is_no_language_of_its_own(madrid: Any) -> None:
    portuguese = skill_create(group=SkillGroup.objects.get(), name="Portuguese", language="pt")
    Tenant.objects.filter(pk=madrid.pk).update(language="pt-br")
    assert list(AgentSkill.objects.filter(agent=user_as("agent").pk).values_list("skill", flat=True)) == [portuguese.pk]


def test_ten_4_nobody_speaks_what_is_no_skill(madrid: Any) -> None:
    assert not AgentSkill.objects.filter(agent=user_as("agent").pk).exists()


@pytest.mark.parametrize(("role", "offered"), [("administrator", False), ("owner", True)])
def test_ten_5_the_owners_role_is_offered_by_owners_alone(acme: Any, role: str, offered: bool) -> None:
    page = signed_in(user_as(role)).get("/admin/accounts/user/add/").content.decode()
    owner = str(Role.objects.get(code="owner").pk)
    assert (f'value="{owner}"' in page) is offered
    assert str(Role.objects.get(code="administrator").pk) in page


def test_rte_3_a_supervisor_reads_the_hours(acme: Any) -> None:
    profile = HoursProfile.objects.get()
    Queue.objects.update(hours=profile)
    supervisor = make_agent(available=False, role=Role.objects.get(code="supervisor")).user
    page = signed_in(supervisor).get(f"/admin/queues/hoursprofile/{profile.pk}/change/").content.decode()
    assert page.count("09:00–18:00") == 2 * 5  # the days' fields and the picture of the week
    assert Skill.objects.exists()


def test_ten_4_a_zone_that_is_no_place_stays(acme: Any) -> None:
    user, browser = user_as("agent"), signed_in(user_as("administrator"))
    User.objects.filter(pk=user.pk).update(time_zone="Japan")
    form = fields(browser.get(user_page(user))) | {"phone": "+4930123456"}
    assert 'value="Japan" selected' in browser.get(user_page(user)).content.decode()
    assert browser.post(user_page(user), form).status_code == 302
    assert User.objects.get(pk=user.pk).time_zone == "Japan"
