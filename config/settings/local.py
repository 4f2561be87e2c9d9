"""A laptop: plain HTTP, embedded servers, demo sign-ins."""

import warnings

from config.settings.base import *  # noqa: F403
from config.settings.base import INSTALLED_APPS, STORAGES, TENANT_APPS

LOCAL_MODE = True
INSTALLED_APPS = [*INSTALLED_APPS, "apps.demo"]
TENANT_APPS = [*TENANT_APPS, "apps.demo"]
# What would be sent is kept, and read at /demo/mail/.
EMAIL_BACKEND = "apps.demo.mailbox.Backend"
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}

# On a laptop or in a container, root is who one is.
warnings.filterwarnings("ignore", message="You're running the worker with superuser privileges")
