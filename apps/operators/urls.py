"""Addresses on a tenant's host."""

from django.urls import path

from apps.operators import views

urlpatterns = [path("operator-pass/<str:key>/", views.pass_page, name="operator_pass")]
