"""Reading what a directory asks for and sends."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from scim2_models import (
    Context,
    ListResponse,
    PatchOp,
    PayloadTooLargeException,
    Resource,
    ResponseParameters,
    SearchRequest,
)

from apps.scim.choices import FARTHEST, OPERATIONS_MOST, PAGE, PAGE_MOST
from apps.scim.resources import POLICY
from apps.scim.views.endpoint import body_of, respond

AnyResource = TypeVar("AnyResource", bound=Resource[Any])
ASKED = ("attributes", "excludedAttributes")


def asked_search(request: HttpRequest, model: type[Resource[Any]]) -> SearchRequest[Any]:
    """What a list is asked for: filter, page, attributes. What else stands in the address is left out.

    Raises:
        pydantic.ValidationError: something of it can't be.
    """
    known = {name: request.GET[name] for name in ("filter", "startIndex", "count", *ASKED) if name in request.GET}
    return SearchRequest[model].model_validate(known)  # type: ignore[valid-type]


def asked_attributes(request: HttpRequest, model: type[Resource[Any]]) -> ResponseParameters[Any]:
    """Which attributes of one resource are asked for (RFC 7644, 3.9)."""
    known = {name: request.GET[name] for name in ASKED if name in request.GET}
    return ResponseParameters[model].model_validate(known)  # type: ignore[valid-type]


def wants(asked: ResponseParameters[Any], attribute: str) -> bool:
    """Whether an attribute that costs a query is asked for."""
    if asked.attributes:
        return any(_head(str(path)) == attribute for path in asked.attributes)
    return all(str(path).rpartition(":")[2].lower() != attribute for path in asked.excluded_attributes or [])


def sent_resource(request: HttpRequest, model: type[AnyResource], context: Context) -> AnyResource:
    """The resource that a request holds."""
    return model.model_validate(body_of(request), scim_ctx=context, scim_policy=POLICY)


def sent_patch(request: HttpRequest, model: type[AnyResource]) -> Callable[[AnyResource], AnyResource]:
    """What a PATCH does, to be called with the resource as it is.

    Raises:
        PayloadTooLargeException: more operations than `OPERATIONS_MOST`.
    """
    body = body_of(request)
    operations: Any = next((value for name, value in body.items() if name.lower() == "operations"), None)
    if isinstance(operations, list) and len(operations) > OPERATIONS_MOST:
        raise PayloadTooLargeException(detail=f"a PATCH has at most {OPERATIONS_MOST} operations")
    patch: PatchOp[Any] = PatchOp[model].model_validate(  # type: ignore[valid-type]
        body, scim_ctx=Context.RESOURCE_PATCH_REQUEST, scim_policy=POLICY
    )

    def change(resource: AnyResource) -> AnyResource:
        patch.patch(resource, POLICY)
        return resource

    return change


def list_response(
    asked: SearchRequest[Any], rows: QuerySet[Any], document: Callable[[Any], Resource[Any]], model: type[Resource[Any]]
) -> HttpResponse:
    """A page of a list (RFC 7644, 3.4.2.4).

    Args:
        asked: which page, of which attributes.
        rows: all that the filter finds, in order.
        document: makes the resource of a row.
        model: the resource.
    """
    # Where no list reaches, and the database's numbers still do.
    start = min(asked.start_index or 1, FARTHEST)
    count = PAGE if asked.count is None else min(asked.count, PAGE_MOST)
    page = list(rows[start - 1 : start - 1 + count]) if count else []
    answer = ListResponse[model](  # type: ignore[valid-type]
        total_results=rows.count(),
        start_index=start,
        items_per_page=len(page),
        resources=[document(row) for row in page],
    )
    return respond(answer, response_parameters=asked)


def _head(path: str) -> str:
    return path.rpartition(":")[2].partition(".")[0].lower()
