"""What is loaded before the processes are forked shares nothing between them but memory."""

import subprocess
import sys

import pytest

from config.local.state import ROOT

LOADING = """
import gc, os, threading
from config.processes.kinds import KINDS
from config.processes.preload import application_load
works = application_load(KINDS.values())
opened = [os.readlink(f"/proc/self/fd/{each.name}") for each in os.scandir("/proc/self/fd") if os.path.exists(each)]
print(sorted(works), threading.active_count(), [each for each in opened if "socket" in each or "event" in each])
print(gc.isenabled(), gc.get_freeze_count() > 100_000)
"""


@pytest.mark.slow
def test_it_leaves_no_thread_no_connection_and_no_event_loop() -> None:
    loaded = subprocess.run([sys.executable, "-c", LOADING], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert loaded.stdout.splitlines() == ["['mail', 'timers', 'web', 'worker'] 1 []", "True True"], loaded.stderr
