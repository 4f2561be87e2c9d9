"""Import and Export, on top of the list of every model that has kinds of rows."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.imports.kinds import kinds_of_model
from apps.imports.selectors import may_export, may_import
from apps.tenants.admin_list_links import ListLink, list_links


def csv_links(request: HttpRequest, model: type[Any]) -> list[ListLink]:
    """What this user may do with the rows of a list."""
    kinds = kinds_of_model(model)
    links = []
    for kind in kinds:
        of = f": {kind.label}" if len(kinds) > 1 else ""
        if may_import(request.user, kind):
            links.append(ListLink(_("Import") + of, reverse("admin:imports_new", args=[kind.code])))
        if may_export(request.user, kind):
            address = reverse("admin:imports_export", args=[kind.code])
            links.append(ListLink(_("Export") + of, f"{address}?{request.GET.urlencode()}".rstrip("?")))
    return links


list_links(csv_links)
