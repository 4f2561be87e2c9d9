"""The addresses of the customers' mailbox."""

from django.urls import path

from apps.demo import views

app_name = "demo"

urlpatterns = [
    path("demo/mail/", views.mailbox, name="mailbox"),
    path("demo/mail/new/", views.new, name="new"),
    path("demo/mail/<uuid:mail_id>/", views.mail, name="mail"),
    path("demo/mail/<uuid:mail_id>/body/", views.body, name="body"),
    path("demo/mail/<uuid:mail_id>/source/", views.source, name="source"),
    path("demo/mail/<uuid:mail_id>/parts/<int:place>/", views.part, name="part"),
]
