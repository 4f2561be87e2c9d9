"""/Groups."""

from uuid import UUID

from django.http import HttpResponse
from scim2_models import Context, NotFoundException

from apps.scim.actions import directory_group_change, directory_group_create, directory_group_delete
from apps.scim.documents import base_address, group_document
from apps.scim.filters import condition_of
from apps.scim.models import DirectoryGroup
from apps.scim.resources import Group
from apps.scim.selectors import GROUP_COLUMNS, directory_group, directory_groups
from apps.scim.views.endpoint import ScimRequest, key_of, respond, scim_view
from apps.scim.views.requests import (
    asked_attributes,
    asked_search,
    list_response,
    sent_patch,
    sent_resource,
    wants,
)


def _list(request: ScimRequest) -> HttpResponse:
    asked = asked_search(request, Group)
    with_members = wants(asked, "members")
    rows = directory_groups(condition_of(asked.filter, GROUP_COLUMNS), with_members=with_members)
    base = base_address()

    def document(row: DirectoryGroup) -> Group:
        return group_document(row, base, with_members=with_members)

    return list_response(asked, rows, document, Group)


def _create(request: ScimRequest) -> HttpResponse:
    asked = asked_attributes(request, Group)
    made = directory_group_create(document=sent_resource(request, Group, Context.RESOURCE_CREATION_REQUEST))
    answer = _document(made.pk, with_members=wants(asked, "members"))
    return respond(
        answer,
        status=201,
        context=Context.RESOURCE_CREATION_RESPONSE,
        response_parameters=asked,
        headers={"Location": str(answer.meta.location) if answer.meta else ""},
    )


def _read(request: ScimRequest, *, group_id: str) -> HttpResponse:
    asked = asked_attributes(request, Group)
    return respond(_document(key_of(group_id), with_members=wants(asked, "members")), response_parameters=asked)


def _replace(request: ScimRequest, *, group_id: str) -> HttpResponse:
    """What the request leaves out stays, as with a user; an empty list of members is none."""
    asked, key = asked_attributes(request, Group), key_of(group_id)
    wanted = sent_resource(request, Group, Context.RESOURCE_REPLACEMENT_REQUEST)

    def change(current: Group) -> Group:
        for name in {"members", "external_id"} - wanted.model_fields_set:
            setattr(wanted, name, getattr(current, name))
        return wanted

    directory_group_change(group_id=key, change=change)
    answer = _document(key, with_members=wants(asked, "members"))
    return respond(answer, context=Context.RESOURCE_REPLACEMENT_RESPONSE, response_parameters=asked)


def _patch(request: ScimRequest, *, group_id: str) -> HttpResponse:
    """Without a body: a group may be large, and nobody reads what they have just written (RFC 7644, 3.5.2)."""
    directory_group_change(group_id=key_of(group_id), change=sent_patch(request, Group))
    return HttpResponse(status=204)


def _delete(_request: ScimRequest, *, group_id: str) -> HttpResponse:
    directory_group_delete(group=DirectoryGroup(pk=key_of(group_id)), actor=None)
    return HttpResponse(status=204)


def _document(key: UUID, *, with_members: bool) -> Group:
    if (row := directory_group(key, with_members=with_members)) is None:
        raise NotFoundException(detail=f"There is no group with the id “{key}”.")
    return group_document(row, base_address(), with_members=with_members)


groups = scim_view(GET=_list, POST=_create)
group = scim_view(GET=_read, PUT=_replace, PATCH=_patch, DELETE=_delete)
