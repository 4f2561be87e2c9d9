"""A conversation's stages: each stay with an agent, and the wait before it (XFR-6, CON-3)."""

from datetime import UTC, datetime, timedelta

from apps.accounts.models import User
from apps.conversations.models import Segment
from apps.queues.models import Queue
from apps.transfers.models import Transfer
from apps.transfers.selectors import stages_in

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SALES, SUPPORT = Queue(name="Sales"), Queue(name="Support")
BO = User(first_name="Bo", last_name="Chen")


def stay(queue: Queue, begin: int, end: int | None, agent: User | None = None) -> Segment:
    times = {"started_at": START + begin * MINUTE}
    times |= {"ended_at": START + end * MINUTE} if end else {}
    return Segment(kind="agent" if agent else "queue", queue=queue, agent=agent, **times)


def test_none_before_anybody_has_taken_it() -> None:
    assert stages_in([], {}) == []
    assert stages_in([stay(SALES, 0, None)], {}) == []


def test_a_queue_in_which_nobody_took_it_is_a_stage_of_its_own() -> None:
    stays = [stay(SALES, 0, 2), stay(SUPPORT, 2, 5), stay(SUPPORT, 5, 6), stay(SUPPORT, 6, None, BO)]
    stages = stages_in(stays, {})
    assert [(stage.queue, stage.agent, stage.waited, stage.length) for stage in stages] == [
        (SALES, None, 2 * MINUTE, timedelta()),
        (SUPPORT, BO, 4 * MINUTE, None),
    ]


def test_a_stay_that_a_transfer_ended_has_it() -> None:
    first, second = stay(SALES, 0, 3, BO), stay(SALES, 3, None, BO)
    hop = Transfer(segment=first, to_agent=BO)
    assert [(stage.hop, stage.waited, stage.length) for stage in stages_in([first, second], {first.pk: hop})] == [
        (hop, timedelta(), 3 * MINUTE),
        (None, timedelta(), None),
    ]
