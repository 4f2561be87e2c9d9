"""What administrators write on the pages of routing."""

from typing import Any

import pytest

from apps.routing.models import ChannelRules, Flow, RoutingSettings, WaitingExperience
from tests.support.admin_pages import errors, fields
from tests.support.browser import signed_in, user_as
from tests.support.people import default_queue

pytestmark = pytest.mark.django_db


def test_agt_6_rte_12_answering_rules(acme: Any) -> None:
    browser, page = signed_in(user_as("administrator")), "/admin/routing/channelrules/chat/change/"
    data = fields(browser.get(page)) | {"answer_mode": "auto", "first_response_seconds": "45", "may_pick": "on"}
    answer = browser.post(page, data)
    assert answer.status_code == 302, errors(answer)
    rules = ChannelRules.objects.get(family="chat")
    assert (rules.answer_mode, rules.first_response_seconds, rules.may_pick, rules.offer_seconds) == (
        "auto",
        45,
        True,
        30,
    )
    assert browser.post(page, data | {"first_response_seconds": "4"}).status_code == 200


def test_rte_4_flows(acme: Any) -> None:
    browser, queue = signed_in(user_as("administrator")), default_queue()
    stock = Flow.objects.get(trigger="no_agents")
    page = f"/admin/routing/flow/{stock.pk}/change/"
    data = fields(browser.get(page)) | {"message": "Nobody is free.", "exit": "end", "trigger": "out_of_hours"}
    answer = browser.post(page, data)
    assert answer.status_code == 302, errors(answer)
    stock.refresh_from_db()
    assert (stock.message, stock.exit, stock.trigger) == ("Nobody is free.", "end", "no_agents")
    form = {"name": "Night", "trigger": "out_of_hours", "message": "Good night.", "exit": "queue"}
    refused = browser.post("/admin/routing/flow/add/", form)
    assert "Name the other queue exactly when" in refused.content.decode()
    form |= {"exit": "end", "queues": [str(queue.pk)]}
    assert browser.post("/admin/routing/flow/add/", form).status_code == 302
    night = Flow.objects.get(name="Night")
    assert list(night.queues.all()) == [queue]
    assert browser.post(f"/admin/routing/flow/{night.pk}/delete/", {"post": "yes"}).status_code == 302
    assert browser.post(f"/admin/routing/flow/{stock.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Flow.objects.count() == 2


def test_rte_5_waiting_experiences(acme: Any) -> None:
    browser, queue = signed_in(user_as("administrator")), default_queue()
    default = WaitingExperience.objects.get()
    page = f"/admin/routing/waitingexperience/{default.pk}/change/"
    data = fields(browser.get(page))
    answer = browser.post(page, data | {"repeats": "One, two\r\n\r\n  Three ", "repeat_seconds": "30"})
    assert answer.status_code == 302, errors(answer)
    default.refresh_from_db()
    assert (default.repeats, default.repeat_seconds) == (["One, two", "Three"], 30)
    for wrong in (
        {"repeat_seconds": "9"},
        {"repeats": "x\n" * 11},
        {"repeats": "x" * 501},
        {"queues": [str(queue.pk)]},
    ):
        assert browser.post(page, data | wrong).status_code == 200, wrong
    form = {"name": "Sales", "first_message": "Hi", "repeat_seconds": "60", "queues": [str(queue.pk)]}
    assert browser.post("/admin/routing/waitingexperience/add/", form).status_code == 302
    again = browser.post("/admin/routing/waitingexperience/add/", form | {"name": "Again"})
    assert "has “Sales” already" in again.content.decode()
    assert WaitingExperience.objects.count() == 2


def test_rte_4_settings_are_there_from_the_start(acme: Any) -> None:
    browser, page = signed_in(user_as("administrator")), "/admin/routing/routingsettings/1/change/"
    answer = browser.post(page, {"flow_at_closing": "on"})
    assert answer.status_code == 302, errors(answer)
    settings = RoutingSettings.objects.get()
    assert (settings.match_language, settings.flow_at_closing) == (False, True)
