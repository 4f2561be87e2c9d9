"""When a conversation may be snoozed, for how long, and what that does (SNZ-1 to SNZ-3, AGT-8)."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from apps.accounts.actions import user_deactivate
from apps.accounts.events import UserSigningOut
from apps.agents.models import Agent
from apps.clocks.models import ReplyClock
from apps.conversations.actions import conversation_end
from apps.conversations.choices import Side, State
from apps.conversations.events import ConversationSnoozing
from apps.conversations.models import Conversation, ConversationEvent, Message
from apps.core import events
from apps.core.errors import DomainError
from apps.core.events import announce
from apps.routing.choices import AnswerMode
from apps.routing.models import ChannelRules
from apps.snooze.actions import conversation_snooze, conversation_wake, snooze_settings_save
from apps.snooze.models import Snooze, SnoozeSettings
from apps.snooze.selectors import options_for, snoozes_of
from apps.timers.models import Wakeup
from apps.timers.reconciliation import tenant_wakeups_reconcile
from tests.support import invariants
from tests.support.browser import signed_in, user_as
from tests.support.people import arrive, make_agent, ringing, talk
from tests.support.snoozes import QUARTER, answered, say, snooze_of, snoozed, state, switch_on, used

pytestmark = pytest.mark.django_db(transaction=True)


def refused(conversation: Conversation, agent: Agent, option: str = "15", **how: Any) -> tuple[str, str]:
    """Why it can't be snoozed; nothing may have changed."""
    before = (state(conversation), conversation.version, used(agent), Snooze.objects.count())
    with pytest.raises(DomainError) as refusal:
        conversation_snooze(conversation_id=conversation.pk, option=option, actor=agent.user, **how)
    assert (state(conversation), conversation.version, used(agent), Snooze.objects.count()) == before
    return refusal.value.code, str(refusal.value.message)


# --- Refusals


def test_off_by_default(acme: Any) -> None:
    """SNZ-1."""
    agent = make_agent()
    assert refused(answered(agent), agent) == ("snooze_off", "Snooze is switched off.")


def test_not_while_the_agent_owes_a_reply(acme: Any) -> None:
    """SNZ-2."""
    switch_on()
    agent = make_agent()
    owed = ("reply_owed", "The customer waits for your answer: reply before you snooze.")
    conversation = talk(agent)
    assert refused(conversation, agent) == owed
    say(conversation, agent)
    say(conversation)
    assert refused(conversation, agent) == owed


def test_not_while_overdue(acme: Any) -> None:
    """SNZ-2."""
    switch_on()
    agent = make_agent()
    conversation = talk(agent)
    ReplyClock.objects.filter(pk=conversation.pk).update(stage="overdue")
    assert refused(conversation, agent) == ("overdue", "Your answer is overdue: reply before you snooze.")


def test_not_before_the_first_word_of_one_that_opened_by_itself(acme: Any) -> None:
    """AGT-6."""
    switch_on()
    ChannelRules.objects.filter(family="chat").update(answer_mode=AnswerMode.AUTO)
    agent = make_agent()
    conversation = arrive()
    Conversation.objects.filter(pk=conversation.pk).update(unanswered_since=None)
    expected = ("reply_first", "Send a first message before you snooze this conversation.")
    assert refused(conversation, agent) == expected


def test_not_in_wrap_up_not_twice_and_not_somebody_elses(acme: Any) -> None:
    switch_on()
    agent, other = make_agent(), make_agent(available=False)
    over, asleep, mine = answered(agent), snoozed(agent), answered(agent)
    conversation_end(conversation_id=over.pk, by=Side.CUSTOMER, actor=None)
    assert refused(over, agent) == ("conversation_ended", "This conversation has ended: wrap it up instead.")
    assert refused(asleep, agent) == ("snoozed_already", "This conversation is snoozed already.")
    assert refused(mine, other) == ("not_yours", "This conversation is not with you.")
    with pytest.raises(DomainError, match="not_yours"):
        conversation_wake(conversation_id=asleep.pk, actor=other.user)


def test_an_app_beside_may_have_something_against_it(acme: Any, monkeypatch: Any) -> None:
    """A transfer under way, for instance."""
    switch_on()

    def veto(event: ConversationSnoozing) -> None:
        raise DomainError("transfer_pending", "It is being transferred.")

    monkeypatch.setitem(events._handlers, ConversationSnoozing, [veto])
    agent = make_agent()
    assert refused(answered(agent), agent) == ("transfer_pending", "It is being transferred.")


