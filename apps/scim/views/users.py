"""/Users."""

from uuid import UUID

from django.http import HttpResponse
from scim2_models import Context, NotFoundException

from apps.accounts.models import User as UserRow
from apps.scim.actions import directory_user_change, directory_user_create, directory_user_remove
from apps.scim.documents import base_address, user_document
from apps.scim.filters import condition_of
from apps.scim.resources import ScimUser, User
from apps.scim.selectors import USER_COLUMNS, directory_user, directory_users, users_with_facts
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
    asked = asked_search(request, ScimUser)
    with_groups = wants(asked, "groups")
    rows = users_with_facts(directory_users(condition_of(asked.filter, USER_COLUMNS)), with_groups=with_groups)
    base = base_address()

    def document(row: UserRow) -> User:
        return user_document(row, base, with_groups=with_groups)

    return list_response(asked, rows, document, ScimUser)


def _create(request: ScimRequest) -> HttpResponse:
    asked = asked_attributes(request, ScimUser)
    document = sent_resource(request, ScimUser, Context.RESOURCE_CREATION_REQUEST)
    made = directory_user_create(document=document, token=request.token)
    answer = _current(made.pk)
    return respond(
        answer,
        status=201,
        context=Context.RESOURCE_CREATION_RESPONSE,
        response_parameters=asked,
        headers={"Location": str(answer.meta.location) if answer.meta else ""},
    )


def _read(request: ScimRequest, *, user_id: str) -> HttpResponse:
    return respond(_current(key_of(user_id)), response_parameters=asked_attributes(request, ScimUser))


def _replace(request: ScimRequest, *, user_id: str) -> HttpResponse:
    """What the request leaves out stays (RFC 7644, 3.5.1 leaves that to us): a nick name that somebody chose here."""
    asked, key = asked_attributes(request, ScimUser), key_of(user_id)
    wanted = sent_resource(request, ScimUser, Context.RESOURCE_REPLACEMENT_REQUEST)

    def change(current: User) -> User:
        wanted.replace(current)
        for name in set(type(current).model_fields) - wanted.model_fields_set:
            wanted.__dict__[name] = getattr(current, name)
        return wanted

    directory_user_change(user_id=key, change=change)
    return respond(_current(key), context=Context.RESOURCE_REPLACEMENT_RESPONSE, response_parameters=asked)


def _patch(request: ScimRequest, *, user_id: str) -> HttpResponse:
    asked, key = asked_attributes(request, ScimUser), key_of(user_id)
    directory_user_change(user_id=key, change=sent_patch(request, ScimUser))
    return respond(_current(key), context=Context.RESOURCE_PATCH_RESPONSE, response_parameters=asked)


def _delete(_request: ScimRequest, *, user_id: str) -> HttpResponse:
    directory_user_remove(user_id=key_of(user_id))
    return HttpResponse(status=204)


def _current(key: UUID) -> User:
    if (row := directory_user(key)) is None:
        raise NotFoundException(detail=f"There is no user with the id “{key}”.")
    return user_document(row, base_address())


users = scim_view(GET=_list, POST=_create)
user = scim_view(GET=_read, PUT=_replace, PATCH=_patch, DELETE=_delete)
