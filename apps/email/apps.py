from django.apps import AppConfig


class EmailConfig(AppConfig):
    name = "apps.email"
