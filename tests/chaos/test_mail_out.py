"""A mail for which Send was pressed arrives, as one mail, whatever dies meanwhile (EML-10)."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.chaos import mails_out
from tests.chaos.log_lines import EXPECTED
from tests.chaos.size import how_many
from tests.support import mail_office
from tests.support.mail_server import MailServer, mail_server
from tests.support.stack import eventually

MAILS, THREADS = how_many(120), 4
ADDRESS = "out@acme.test"
VICTIMS = ("worker", "timers", "worker", "valkey", "postgres", "worker") * max(MAILS // 200, 1)
"""Who is killed, one after the other: with more mails more often."""


@pytest.fixture
def server() -> Iterator[MailServer]:
    """Somebody else's mail server, which takes its time."""
    with mail_server(seconds=0.1) as found:
        yield found


@pytest.fixture
def hasty(stack: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Workers that give a server two seconds, so that what a dead one had is soon another's."""
    monkeypatch.setenv("MAIL_OUT_SECONDS", "2")
    for name in ("worker", "timers"):
        stack.stop(name)
        stack.begin(name)
    yield
    monkeypatch.undo()
    for name in ("worker", "timers"):
        stack.stop(name)
        stack.begin(name)


def test_eml_10_hundreds_of_mails_leave_once_though_everything_dies(stack, server, hasty, record_property):
    """Whoever dies before they know that it arrived has it sent again: that is known, and it is the same mail."""
    stack.expect(*EXPECTED["postgres"], *EXPECTED["valkey"])
    desk = stack.desk(agents=1)
    agent = desk.agent.id
    threads = stack.office("acme", mails_out.threads_make, ADDRESS, desk.queue, agent, server.port, THREADS)
    written: list[str] = []
    failures: list[BaseException] = []

    def write() -> None:
        number = 0
        while number < MAILS and not failures:
            try:
                written.append(stack.office("acme", mails_out.write, threads[number % THREADS], agent, number))
                number += 1
            except AssertionError as failure:  # The database is away: the agent sees that, and presses Send again.
                if "OperationalError" not in str(failure) and "InterfaceError" not in str(failure):
                    failures.append(failure)
                time.sleep(0.2)

    writer = threading.Thread(target=write)
    writer.start()
    for place, victim in enumerate(VICTIMS, start=1):
        goal = place * MAILS // (len(VICTIMS) + 1)
        eventually(lambda goal=goal: len(server.mails) >= goal and server.busy, 30, f"{len(server.mails)} came")
        stack.kill(victim)
        time.sleep(0.2)
        stack.begin(victim)
    writer.join(max(MAILS, 60))
    assert not failures, failures
    eventually(lambda: set(look(stack)["states"]) == {"sent"}, max(MAILS, 60), "not all of them were sent")
    eventually(lambda: look(stack)["wakeups"] == 0, 30, "something is still to come")
    found, times = look(stack), server.times()
    # What was acknowledged is there; of what was not when the database went, either may be true.
    assert set(written) <= found["ids"] == set(times)
    assert len(written) == MAILS
    assert found["messages"] == len(times)
    again = {mail_id: count - 1 for mail_id, count in times.items() if count > 1}
    assert set(again) <= set(found["unsure"])
    assert all(again[mail_id] <= found["unsure"][mail_id] for mail_id in again)
    contents = {(taken.mail_id, taken.content) for taken in server.mails}
    assert len(contents) == len(times)
    record_property("sent again", len(again))
    print(f"{len(times)} mails, {len(found['unsure'])} sent again without knowing, {len(again)} of them for nothing")
    stack.office("acme", mail_office.queue_end, desk.queue)


def look(stack: Any) -> dict[str, Any]:
    """What became of them."""
    found: dict[str, Any] = stack.office("acme", mails_out.look, ADDRESS, "acme")
    return found
