"""Lists of texts are written one on each line, and what is wrong with one is said with its number and text."""

from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError

from apps.chat.models import WidgetChannel
from apps.contacts.models import ContactField
from apps.files.models import FileRules
from apps.tenants.admin_lines import LinesField, lines_formfield
from tests.support.admin_pages import errors, fields
from tests.support.browser import signed_in, user_as
from tests.support.people import default_queue


def test_lines_are_read_without_empty_ones_and_shown_again() -> None:
    field = LinesField(required=False)
    assert field.clean("  one\r\n\n two ") == ["one", "two"]
    assert field.clean("") == []
    assert field.prepare_value(["one", "two"]) == "one\ntwo"
    assert field.prepare_value("as typed\n") == "as typed\n"
    assert not field.has_changed(["one"], "one\n")
    assert field.has_changed(["one"], "two")


def test_each_wrong_line_is_named() -> None:
    field = LinesField(each=forms.CharField(max_length=3), most=4)
    with pytest.raises(ValidationError) as refused:
        field.clean("one\ntoolong\nsix\n" + "x" * 50)
    first, second = refused.value.messages
    assert first.startswith("Line 2, “toolong”: ")
    assert second.startswith("Line 4, “" + "x" * 39 + "…”: ")
    with pytest.raises(ValidationError, match="4 lines at most"):
        field.clean("1\n2\n3\n4\n5")
    with pytest.raises(ValidationError, match="required"):
        field.clean(" \n ")


def test_lists_of_texts_are_written_so_and_choices_are_not() -> None:
    field = lines_formfield(ContactField._meta.get_field("options"))
    assert isinstance(field, LinesField)
    assert field.clean("Free\nPaid") == ["Free", "Paid"]
    assert lines_formfield(FileRules._meta.get_field("kinds")) is None
    assert lines_formfield(ContactField._meta.get_field("name")) is None


def test_what_is_wrong_stands_beside_the_field(acme: Any) -> None:
    browser = signed_in(user_as("owner"))
    widget = WidgetChannel.objects.create(name="Shop", queue=default_queue())
    page = f"/admin/chat/widgetchannel/{widget.pk}/change/"
    data = fields(browser.get(page)) | {"allowed_sites": "https://shop.example\nshop.example"}
    said = errors(browser.post(page, data))
    assert "Line 2, “shop.example”: Use the form https://shop.example, without a path." in said
    assert "array" not in said
    browser.post(page, data | {"allowed_sites": "https://shop.example\n\nhttps://two.example"})
    widget.refresh_from_db()
    assert widget.allowed_sites == ["https://shop.example", "https://two.example"]
