"""What the templates of the admin pages ask for."""

from typing import Any

from django import template
from django.template import RequestContext
from django.utils.translation import gettext as _

from apps.tenants.admin_menu import SETTINGS, page_of

register = template.Library()


@register.simple_tag(takes_context=True)
def admin_crumbs(context: RequestContext, parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Where in the menu a page stands: section, page, row, in the menu's words.

    Args:
        context: of the page.
        parts: Unfold's own, which begin with the name of the app.
    """
    found = page_of(_page_name(context))
    if found is None:
        return parts
    section, page = found
    rest = parts[2:] if len(parts) > 1 else []
    label = _(page.label) if page.label else parts[1]["title"] if len(parts) > 1 else parts[0]["title"]
    own = {"title": label, "link": parts[1]["link"] if rest else ""}
    return [*([] if _(section) == label else [{"title": _(section), "link": ""}]), own, *rest]


def _page_name(context: RequestContext) -> str:
    """What the menu calls the open page: of a model, or a settings page."""
    match = context.request.resolver_match
    if match is not None and match.url_name == "settings":
        return f"{SETTINGS}{match.kwargs['code']}"
    name = (match.url_name or "") if match is not None else ""
    model = name.rpartition("_")[0] if name.endswith(("_changelist", "_add", "_change", "_delete", "_history")) else ""
    return model.replace("_", ".", 1)
