"""Addresses of surveys."""

from django.urls import path

from apps.surveys import views

app_name = "surveys"

urlpatterns = [path("survey/<str:token>/", views.survey_page, name="page")]
