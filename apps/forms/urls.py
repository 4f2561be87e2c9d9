"""Addresses of forms."""

from django.urls import path

from apps.forms import views

app_name = "forms"

urlpatterns = [path("form/<str:token>/", views.form_page, name="page")]
