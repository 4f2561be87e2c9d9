"""Tests: local mode, static files as they are written, cheap passwords, tasks run where they are called unless a test
starts a worker.
"""

import os

from config.settings.local import *  # noqa: F403
from config.settings.sources import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AXES_ENABLED = False
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True

# Tests that run beside each other forget what they have cached, and counted, themselves.
CACHES["default"]["KEY_PREFIX"] = os.environ.get("PYTEST_XDIST_WORKER", "")  # noqa: F405
