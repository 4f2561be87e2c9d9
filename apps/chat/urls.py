"""The widget's addresses."""

from typing import Any, cast

from django.urls import URLPattern, path

from apps.chat import views
from apps.chat.consumers import WidgetConsumer

app_name = "chat"

urlpatterns: list[URLPattern] = [
    path("widget.js", views.loader, name="loader"),
    path("widget/frame/", views.frame, name="frame"),
    path("widget/logos/<slug:name>.webp", views.logo, name="logo"),
    path("demo/", views.shop, name="demo"),
]

websocket_urlpatterns = [path("ws/widget/", cast("Any", WidgetConsumer.as_asgi()))]
