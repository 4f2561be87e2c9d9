"""Static files as they are written, each module and style sheet by itself, read anew for each page."""

from config.settings.base import BASE_DIR, STATICFILES_DIRS, STORAGES

STATICFILES_DIRS = [each for each in STATICFILES_DIRS if each != BASE_DIR / "build"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