def test_only_what_is_offered(acme: Any) -> None:
    """SNZ-1."""
    switch_on(minutes=[30], tomorrow_at=None)
    agent = make_agent()
    conversation = answered(agent)
    gone = ("snooze_not_offered", "This length is not offered any more. Choose another one.")
    for option in ("15", "tomorrow", "", "-5"):
        assert refused(conversation, agent, option) == gone
    soon = timezone.now() + QUARTER
    expected = ("snooze_not_offered", "Choose one of the lengths that are offered.")
    assert refused(conversation, agent, "custom", until=soon) == expected


def test_any_end_up_to_30_days_where_that_is_allowed(acme: Any) -> None:
    """SNZ-1."""
    switch_on(allows_custom=True)
    agent = make_agent()
    conversation = answered(agent)
    now = timezone.now()
    past = ("snooze_until_past", "Choose a date and time that is still to come.")
    assert refused(conversation, agent, "custom") == past
    assert refused(conversation, agent, "custom", until=now - timedelta(seconds=1)) == past
    too_long = ("snooze_too_long", "A conversation can be snoozed for 30 days at most.")
    assert refused(conversation, agent, "custom", until=now + timedelta(days=30, minutes=1)) == too_long
    until = now + timedelta(days=30)
    assert conversation_snooze(conversation_id=conversation.pk, option="custom", until=until, actor=agent.user)
    assert snooze_of(conversation).until == until


# --- Lengths


def test_the_lengths_that_are_offered_at_first(acme: Any) -> None:
    """SNZ-1: 15 min, 1 h, 4 h, tomorrow 09:00 in the agent's zone."""
    agent = user_as("agent", time_zone="Europe/Madrid")
    now = datetime(2026, 3, 28, 22, 30, tzinfo=UTC)
    offered = [(each.key, each.label, each.until) for each in options_for(SnoozeSettings(), agent, now)]
    assert offered == [
        ("15", "15 minutes", datetime(2026, 3, 28, 22, 45, tzinfo=UTC)),
        ("60", "1 hour", datetime(2026, 3, 28, 23, 30, tzinfo=UTC)),
        ("240", "4 hours", datetime(2026, 3, 29, 2, 30, tzinfo=UTC)),
        # The clocks go forward in between: 09:00 there is 07:00 UTC.
        ("tomorrow", "Tomorrow, 09:00", datetime(2026, 3, 29, 7, 0, tzinfo=UTC)),
    ]
    assert options_for(SnoozeSettings(minutes=[1440, 2880]), agent, now)[1].label == "2 days"


def test_settings_are_checked_and_in_order(acme: Any) -> None:
    settings: SnoozeSettings = SnoozeSettings.load()
    settings.minutes = [60, 5, 60]
    assert snooze_settings_save(settings=settings).minutes == [5, 60]
    for field, wrong in (
        ("minutes", [0]),
        ("minutes", [30 * 24 * 60 + 1]),
        ("minutes", list(range(1, 10))),
        ("grace_seconds", 3601),
    ):
        settings = SnoozeSettings.load()
        setattr(settings, field, wrong)
        with pytest.raises(ValidationError) as refusal:
            snooze_settings_save(settings=settings)
        assert list(refusal.value.message_dict) == [field]


def test_administrators_set_it_up_and_supervisors_do_not(acme: Any) -> None:
    assert not SnoozeSettings.load().is_on
    page = "/admin/snooze/snoozesettings/1/change/"
    form = {
        "is_on": "on",
        "minutes": "10, 45",
        "tomorrow_at": "08:30",
        "wakes_on_message": "on",
        "grace_seconds": "60",
        "may_sign_out": "on",
    }
    assert signed_in(user_as("supervisor")).post(page, form).status_code == 403
    assert signed_in(user_as("administrator")).post(page, form).status_code == 302
    settings = SnoozeSettings.load()
    assert (settings.is_on, settings.minutes, settings.tomorrow_at) == (True, [10, 45], time(8, 30))
    assert (settings.grace_seconds, settings.allows_custom, settings.may_sign_out) == (60, False, True)


# --- What it does


