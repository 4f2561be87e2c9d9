"""The check of a mail channel's DNS, on the channel's page."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from apps.core.errors import DomainError
from apps.core.limits import Limit, limit_take
from apps.email.models import MailChannel
from apps.mailin.channel_dns import channel_dns_check
from apps.tenants.admin_base import acting_user, refusal_sentences
from apps.tenants.admin_panels import admin_panel
from apps.tenants.admin_sites import tenant_site

DNS_CHECKS = Limit("mail.channel_dns", 20, 600)
"""Checks of one user: each asks the DNS a dozen questions."""


@admin_panel(MailChannel)
def channel_dns_panel(request: HttpRequest, channel: MailChannel) -> SafeString:
    """The button that checks, and room for what is found."""
    return render_to_string("mailin/admin_channel_dns.html", {"channel": channel}, request)


@require_safe
def channel_dns_view(request: HttpRequest) -> HttpResponse:
    """What the DNS says of the channel whose key is in ``channel``, as a part of its page.

    Raises:
        Http404: there is no such channel.
        PermissionDenied: they may not see channels.
    """
    page = tenant_site.get_model_admin(MailChannel)
    if not page.has_view_permission(request):
        raise PermissionDenied
    channel = page.get_object(request, request.GET.get("channel", ""))
    if channel is None:
        raise Http404
    facts: dict[str, object] = {}
    try:
        limit_take(DNS_CHECKS, acting_user(request).pk.hex)
        facts["findings"] = channel_dns_check(channel)
    except DomainError as refused:
        facts["refused"] = refusal_sentences(refused)
    return TemplateResponse(request, "mailin/admin_channel_dns_findings.html", facts)


tenant_site.add_page("email/mailchannel/dns/", channel_dns_view, "mail_channel_dns")
