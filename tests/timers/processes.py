"""Real runners and workers, to be killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
WORKER = ("-m", "celery", "-A", "config.celery", "worker", "--pool", "threads", "--concurrency", "4")
QUIET = ("--without-gossip", "--without-mingle", "--loglevel", "warning")

Process = subprocess.Popen[bytes]


class Processes:
    """What a test has started.

    Args:
        redis_url: the queue.
        place: a folder for logs and markers.
    """

    def __init__(self, redis_url: str, place: Path) -> None:
        database = settings.DATABASES["default"]
        account = f"{quote(database['USER'])}:{quote(database['PASSWORD'], safe='')}"
        self.place = place
        self.marker = place / "died"
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.timers.process_settings",
            "DATABASE_URL": f"postgresql://{account}@{database['HOST']}:{database['PORT']}/{database['NAME']}",
            "REDIS_URL": redis_url,
            "OWNERS_MARKER": str(self.marker),
        }
        self._started: list[Process] = []

    def runner(self) -> Process:
        """Start a runner."""
        return self.start("manage.py", "run_timers")

    def worker(self) -> Process:
        """Start a worker with four threads."""
        return self.start(*WORKER, *QUIET)

    def start(self, *arguments: str) -> Process:
        """Start Python with these arguments."""
        with (self.place / "log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *arguments], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
        self._started.append(process)
        return process

    def log(self) -> str:
        """All that the processes have written."""
        return (self.place / "log").read_text()

    def end_all(self) -> None:
        """Kill what still runs."""
        for process in self._started:
            if process.poll() is None:
                kill(process)


def kill(process: Process) -> None:
    """Kill a process as a crash would."""
    process.send_signal(signal.SIGKILL)
    process.wait(10)


def wait_until(condition: Callable[[], bool], seconds: float = 40) -> None:
    """Wait for something to become true.

    Raises:
        AssertionError: it did not.
    """
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)
