"""Settings of the processes that tests start: like the tests' own, with a real queue and the tests' own app."""

from config.settings.test import *  # noqa: F403
from config.settings.test import INSTALLED_APPS

CELERY_TASK_ALWAYS_EAGER = False
INSTALLED_APPS = [*INSTALLED_APPS, "tests.timers.owners"]
