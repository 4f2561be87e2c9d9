"""What a browser would send of a form that nobody has touched: for pages that fill forms in for people."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.utils.datastructures import MultiValueDict


def form_data(form: forms.BaseForm) -> MultiValueDict[str, Any]:
    """The values of a form as they would be sent, by the names of their fields; files can't be sent again.

    Args:
        form: not bound: its values are the initial ones.
    """
    data: MultiValueDict[str, Any] = MultiValueDict()
    for bound in form:
        for name, values in _sent(bound.field.widget, bound.html_name, bound.value()):
            data.setlist(name, values)
        if bound.field.show_hidden_initial:
            value = bound.value()
            data.setlist(bound.html_initial_name, value if isinstance(value, list) else [value])
    return data


def _sent(widget: forms.Widget, name: str, value: Any) -> Iterator[tuple[str, list[Any]]]:
    if isinstance(widget, RelatedFieldWidgetWrapper):
        widget = widget.widget
    if isinstance(widget, forms.FileInput):
        return
    if isinstance(widget, forms.MultiWidget):
        parts: Any = widget
        values = value if isinstance(value, list | tuple) else parts.decompress(value)
        for part, suffix, each in zip(parts.widgets, parts.widgets_names, values, strict=True):
            yield from _sent(part, name + suffix, each)
    elif isinstance(widget, forms.CheckboxInput):
        if widget.check_test(value):
            yield name, ["on"]
    elif isinstance(widget, forms.widgets.ChoiceWidget):
        yield name, list(widget.format_value(value) or [])
    elif (text := widget.format_value(value)) is not None:
        yield name, [text]
