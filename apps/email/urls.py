"""The addresses of mail."""

from django.urls import path

from apps.email import webhooks

app_name = "email"

urlpatterns = [path("mail/in/<uuid:channel_id>/<str:secret>/", webhooks.receive, name="hook")]
