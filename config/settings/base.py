"""Settings that every mode shares. Values that differ by installation come from the environment (`env.py`)."""

import warnings
from pathlib import Path
from typing import Any

from config.settings import env

BASE_DIR = Path(__file__).resolve().parent.parent.parent
CONFIG = env.load()

# WhiteNoise hands static files over as plain iterators, which Django reads in one go under ASGI: files are small here.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")

SECRET_KEY = CONFIG.secret_key
VAULT_KEYS = CONFIG.vault_keys
AUDIT_KEYS = CONFIG.audit_keys
DEBUG = False
ALLOWED_HOSTS = ["*"]  # The tenant's domain row is the allow-list: an unknown host gets a 404 before any view runs.
USE_X_FORWARDED_HOST = False
ASGI_APPLICATION = "config.asgi.application"
TRUSTED_PROXIES = CONFIG.trusted_proxies
ROOT_URLCONF = "config.urls_tenant"
PUBLIC_SCHEMA_URLCONF = "config.urls_public"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Apps: the shared ones live in the public schema, the others once in every tenant's.
SHARED_APPS = [
    "django_tenants",
    "apps.core",
    "apps.realtime",
    "apps.timers",
    "apps.tenants",
    "apps.audit",
    "apps.vault",
    "apps.accounts",
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "apps.core.static_files.StaticFilesConfig",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "channels",
    "django_htmx",
]
TENANT_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "apps.audit",
    "apps.files",
    "apps.vault",
    "apps.imports",
    "apps.home",
    "apps.accounts",
    "apps.contacts",
    "apps.queues",
    "apps.masking",
    "apps.agents",
    "apps.conversations",
    "apps.routing",
    "apps.clocks",
    "apps.dispositions",
    "apps.responses",
    "apps.snooze",
    "apps.notes",
    "apps.transfers",
    "apps.surveys",
    "apps.forms",
    "apps.chat",
    "apps.email",
    "apps.mailin",
    "apps.mailout",
    "apps.operators",
    "apps.access",
    "apps.scim",
    "apps.configuration",
    "apps.console",
]
INSTALLED_APPS = [*SHARED_APPS, *(app for app in TENANT_APPS if app not in SHARED_APPS)]
TENANT_MODEL = "tenants.Tenant"
TENANT_DOMAIN_MODEL = "tenants.Domain"
TENANT_LIMIT_SET_CALLS = True
PUBLIC_SCHEMA_NAME = "public"
SHOW_PUBLIC_IF_NO_TENANT_FOUND = False
GET_EXECUTOR_FUNCTION = "apps.tenants.migration_executor.executor_class"
TENANT_ADDRESS = CONFIG.tenant_address
OPERATOR_HOSTS = frozenset(CONFIG.operator_hosts)

MIDDLEWARE = [
    # Before all that answers by itself: the probes, static files and the page of an unknown host have its headers, too.
    "django.middleware.security.SecurityMiddleware",
    "apps.core.middleware.SecurityHeadersMiddleware",
    "apps.core.middleware.HealthMiddleware",
    "apps.core.middleware.StorableTextMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "apps.core.middleware.CompressionMiddleware",
    "apps.core.request_limit.RequestLimitMiddleware",
    "apps.core.origin.OriginMiddleware",
    "apps.tenants.middleware.TenantMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "apps.core.middleware.DatesMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "apps.accounts.middleware.SessionUseMiddleware",
    "apps.accounts.middleware.SecondFactorMiddleware",
    "apps.accounts.middleware.UserTimeZoneMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# --- Database: actions own their transactions, so no ATOMIC_REQUESTS; the pool needs CONN_MAX_AGE 0 and health checks.
DATABASES: dict[str, Any] = {
    "default": {
        **CONFIG.database,
        "ENGINE": "django_tenants.postgresql_backend",
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        # The pool gives up connecting soon, and begins anew with the next request: else its pauses double while the
        # database is away, and go on as long after it is back.
        # It shrinks when it is idle, and no connection grows old: each remembers all tables of each tenant that it has
        # worked for.
        "OPTIONS": {
            "pool": {
                "min_size": 1,
                "max_size": CONFIG.database_pool_size,
                "timeout": 10,
                "reconnect_timeout": 4,
                "max_idle": 60,
                "max_lifetime": 600,
            },
            # Values go beside the text, and a text that comes a second time is kept by its connection, parsed and
            # planned. A pooler that gives every transaction another connection has none to keep it.
            "server_side_binding": True,
            "prepare_threshold": 2 if CONFIG.prepares_statements else None,
        },
    }
}
REQUESTS_AT_ONCE = max(1, CONFIG.database_pool_size - 4)  # The others are for the threads of the sockets.
ORIGINAL_BACKEND = "apps.core.postgresql"
DATABASE_ROUTERS = ("django_tenants.routers.TenantSyncRouter",)

# --- Valkey or Redis: one server, a prefix for each use.
REDIS_URL = CONFIG.redis_url
CACHES = {
    "default": {
        "BACKEND": "apps.core.cache.ValkeyCache",
        "LOCATION": REDIS_URL,
        "KEY_FUNCTION": "django_tenants.cache.make_key",
        "REVERSE_KEY_FUNCTION": "django_tenants.cache.reverse_key",
    }
}
CHANNEL_LAYERS = {"default": {"BACKEND": "apps.realtime.layer.ChannelLayer", "CONFIG": {"url": REDIS_URL}}}

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "parley"
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# --- People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "apps.accounts.password_strength.GuessablePasswordValidator"},
]
LOGIN_URL = "/signin/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/signin/"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "username"
AXES_USERNAME_CALLABLE = "apps.accounts.throttle.axes_username"
AXES_CLIENT_IP_CALLABLE = "apps.accounts.throttle.axes_client_network"
AXES_HANDLER = "apps.accounts.throttle.SignInLimitHandler"
AXES_LOCKOUT_CALLABLE = "apps.accounts.views.signin_locked"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_VERBOSE = False

