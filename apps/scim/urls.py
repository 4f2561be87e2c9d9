"""Addresses of SCIM."""

from django.urls import path

from apps.scim.views import discovery, groups, users
from apps.scim.views.endpoint import nowhere, scim_view

app_name = "scim"

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
missing = scim_view(**dict.fromkeys(METHODS, nowhere))

urlpatterns = [
    path("scim/v2/ServiceProviderConfig", discovery.config, name="config"),
    path("scim/v2/ResourceTypes", discovery.resource_types, name="resource_types"),
    path("scim/v2/ResourceTypes/<str:name>", discovery.resource_types, name="resource_type"),
    path("scim/v2/Schemas", discovery.schemas, name="schemas"),
    path("scim/v2/Schemas/<str:name>", discovery.schemas, name="schema"),
    path("scim/v2/Users", users.users, name="users"),
    path("scim/v2/Users/<str:user_id>", users.user, name="user"),
    path("scim/v2/Groups", groups.groups, name="groups"),
    path("scim/v2/Groups/<str:group_id>", groups.group, name="group"),
    path("scim/v2/", missing, name="root"),
    path("scim/v2/<path:rest>", missing, name="nowhere"),
]
