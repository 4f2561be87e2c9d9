"""Addresses of sign-in, sign-out and pictures."""

from django.urls import path

from apps.accounts import views

urlpatterns = [
    path("signin/", views.SignInView.as_view(), name="signin"),
    path("signout/", views.sign_out, name="signout"),
    path("password/", views.PasswordView.as_view(), name="password"),
    path("pictures/<slug:name>.webp", views.user_picture, name="picture"),
]