def test_it_frees_the_slot_and_the_next_in_line_rings(acme: Any) -> None:
    """SNZ-3."""
    switch_on()
    agent = make_agent(chat=1)
    conversation = answered(agent)
    waiting = arrive("next")
    snooze = conversation_snooze(conversation_id=conversation.pk, option="15", actor=agent.user)
    assert state(conversation) == State.SNOOZED
    assert conversation.agent_id == agent.pk
    assert (snooze.until - snooze.started_at, snooze.due_at) == (QUARTER, snooze.until)
    assert snooze.segment == conversation.segments.get(ended_at=None)
    offer = ringing(waiting)
    assert offer is not None
    assert (offer.agent_id, used(agent)) == (agent.pk, 1)
    event = ConversationEvent.objects.get(kind="snoozed")
    assert (event.actor, event.data) == (agent.user, {"until": snooze.until.isoformat()})
    # The customer is told nothing: the last line is the agent's.
    assert Message.objects.filter(conversation=conversation).latest("number").kind == "text"
    invariants.check_all()


def test_it_pauses_the_reply_clock(acme: Any) -> None:
    """SNZ-3."""
    switch_on()
    conversation = snoozed(make_agent())
    clock = ReplyClock.objects.get(pk=conversation.pk)
    assert clock.paused_at is not None
    assert clock.due_at is None
    assert not Wakeup.objects.filter(kind="clocks.reply").exists()


def test_count_and_total_are_kept(acme: Any) -> None:
    """SNZ-5."""
    switch_on()
    agent = make_agent()
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        conversation = snoozed(agent)
    with time_machine.travel(now + timedelta(minutes=5), tick=False):
        conversation_wake(conversation_id=conversation.pk, actor=agent.user)
    with time_machine.travel(now + timedelta(minutes=7), tick=False):
        conversation_snooze(conversation_id=conversation.pk, option="60", actor=agent.user)
    snoozes = snoozes_of([conversation.pk])[conversation.pk]
    assert snoozes.open == snooze_of(conversation)
    assert (snoozes.count, snoozes.total(now + timedelta(minutes=10))) == (2, timedelta(minutes=8))


def test_a_wake_up_that_was_lost_is_found_again(acme: Any) -> None:
    """SNZ-5."""
    switch_on()
    conversation = snoozed(make_agent())
    assert tenant_wakeups_reconcile(schema="acme", repair=True) == []
    Wakeup.objects.filter(kind="snooze.wake").delete()
    (difference,) = tenant_wakeups_reconcile(schema="acme", repair=True)
    assert (difference.kind, difference.wanted) == ("snooze.wake", snooze_of(conversation).until)
    assert tenant_wakeups_reconcile(schema="acme", repair=False) == []


# --- Leaving


def sign_out(agent: Agent) -> None:
    with transaction.atomic():
        announce(UserSigningOut(agent.user))


def test_signing_out_with_a_snoozed_one_where_that_is_not_allowed(acme: Any) -> None:
    """AGT-8."""
    switch_on()
    agent = make_agent()
    snoozed(agent)
    with pytest.raises(DomainError) as refusal:
        sign_out(agent)
    expected = f"{agent.user} still has 1 snoozed conversation: wake it, and transfer or end it, first."
    assert (refusal.value.code, refusal.value.message) == ("user_busy", expected)


def test_signing_out_and_leaving_snoozed_ones_behind(acme: Any) -> None:
    """AGT-8: but nothing else."""
    switch_on(may_sign_out=True)
    agent = make_agent()
    conversation = snoozed(agent)
    live = answered(agent)
    with pytest.raises(DomainError, match="user_busy"):
        sign_out(agent)
    conversation_end(conversation_id=live.pk, by=Side.CUSTOMER, actor=None)
    with pytest.raises(DomainError, match="user_busy"):
        sign_out(agent)
    Conversation.objects.filter(pk=live.pk).update(state="closed", closed_at=timezone.now())
    sign_out(agent)
    agent.refresh_from_db()
    assert (agent.base, state(conversation)) == ("offline", State.SNOOZED)


def test_a_snoozed_one_keeps_its_agent_from_being_deactivated(acme: Any) -> None:
    """TEN-7."""
    switch_on(may_sign_out=True)
    agent = make_agent()
    make_agent(available=False)
    snoozed(agent)
    with pytest.raises(DomainError, match="user_busy"):
        user_deactivate(user=agent.user, actor=None)
