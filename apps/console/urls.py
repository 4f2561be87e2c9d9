"""Addresses of the console."""

from django.urls import path, re_path

from apps.console import views
from apps.console.consumers import ConsoleConsumer

app_name = "console"

urlpatterns = [
    path("console/", views.home, name="home"),
    path("console/c/<uuid:conversation_id>/", views.conversation, name="conversation"),
    path("console/c/<uuid:conversation_id>/end/", views.conversation_finish, name="end"),
    path("console/c/<uuid:conversation_id>/close/", views.wrap_up, name="close"),
    path("console/tray/", views.tray, name="tray"),
    path("console/queues/", views.queues, name="queues"),
    path("console/pick/<uuid:conversation_id>/", views.pick, name="pick"),
    path("console/status/", views.status_choose, name="status"),
    path("console/offers/<uuid:offer_id>/accept/", views.offer_take, name="accept"),
    path("console/offers/<uuid:offer_id>/reject/", views.offer_pass, name="reject"),
]

websocket_urlpatterns = [re_path(r"^/?ws/console/$", ConsoleConsumer.as_asgi())]  # type: ignore[arg-type]
