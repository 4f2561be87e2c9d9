"""A shop of the demo tenant's with the widget on it, and a page on which the widget's API can be tried."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from apps.chat.selectors import first_widget
from apps.demo.actions import identity_token_sign
from apps.demo.shop import SHOP_CUSTOMERS, demo_shop
from apps.demo.views.access import local_only


@local_only
@require_safe
def shop_page(request: HttpRequest) -> HttpResponse:
    """A shop of the demo tenant's, with the widget on it by its script tag."""
    tenant: Any = request.tenant  # type: ignore[attr-defined]
    return render(request, "demo/shop.html", {"shop": demo_shop(tenant.schema_name), "channel": first_widget()})


@local_only
@require_safe
def widget_api_page(request: HttpRequest) -> HttpResponse:
    """A page on which the widget's API can be tried."""
    return render(request, "demo/widget_api.html", {"channel": first_widget(), "people": SHOP_CUSTOMERS})


@local_only
@require_POST
def identity_token(request: HttpRequest) -> HttpResponse:
    """What the shop's own server would do for a customer who has signed in (CHAT-12)."""
    channel = first_widget()
    customer = SHOP_CUSTOMERS.get(request.POST.get("person", ""))
    if channel is None or customer is None:
        raise Http404
    return JsonResponse({"token": identity_token_sign(channel=channel, customer=customer)})
