"""The widget's addresses."""

from typing import Any, cast

from django.urls import URLPattern, path

from apps.chat import views
from apps.chat.consumers import WidgetConsumer
from apps.chat.transcript import transcript_download

app_name = "chat"

urlpatterns: list[URLPattern] = [
    path("widget.js", views.widget_loader, name="loader"),
    path("widget/launcher/", views.widget_launcher, name="launcher"),
    path("widget/frame/", views.widget_frame, name="frame"),
    path("widget/emoji/", views.emoji_names, name="emoji"),
    path("widget/transcript/", transcript_download, name="transcript"),
    path("widget/logos/<slug:name>.webp", views.widget_logo, name="logo"),
    path("widget/files/<str:key>/<uuid:file_id>/", views.widget_file, name="file"),
    path("widget/files/<str:key>/<uuid:file_id>/small/", views.widget_file, {"thumbnail": True}, name="file_small"),
]

websocket_urlpatterns = [path("ws/widget/", cast("Any", WidgetConsumer.as_asgi()))]
