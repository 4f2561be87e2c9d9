"""Deadlines come up, each once, whatever dies meanwhile."""

import time
from collections import Counter

from tests.chaos import deadlines
from tests.support.stack import eventually

COUNT = 1000


def test_a_thousand_deadlines_come_up_once_each_while_everything_that_carries_them_dies(stack):
    """WRP-2: 1,000 due within 10 s; timers and worker are killed once, what waits in the broker is lost once."""
    stack.expect(r"connection to client lost")
    desk = stack.desk("globex")
    stack.office("globex", deadlines.wrap_ups_make, desk, COUNT, first=2.0, spread=10.0)
    time.sleep(4)
    for disaster in (kill("timers"), kill("worker"), type(stack).flush_valkey):
        disaster(stack)
        time.sleep(2)
    eventually(lambda: stack.office("globex", deadlines.wrap_ups_left, desk) == 0, 90, "wrap-ups are left open")
    time.sleep(3)  # for what might come twice
    look = stack.office("globex", deadlines.wrap_ups_look, desk)
    print("the last came up at", look.pop("last"))
    assert look == {
        "states": Counter(closed=COUNT),
        "closings": Counter({1: COUNT}),
        "choices": Counter({1: COUNT}),
        "wakeups": 0,
    }


def kill(name):
    """Kill a process and start it again."""

    def disaster(stack):
        stack.kill(name)
        time.sleep(0.5)
        stack.begin(name)

    return disaster
