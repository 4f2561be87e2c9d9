"""What can be done here: /ServiceProviderConfig, /ResourceTypes, /Schemas (RFC 7644, 4)."""

from collections.abc import Sequence
from typing import Any, Final

from django.http import HttpResponse
from scim2_models import (
    AuthenticationScheme,
    Bulk,
    ChangePassword,
    ETag,
    Filter,
    ForbiddenException,
    ListResponse,
    Meta,
    NotFoundException,
    Pagination,
    Patch,
    Resource,
    ResourceType,
    Schema,
    ServiceProviderConfig,
    Sort,
)

from apps.scim.choices import PAGE, PAGE_MOST
from apps.scim.documents import base_address
from apps.scim.resources import EnterpriseUser, Group, ScimUser
from apps.scim.views.endpoint import ScimRequest, respond, scim_view

CONFIG: Final = ServiceProviderConfig(
    patch=Patch(supported=True),
    bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
    filter=Filter(supported=True, max_results=PAGE_MOST),
    change_password=ChangePassword(supported=False),
    sort=Sort(supported=False),
    etag=ETag(supported=False),
    pagination=Pagination(cursor=False, index=True, default_page_size=PAGE, max_page_size=PAGE_MOST),
    authentication_schemes=[
        AuthenticationScheme(
            type=AuthenticationScheme.Type.oauthbearertoken,
            name="Directory token",
            description="A token that an administrator makes under Directory sync (SCIM).",
            primary=True,
        )
    ],
)


def _config(request: ScimRequest) -> HttpResponse:
    _refuse_filter(request)
    location = f"{base_address()}/ServiceProviderConfig"
    meta = Meta(resource_type="ServiceProviderConfig", location=location)
    return respond(CONFIG.model_copy(update={"meta": meta}))


def _resource_types(request: ScimRequest, *, name: str = "") -> HttpResponse:
    found = [ResourceType.from_resource(model) for model in (ScimUser, Group)]
    return _answer(request, found, ResourceType, "ResourceTypes", name)


def _schemas(request: ScimRequest, *, name: str = "") -> HttpResponse:
    found = [model.to_schema() for model in (ScimUser, EnterpriseUser, Group)]
    return _answer(request, found, Schema, "Schemas", name)


def _answer(
    request: ScimRequest, found: Sequence[Resource[Any]], model: type[Resource[Any]], kind: str, name: str
) -> HttpResponse:
    """All of a kind, or the one of this name."""
    _refuse_filter(request)
    base = base_address()
    for each in found:
        each.meta = Meta(resource_type=model.__name__, location=f"{base}/{kind}/{each.id}")
    if not name:
        everything = ListResponse[model](  # type: ignore[valid-type]
            total_results=len(found), start_index=1, items_per_page=len(found), resources=list(found)
        )
        return respond(everything)
    for each in found:
        if each.id == name:
            return respond(each)
    raise NotFoundException(detail=f"There is nothing of the name “{name[:100]}”.")


def _refuse_filter(request: ScimRequest) -> None:
    if "filter" in request.GET:
        raise ForbiddenException(detail="This is not filtered (RFC 7644, 4).")


config = scim_view(GET=_config)
resource_types = scim_view(GET=_resource_types)
schemas = scim_view(GET=_schemas)
