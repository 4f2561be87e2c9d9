"""The address of uploads."""

from django.urls import path

from apps.files import views

app_name = "files"

urlpatterns = [path("files/<str:ticket>", views.upload_file, name="upload")]
