"""A server: HTTPS in front, every secret from the environment."""

from config.settings.base import *  # noqa: F403
from config.settings.base import SILENCED_SYSTEM_CHECKS

LOCAL_MODE = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
# Other subdomains and the browsers' preload list are for the domain's owner to decide, not for one application on it.
SILENCED_SYSTEM_CHECKS = [*SILENCED_SYSTEM_CHECKS, "security.W005", "security.W021"]
