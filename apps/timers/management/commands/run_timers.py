"""`manage.py run_timers`: the process that makes deadlines come up."""

import signal
import sys
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand

from apps.timers.runner import Runner


class Command(BaseCommand):
    """Runs until SIGTERM or Ctrl+C, which end it at once: whatever it was doing comes up again by its lease."""

    help = "Claims due wake-ups and hands them to the workers; any number of these processes may run."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Run the timers."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _stop)
        Runner().run()


def _stop(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)
