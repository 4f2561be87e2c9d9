"""A laptop: plain HTTP, embedded servers, demo sign-ins."""

import warnings

from config.settings.base import *  # noqa: F403
from config.settings.base import CONFIG, INSTALLED_APPS, TENANT_APPS

LOCAL_MODE = True
INSTALLED_APPS = [*INSTALLED_APPS, "apps.demo"]
TENANT_APPS = [*TENANT_APPS, "apps.demo"]
# What would be sent is kept, and read at /demo/mail/.
EMAIL_BACKEND = "apps.demo.mailbox.Backend"
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
# The demo's operator signs in at once; on a server there is no way to say so.
OPERATORS_NEED_SECOND_FACTOR = False

if CONFIG.static_sources:
    from config.settings.sources import *  # noqa: F403

# On a laptop or in a container, root is who one is.
warnings.filterwarnings("ignore", message="You're running the worker with superuser privileges")
