"""Two administrators with the same page open: the second doesn't write over the first's change in silence."""

from typing import Any

import pytest

from apps.agents.models import AgentSettings
from apps.queues.actions import queue_update
from apps.queues.models import Queue
from tests.support.admin_pages import errors, fields, settings_fields
from tests.support.browser import Browser, signed_in, user_as
from tests.support.people import default_queue
from tests.support.race import race

pytestmark = pytest.mark.django_db


def address(queue: Queue) -> str:
    return f"/admin/queues/queue/{queue.pk}/change/"


def opened(browser: Browser, queue: Queue) -> dict[str, Any]:
    """What the page would send as it was opened."""
    page: Any = browser.get(address(queue))
    return fields(page) | {"_version": page.context["version"].value}


def test_a_page_that_is_still_as_it_was_is_saved(acme: Any) -> None:
    owner, queue = signed_in(user_as("owner")), default_queue()
    for priority in (2, 3):
        assert owner.post(address(queue), opened(owner, queue) | {"priority": priority}).status_code == 302


def test_the_second_is_told_what_the_first_has_changed(acme: Any) -> None:
    owner, queue = signed_in(user_as("owner")), default_queue()
    ada = user_as("administrator", first_name="Ada", last_name="Lovelace")
    page = opened(owner, queue)
    queue_update(queue=queue, fields={"priority": 2}, actor=ada)
    answer: Any = owner.post(address(queue), page | {"description": "Mine"})
    assert answer.status_code == 200
    assert "Ada Lovelace" in errors(answer)
    assert "Priority: 5 → 2" in errors(answer)
    assert 'value="Mine"' in answer.content.decode()
    assert Queue.objects.get(pk=queue.pk).description != "Mine"
    # Sent once more without a word it is refused again; with the box ticked it counts.
    again = page | {"description": "Mine", "_version": answer.context["version"].value}
    assert owner.post(address(queue), again).status_code == 200
    assert owner.post(address(queue), again | {"_write_over": "on"}).status_code == 302
    queue.refresh_from_db()
    assert (queue.description, queue.priority) == ("Mine", 5)


def test_what_was_written_about_another_row_is_no_reason(acme: Any) -> None:
    owner, queue = signed_in(user_as("owner")), default_queue()
    other = Queue.objects.create(name="Other")
    page = opened(owner, queue)
    queue_update(queue=other, fields={"priority": 2}, actor=None)
    assert owner.post(address(queue), page | {"priority": 3}).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_one_is_told(acme: Any) -> None:
    queue, both = default_queue(), [signed_in(user_as("owner")) for _ in range(2)]
    pages = [opened(browser, queue) for browser in both]

    def save(place: int) -> int:
        return both[place].post(address(queue), pages[place] | {"priority": place + 1}).status_code

    assert sorted(race([lambda: save(0), lambda: save(1)])) == [200, 302]


def test_a_settings_page_tells_it_of_the_part_that_it_is_about(acme: Any) -> None:
    owner = signed_in(user_as("owner"))
    page: Any = owner.get("/admin/settings/routing/")
    versions = {part.version.name: part.version.value for part in page.context["parts"]}
    sent = settings_fields(page) | versions
    name = next(each for each in sent if each.endswith("-login_prep_seconds"))
    assert owner.post("/admin/settings/routing/", sent | {name: "1 min"}).status_code == 302
    answer: Any = owner.post("/admin/settings/routing/", sent | {name: "2 min"})
    assert answer.status_code == 200
    (stale,) = [part for part in answer.context["parts"] if part.form.errors]
    assert stale.version.value == versions[stale.version.name]
    box = stale.version.over
    assert f'name="{box}"' in answer.content.decode()
    assert owner.post("/admin/settings/routing/", sent | {name: "2 min", box: "on"}).status_code == 302
    assert AgentSettings.load().login_prep_seconds == 120
