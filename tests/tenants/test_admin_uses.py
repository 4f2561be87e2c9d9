"""“Used by” on the pages of what is set up: all that names a row, of what the viewer may see."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Role
from apps.agents.models import AgentSkill
from apps.dispositions.actions import code_set_save
from apps.dispositions.models import CodeSet
from apps.queues.actions import hours_create, queue_create, skill_create
from apps.queues.models import HoursProfile, Queue, SkillGroup
from apps.surveys.actions import survey_save
from apps.surveys.models import Survey
from tests.support.browser import Browser, signed_in, user_as
from tests.support.people import default_queue, make_agent

pytestmark = pytest.mark.django_db


def used_by(browser: Browser, address: str) -> dict[str, list[str]]:
    """What the panel names, by kind."""
    page = browser.get(address).content.decode()
    panel = re.search(r'<section id="used-by".*?</section>', page, re.DOTALL)
    assert panel, "no panel"
    kinds = re.findall(r"<dt>(.*?)</dt>(.*?)</div>", panel[0], re.DOTALL)
    return {
        title: [text.strip() for text in re.findall(r"<a [^>]*>(.*?)</a>", rows, re.DOTALL)] for title, rows in kinds
    }


def page_of(row: Any) -> str:
    return f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/"


def test_what_names_a_queue_itself_or_by_a_link(acme: Any) -> None:
    queue, other = default_queue(), queue_create(name="Sales", actor=None)
    code_set_save(code_set=CodeSet(name="Returns"), queues=[queue])
    code_set_save(code_set=CodeSet(name="Elsewhere"), queues=[other])
    survey_save(survey=Survey(name="Stars"), queues=[queue], actor=None)
    other.transfer_to.add(queue)
    named = used_by(signed_in(user_as("owner")), page_of(queue))
    assert named["Disposition sets"] == ["Returns"]
    assert named["Surveys"] == ["Stars"]
    assert named["Queues"] == ["Sales"]
    assert "Conversations" not in named


def test_what_names_a_skill_in_its_tables(acme: Any) -> None:
    skill = skill_create(name="Bicycles", group=SkillGroup.objects.get())
    queue_create(name="Repairs", skills={skill.pk: None}, actor=None)
    agent = make_agent(available=False)
    AgentSkill.objects.create(agent=agent, skill=skill)
    named = used_by(signed_in(user_as("owner")), page_of(skill))
    assert named == {"Queues": ["Repairs"], "Users": [str(agent.user)]}


def test_ten_of_a_kind_are_named_and_the_others_counted(acme: Any) -> None:
    hours = hours_create(name="Nights", time_zone="UTC", week={}, actor=None)
    for number in range(12):
        queue_create(name=f"Queue {number:02}", hours=hours, actor=None)
    named = used_by(signed_in(user_as("owner")), page_of(hours))["Queues"]
    assert named == [*(f"Queue {number:02}" for number in range(10)), "and 2 more"]


def test_supervisors_are_told_of_what_they_see(acme: Any) -> None:
    hours = HoursProfile.objects.get()
    Queue.objects.update(hours=hours)
    queue_create(name="Theirs", hours=hours, actor=None)
    supervisor = make_agent(role=Role.objects.get(code="supervisor"), available=False)
    assert used_by(signed_in(supervisor.user), page_of(hours)) == {"Queues": [default_queue().name]}


def test_a_refused_delete_leads_to_what_stands_in_the_way(acme: Any) -> None:
    hours = HoursProfile.objects.get()
    Queue.objects.update(hours=hours)
    owner = signed_in(user_as("owner"))
    address = page_of(hours).replace("change", "delete")
    assert owner.post(address, {"post": "yes"})["Location"] == f"{page_of(hours)}#used-by"


def test_what_nothing_uses_says_so_and_a_dialog_nothing(acme: Any) -> None:
    hours = hours_create(name="Nights", time_zone="UTC", week={}, actor=None)
    owner = signed_in(user_as("owner"))
    assert "Nothing that you may see uses it." in owner.get(page_of(hours)).content.decode()
    assert 'id="used-by"' not in owner.get(f"{page_of(hours)}?_popup=1").content.decode()


def test_it_costs_no_statement_for_each_row(acme: Any) -> None:
    hours, owner = hours_create(name="Nights", time_zone="UTC", week={}, actor=None), signed_in(user_as("owner"))
    owner.get(page_of(hours))
    counts = []
    for name in ("One", "Two", "Three"):
        queue_create(name=name, hours=hours, actor=None)
        with CaptureQueriesContext(connection) as statements:
            owner.get(page_of(hours))
        counts.append(len(statements))
    assert len(set(counts)) == 1
