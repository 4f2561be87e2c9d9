"""Links that a mail of ours brings its customer: put in when it is sent, and stored nowhere (FRM-2, SRV-5).

What is stored of the mail, and shown to agents, has `core.secrets.HIDDEN` in the link's place. The link is made of the
row's id and this installation's key, so it is the same at each attempt, as everything else of the mail is (EML-10).
"""

import html
from dataclasses import replace

from django.urls import reverse

from apps.core.secrets import HIDDEN
from apps.email.choices import LINK_KINDS
from apps.email.models import OutboundMail
from apps.forms.choices import Via
from apps.forms.tokens import token_make as form_token
from apps.mime.types import OutgoingMail
from apps.surveys.tokens import token_make as survey_token
from apps.tenants.links import absolute_url


class LinkGoneError(Exception):
    """What the link would lead to is not asked any more."""


def link_fill(mail: OutgoingMail, row: OutboundMail) -> OutgoingMail:
    """The mail as its customer gets it, for as long as it takes to send it.

    Args:
        mail: as it is stored.
        row: its row; what brings no link stays as it is.

    Raises:
        LinkGoneError: there is nothing any more that it could lead to.
    """
    if row.kind not in LINK_KINDS:
        return mail
    link = html.escape(address := _address(row))
    return replace(
        mail,
        text=mail.text.replace(HIDDEN, address, 1),
        html=mail.html.replace(HIDDEN, f'<a href="{link}">{link}</a>', 1),
    )


def _address(row: OutboundMail) -> str:
    if row.survey is not None:
        path = _path("surveys:page", survey_token(row.survey))
    elif row.form_id is not None:
        path = _path("forms:page", form_token(row.form_id, Via.LINK))
    else:
        raise LinkGoneError
    return absolute_url(path)


def _path(name: str, token: str) -> str:
    return reverse(name, args=[token], urlconf="config.urls_tenant")
