import time
from uuid import UUID

import msgspec
import pytest
from django.db import connection, transaction
from django_tenants.utils import schema_context, tenant_context
from structlog.testing import capture_logs

from apps.realtime.publish import (
    UNSTORED_SECONDS,
    agent_group,
    conversation_group,
    publish,
    publish_now,
    publish_unstored,
)
from apps.timers.models import Wakeup
from tests.support.group_listener import GroupListener

ID = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
AGENT = agent_group(ID)
ROOM = conversation_group(ID)

pytestmark = pytest.mark.django_db(transaction=True)


class Said(msgspec.Struct, frozen=True, tag="said"):
    number: int


def said(number):
    return {"type": "said", "number": number}


@pytest.fixture
def ears(acme, globex):
    with GroupListener(("acme", AGENT), ("acme", ROOM), ("globex", AGENT)) as listener:
        yield listener


def test_nothing_is_told_before_the_commit(ears):
    with transaction.atomic():
        publish(Said(number=1), groups=[AGENT])
        assert ears.heard() == []
    assert ears.heard(1) == [("acme", AGENT, said(1))]


def test_nothing_is_told_of_what_was_rolled_back(ears):
    with pytest.raises(LookupError), transaction.atomic():
        publish(Said(number=1), groups=[AGENT])
        raise LookupError
    assert ears.heard() == []


def test_outside_a_transaction_there_is_nothing_to_wait_for(ears):
    with pytest.raises(RuntimeError, match="inside the action's transaction"):
        publish(Said(number=1), groups=[AGENT])
    assert ears.heard() == []


def test_every_frame_needs_a_type(ears):
    with transaction.atomic(), pytest.raises(ValueError, match="needs a type"):
        publish({"number": 1}, groups=[AGENT])


def test_the_tenant_is_the_one_of_the_call(ears, globex):
    with transaction.atomic():
        with tenant_context(globex):
            publish(Said(number=1), groups=[AGENT])
        publish(Said(number=2), groups=[AGENT])
    assert ears.heard(2) == [("globex", AGENT, said(1)), ("acme", AGENT, said(2))]


def test_the_tenant_is_the_one_of_the_call_even_if_the_schema_changed_before_the_commit(acme, ears):
    with schema_context("public"):
        with transaction.atomic():
            connection.set_tenant(acme)
            publish(Said(number=1), groups=[AGENT])
            connection.set_schema("globex")
        assert ears.heard(1) == [("acme", AGENT, said(1))]


def test_the_frame_is_the_one_of_the_call(ears):
    frame = {"type": "said", "number": 1}
    with transaction.atomic():
        publish(frame, groups=[AGENT])
        frame["number"] = 2
    assert ears.heard(1) == [("acme", AGENT, said(1))]


def test_frames_keep_their_order_over_groups_and_savepoints(ears):
    with transaction.atomic():
        publish(Said(number=1), groups=[AGENT, ROOM])
        with transaction.atomic():
            publish(Said(number=2), groups=[ROOM])
            with transaction.atomic():
                publish(Said(number=3), groups=[AGENT])
            publish(Said(number=4), groups=[AGENT])
        publish(Said(number=5), groups=[ROOM])
    assert ears.heard(6) == [
        ("acme", AGENT, said(1)),
        ("acme", ROOM, said(1)),
        ("acme", ROOM, said(2)),
        ("acme", AGENT, said(3)),
        ("acme", AGENT, said(4)),
        ("acme", ROOM, said(5)),
    ]


LAST_IS_ROLLED_BACK = [[1, 2], [1], [2, 3], []]


def test_savepoints_that_were_rolled_back_are_left_out_wherever_they_stood(ears):
    def attempt(number, *, fails):
        try:
            with transaction.atomic():
                publish(Said(number=number), groups=[AGENT])
                if fails:
                    raise LookupError
        except LookupError:
            pass

    for round_, failing in enumerate(LAST_IS_ROLLED_BACK):
        with transaction.atomic():
            for number in range(4):
                attempt(round_ * 10 + number, fails=number not in failing)
        expected = [("acme", AGENT, said(round_ * 10 + number)) for number in failing]
        assert ears.heard(len(expected)) == expected


def test_an_inner_rollback_takes_its_own_savepoints_with_it(ears):
    with transaction.atomic():
        publish(Said(number=1), groups=[AGENT])
        with pytest.raises(LookupError), transaction.atomic():
            with transaction.atomic():
                publish(Said(number=2), groups=[AGENT])
            publish(Said(number=3), groups=[AGENT])
            raise LookupError
        publish(Said(number=4), groups=[AGENT])
        with pytest.raises(LookupError), transaction.atomic():
            publish(Said(number=5), groups=[AGENT])
            raise LookupError
    assert ears.heard(2) == [("acme", AGENT, said(1)), ("acme", AGENT, said(4))]


