"""The addresses of the customers' mailbox."""

from django.urls import path

from apps.demo import views

app_name = "demo"

urlpatterns = [
    path("demo/mail/", views.mailbox_page, name="mailbox"),
    path("demo/mail/new/", views.mail_new_page, name="new"),
    path("demo/mail/<uuid:mail_id>/", views.mail_page, name="mail"),
    path("demo/mail/<uuid:mail_id>/body/", views.mail_body, name="body"),
    path("demo/mail/<uuid:mail_id>/source/", views.mail_source, name="source"),
    path("demo/mail/<uuid:mail_id>/parts/<int:place>/", views.mail_part, name="part"),
]
