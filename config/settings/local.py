"""A laptop: plain HTTP, embedded servers, demo sign-ins."""

import warnings

from config.settings.base import *  # noqa: F403
from config.settings.base import INSTALLED_APPS, STORAGES

LOCAL_MODE = True
INSTALLED_APPS = [*INSTALLED_APPS, "apps.demo"]
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}

# On a laptop or in a container, root is who one is.
warnings.filterwarnings("ignore", message="You're running the worker with superuser privileges")
