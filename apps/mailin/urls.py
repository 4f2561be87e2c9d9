"""The addresses of received mail."""

from django.urls import path

from apps.mailin import webhooks

app_name = "mailin"

urlpatterns = [path("mail/in/<uuid:channel_id>/<str:secret>/", webhooks.webhook_receive, name="hook")]