# --- Second factors: allauth's steps with our pages, our limits and our one place of emails (accounts.adapters).
ACCOUNT_ADAPTER = "apps.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
MFA_ADAPTER = "apps.accounts.adapters.FactorAdapter"
MFA_RATE_LIMITS = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1
# Which origin a key has signed for is checked by accounts.factor_forms, to the letter.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
MFA_TRUST_ENABLED = True
MFA_TRUST_COOKIE_NAME = "parley_trusted"
MFA_TRUST_COOKIE_AGE = 30 * 24 * 60 * 60
MFA_TRUST_COOKIE_PATH = "/signin/"
OPERATORS_NEED_SECOND_FACTOR = True

SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # Emails are unique by an index of their own, whatever their case.

# --- Cookies belong to one host, which is one tenant: no cookie domain is ever set.
SESSION_COOKIE_NAME = "parley_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
CSRF_COOKIE_NAME = "parley_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# --- Words and times
LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LOCALE_PATHS = [BASE_DIR / "locale"]

# --- Files
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [
    # Before what it is made of: a page's script and style sheet, each with all that it imports (`make assets`).
    BASE_DIR / "build",
    BASE_DIR / "static",
    ("vendor/htmx", BASE_DIR / "node_modules" / "htmx.org" / "dist"),
    ("vendor/emoji", BASE_DIR / "node_modules" / "emoji-picker-element-data" / "en" / "emojibase"),
]
STORAGES = {
    "default": {
        "BACKEND": "django_tenants.files.storage.TenantFileSystemStorage",
        # Nobody else on the machine reads what people have sent.
        "OPTIONS": {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = CONFIG.media_root
MULTITENANT_RELATIVE_MEDIA_ROOT = "tenants/%s"

# --- Mail that comes in by the built-in listener
MAIL_HOST = CONFIG.mail.host
MAIL_PORT = CONFIG.mail.port
MAIL_HOSTNAME = CONFIG.mail.hostname
MAIL_MAX_MEGABYTES = CONFIG.mail.max_megabytes
MAIL_DNS_SERVERS = CONFIG.mail.dns_servers
MAIL_TLS_CERT = CONFIG.mail.tls_cert
MAIL_TLS_KEY = CONFIG.mail.tls_key

# --- Mail that leaves
EMAIL_BACKEND = CONFIG.mail_out.backend
EMAIL_HOST = CONFIG.mail_out.host
EMAIL_PORT = CONFIG.mail_out.port
EMAIL_HOST_USER = CONFIG.mail_out.user
EMAIL_HOST_PASSWORD = CONFIG.mail_out.password
EMAIL_USE_TLS = CONFIG.mail_out.security == "starttls"
EMAIL_USE_SSL = CONFIG.mail_out.security == "tls"
EMAIL_TIMEOUT = CONFIG.mail_out.seconds
DEFAULT_FROM_EMAIL = CONFIG.mail_out.sender or f"no-reply@{MAIL_HOSTNAME}"
MAIL_PRIVATE_SERVERS = CONFIG.mail_out.private_servers

LOGGING_CONFIG = "apps.core.logs.configure_logging"
LOGGING = {"format": CONFIG.log_format, "level": CONFIG.log_level}

UNFOLD = {
    "SITE_TITLE": "Parley",
    "SITE_HEADER": "Parley",
    "SITE_SUBHEADER": "apps.tenants.admin_menu.site_subheader",
    "SITE_SYMBOL": "forum",
    "SITE_URL": None,
    "SHOW_VIEW_ON_SITE": False,
    "STYLES": ["apps.tenants.admin_menu.stylesheet_url"],
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "apps.tenants.admin_menu.favicon_url"}],
    "ACCOUNT": {"navigation": "apps.tenants.admin_menu.account_links"},
    "SIDEBAR": {
        "navigation": "apps.tenants.admin_menu.sidebar_sections",
    },
    "TABS": "apps.tenants.admin_menu.page_tabs",
    "DASHBOARD_CALLBACK": "apps.home.views.home_context",
    "SCRIPTS": ["apps.tenants.admin_menu.script_url"],
    "COLORS": {
        "primary": {
            "50": "#eef3fe",
            "100": "#dce6fd",
            "200": "#bfd0fb",
            "300": "#93b0f7",
            "400": "#6389f0",
            "500": "#4169e4",
            "600": "#2f5bd7",
            "700": "#2648ae",
            "800": "#223d8c",
            "900": "#20376f",
            "950": "#162245",
        },
    },
}