def test_another_hook_that_fails_stops_nothing(ears):
    def fail():
        raise LookupError

    with transaction.atomic():
        publish(Said(number=1), groups=[AGENT])
        transaction.on_commit(fail, robust=True)
        publish(Said(number=2), groups=[AGENT])
    assert ears.heard(2) == [("acme", AGENT, said(1)), ("acme", AGENT, said(2))]


def test_publish_now_waits_for_nothing(ears):
    with pytest.raises(LookupError), transaction.atomic():
        publish_now(Said(number=1), groups=[AGENT])
        raise LookupError
    assert ears.heard(1) == [("acme", AGENT, said(1))]


async def test_a_whisper_needs_no_transaction(ears, layer):
    await publish_unstored("globex", [AGENT], Said(number=1))
    await publish_unstored("acme", [ROOM, AGENT], Said(number=2))
    assert ears.heard(3) == [("globex", AGENT, said(1)), ("acme", ROOM, said(2)), ("acme", AGENT, said(2))]


# --- Valkey in trouble


def reads(valkey):
    with valkey.client() as client:
        return int(client.info("stats")["total_reads_processed"])


def test_one_transaction_is_one_pipeline(acme, own_valkey):
    publish_now(Said(number=0), groups=[AGENT])
    with transaction.atomic():
        for number in range(5):
            with transaction.atomic():
                publish(Said(number=number), groups=[AGENT, ROOM])
        before = reads(own_valkey)
        asking = reads(own_valkey) - before
        before = reads(own_valkey)
    assert reads(own_valkey) - before == asking + 1


def wakeup(number):
    return Wakeup.objects.create(schema="acme", kind="test", object_id=UUID(int=number), due_at="2030-01-01T00:00Z")


def test_a_dead_valkey_stops_no_action_and_is_found_again(acme, own_valkey):
    own_valkey.kill()
    with transaction.atomic():
        wakeup(1)
        publish(Said(number=1), groups=[AGENT])
    assert Wakeup.objects.filter(object_id=UUID(int=1)).exists()
    own_valkey.start()
    with GroupListener(("acme", AGENT)) as ears:
        with transaction.atomic():
            publish(Said(number=2), groups=[AGENT])
        assert ears.heard(1) == [("acme", AGENT, said(2))]


def test_a_restart_between_two_actions_loses_nothing(acme, own_valkey):
    publish_now(Said(number=1), groups=[AGENT])
    own_valkey.kill()
    own_valkey.start()
    with GroupListener(("acme", AGENT)) as ears:
        with transaction.atomic():
            publish(Said(number=2), groups=[AGENT])
        assert ears.heard(1) == [("acme", AGENT, said(2))]


def test_a_frozen_valkey_holds_up_one_action_and_not_the_next(acme, own_valkey):
    publish_now(Said(number=1), groups=[AGENT])
    own_valkey.freeze()
    begun = time.monotonic()
    for number in range(20):
        with transaction.atomic():
            wakeup(number)
            publish(Said(number=number), groups=[AGENT])
    assert time.monotonic() - begun < 8  # each of them waiting its half second would take ten
    assert Wakeup.objects.filter(kind="test").count() == 20
    own_valkey.thaw()
    time.sleep(1.1)
    with GroupListener(("acme", AGENT)) as ears:
        publish_now(Said(number=99), groups=[AGENT])
        assert ears.heard(1)[-1] == ("acme", AGENT, said(99))


@pytest.mark.parametrize("trouble", ["kill", "freeze"])
async def test_a_whisper_is_lost_in_silence(own_valkey, layer, trouble):
    getattr(own_valkey, trouble)()
    begun = time.monotonic()
    with capture_logs() as lines:
        await publish_unstored("acme", [AGENT, ROOM], Said(number=1))
    assert time.monotonic() - begun < UNSTORED_SECONDS + 0.5  # for both groups, and while sending would be tried again
    assert [line["event"] for line in lines] == ["realtime.whisper_lost"]
    own_valkey.kill()
    own_valkey.start()
    with GroupListener(("acme", AGENT)) as ears:
        await publish_unstored("acme", [AGENT], Said(number=2))
        assert ears.heard(1) == [("acme", AGENT, said(2))]
