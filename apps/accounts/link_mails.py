"""Mails of the system to the people of a tenant: by Django's mail backend, whether or not there is a mail channel."""

from typing import Any
from zoneinfo import ZoneInfo

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.accounts.browsers import browser_name
from apps.accounts.choices import LinkKind
from apps.accounts.models import AccountLink, User, UserSession
from apps.tenants.links import absolute_url
from apps.tenants.selectors import current_tenant

VIEWS = {LinkKind.INVITATION: "account_link", LinkKind.RESET: "account_link", LinkKind.EMAIL: "email_link"}


def link_mail(link: AccountLink, token: str) -> None:
    """Send a link.

    Args:
        link: which.
        token: its secret.

    Raises:
        Exception: the server has not taken it.
    """
    address = absolute_url(reverse(VIEWS[LinkKind(link.kind)], args=[token]))
    _send(link.email, f"link_{link.kind}", {"user": link.user, "address": address})


def email_changed_mail(user: User, before: str) -> None:
    """Tell the address that an account had that it has another one now."""
    _send(before, "email_changed", {"user": user, "address": absolute_url(reverse("signin"))})


def new_browser_mail(session: UserSession) -> None:
    """Tell somebody that their account was signed in to with a browser that it was not known by."""
    with timezone.override(ZoneInfo(session.user.time_zone)):
        when = date_format(timezone.localtime(session.began_at), "Y-m-d H:i T")
    facts = {
        "user": session.user,
        "address": absolute_url(reverse("account")),
        "browser": browser_name(session.user_agent),
        "place": session.address,
        "when": when,
    }
    _send(session.user.email, "new_browser", facts)


def _send(to: str, name: str, facts: dict[str, Any]) -> None:
    """Write a mail in the tenant's language, as text and as HTML, and hand it over."""
    tenant = current_tenant()
    company = tenant.name if tenant else "Parley"
    with translation.override(tenant.language if tenant else "en"):
        facts |= {"company": company, "language": translation.get_language()}
        subject = {
            "link_invitation": _("Your account at %(company)s"),
            "link_reset": _("A new password for %(company)s"),
            "link_email": _("Is this your new email at %(company)s?"),
            "email_changed": _("Your email at %(company)s was changed"),
            "new_browser": _("A new sign-in to your account at %(company)s"),
        }[name] % {"company": company}
        text = render_to_string(f"accounts/mail/{name}.txt", facts)
        paragraphs = [each.replace("\n", " ") for each in text.strip().split("\n\n")]
        html = render_to_string("accounts/mail/page.html", facts | {"subject": subject, "paragraphs": paragraphs})
    # A name that a company has chosen must not begin another header.
    mail = EmailMultiAlternatives(
        " ".join(subject.split()), text, to=[to], headers={"Auto-Submitted": "auto-generated"}
    )
    mail.attach_alternative(html, "text/html")
    mail.send(fail_silently=False)
