"""“New …” beside a field in which rows are chosen: the row's own page, in a dialog above the page that is filled in.

The dialog speaks Django's protocol of pop-ups: a page that is asked for with `_popup` answers, once the row is made,
with its key and its name. `static/js/admin/new_row.js` opens it and chooses the row.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import Model
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _


class NewRowWidget(RelatedFieldWidgetWrapper):
    """A choice of rows with a button that makes another one.

    Args:
        widget: in which rows are chosen.
        model: of the rows that are made.
        address: of the page on which one is made.
    """

    def __init__(self, widget: Any, model: type[Model], address: str) -> None:
        self.widget, self.attrs, self.needs_multipart_form = widget, widget.attrs, widget.needs_multipart_form
        self.model, self.address = model, address

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The choice, and the button beside it."""
        options: Any = self.model._meta  # noqa: SLF001 - Django's way to ask
        facts = {
            "widget": self.widget.render(name, value, attrs, renderer),
            "line": self._line(name, renderer),
            "address": self.address,
            "model": options.label_lower,
            "title": _("New %(what)s") % {"what": options.verbose_name},
        }
        return SafeString(render_to_string("tenants/admin_new_row.html", facts))

    def _line(self, name: str, renderer: Any) -> str:
        """Of boxes to tick: what one of them looks like, for the row that is made."""
        if not isinstance(self.widget, forms.CheckboxSelectMultiple):
            return ""
        sample = type(self.widget)(choices=[("new-row", "new-row")])
        return str(sample.render(name, ["new-row"], {"id": f"new_{name}"}, renderer))


def offer_new(
    field: Any, model: type[Model] | None, request: HttpRequest, site: Any, initial: Mapping[str, str] | None = None
) -> Any:
    """A field with the button, where this user may make such rows on a page, and without Django's own buttons.

    Args:
        field: of a form; any field, and None, is taken.
        model: of the rows that are chosen in it.
        request: whose user decides what is offered.
        site: on which they have their page.
        initial: what a new one begins with, by the names of its page's fields.
    """
    if field is None or model is None:
        return field
    if isinstance(field.widget, RelatedFieldWidgetWrapper):
        field.widget = field.widget.widget
    made = page_of_model(site, model)
    if made is not None and not is_dialog(request) and made.has_add_permission(request):
        name = f"{made.opts.app_label}_{made.opts.model_name}"
        query = urlencode({**(initial or {}), IS_POPUP_VAR: 1})
        field.widget = NewRowWidget(field.widget, made.model, f"{reverse(f'admin:{name}_add')}?{query}")
    return field


def is_dialog(request: HttpRequest) -> bool:
    """Whether a page is asked for that stands in a dialog of another one."""
    return IS_POPUP_VAR in request.GET or IS_POPUP_VAR in request.POST


def page_of_model(site: Any, model: type[Model]) -> Any:
    """The page of a model's rows, None without one; what is another row's other half has its place on that one's."""
    page = site._registry.get(model)  # noqa: SLF001 - `get_model_admin` is Django's, and raises
    if page is None and model._meta.pk.is_relation:  # noqa: SLF001
        page = site._registry.get(model._meta.pk.related_model)  # noqa: SLF001
    return page
