"""The rules of transfers as administrators set them, and what each of them changes (XFR-1 to XFR-3)."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from apps.conversations.models import Conversation
from apps.transfers.actions import transfer_settings_save
from apps.transfers.choices import Destinations
from apps.transfers.destinations import destinations_for
from apps.transfers.models import TransferSettings
from tests.support.browser import signed_in, user_as
from tests.support.pages import elements
from tests.support.transfers import pair, queue

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/admin/transfers/transfersettings/1/change/"


def kinds(mine: Conversation, sender: Any) -> list[str]:
    """Kinds of the destinations that are offered."""
    found = destinations_for(mine, sender.user)
    return [row.key.partition(":")[0] for row in found.rows]


def test_what_holds_from_the_start(acme: Any) -> None:
    """XFR-1 and XFR-3 are off; queues and agents are destinations."""
    settings = TransferSettings.load()
    assert (settings.destinations, settings.to_queues, settings.to_agents) == (Destinations.BOTH, True, True)
    assert (settings.enforces_skills, settings.skills_live, settings.skills_on_transfer) == (False, False, False)


def test_administrators_set_it_up_and_supervisors_do_not(acme: Any) -> None:
    TransferSettings.load()
    form = {"destinations": "queues", "enforces_skills": "on", "skills_on_transfer": "on"}
    assert signed_in(user_as("supervisor")).post(PAGE, form).status_code == 403
    assert TransferSettings.load().destinations == Destinations.BOTH
    administrator = signed_in(user_as("administrator"))
    shown = {each.get("name") for each in elements(administrator.get(PAGE), "input")}
    assert {"enforces_skills", "skills_live", "skills_on_transfer"} <= shown
    assert administrator.post(PAGE, form).status_code == 302
    settings = TransferSettings.load()
    assert (settings.destinations, settings.enforces_skills) == (Destinations.QUEUES, True)
    assert (settings.skills_live, settings.skills_on_transfer) == (False, True)


def test_what_is_no_destination_is_refused(acme: Any) -> None:
    settings = TransferSettings.load()
    page = signed_in(user_as("administrator")).post(PAGE, {"destinations": "nowhere"})
    assert page.status_code == 200
    assert "nowhere" in page.content.decode()
    settings.destinations = "nowhere"
    with pytest.raises(ValidationError) as refusal:
        transfer_settings_save(settings=settings)
    assert list(refusal.value.message_dict) == ["destinations"]


@pytest.mark.parametrize(
    ("destinations", "expected"), [("both", ["queue", "agent"]), ("queues", ["queue"]), ("agents", ["agent"])]
)
def test_only_what_it_names_is_offered(acme: Any, destinations: str, expected: list[str]) -> None:
    """XFR-2."""
    sender, _receiver, mine = pair()
    queue()
    settings = TransferSettings.load()
    settings.destinations = destinations
    transfer_settings_save(settings=settings)
    assert kinds(mine, sender) == expected
