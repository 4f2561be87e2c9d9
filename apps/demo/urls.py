"""The addresses of the demo: a shop, and the customers' mailbox."""

from django.urls import path

from apps.demo.views import mailbox, shop

app_name = "demo"

urlpatterns = [
    path("demo/", shop.shop_page, name="shop"),
    path("demo/api/", shop.widget_api_page, name="widget_api"),
    path("demo/api/token/", shop.identity_token, name="identity_token"),
    path("demo/mail/", mailbox.mailbox_page, name="mailbox"),
    path("demo/mail/new/", mailbox.mail_new_page, name="new"),
    path("demo/mail/<uuid:mail_id>/", mailbox.mail_page, name="mail"),
    path("demo/mail/<uuid:mail_id>/body/", mailbox.mail_body, name="body"),
    path("demo/mail/<uuid:mail_id>/source/", mailbox.mail_source, name="source"),
    path("demo/mail/<uuid:mail_id>/parts/<int:place>/", mailbox.mail_part, name="part"),
]
