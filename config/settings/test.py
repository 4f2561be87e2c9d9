"""Tests: local mode, static files as they are written, cheap passwords, tasks run where they are called unless a test
starts a worker.
"""

from config.settings.local import *  # noqa: F403
from config.settings.sources import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AXES_ENABLED = False
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
