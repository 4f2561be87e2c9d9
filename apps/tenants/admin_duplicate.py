"""“Duplicate” on the pages of what is set up: the copy of a row, under another name.

How a row is copied, an app above says (`duplicate_with`): the pages know nothing of it.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextInputWidget

from apps.tenants.admin_base import SetupAdmin, acting_user
from apps.tenants.admin_questions import question_page, row_address
from apps.tenants.admin_reach import has_full_reach

Duplicator = Callable[[Any, dict[str, Any], Any], Any]
"""Copies a row by actions: gets it, what the copy has otherwise (its name at least), and who does it."""

_duplicators: list[Duplicator] = []


def duplicate_with(function: Duplicator) -> Duplicator:
    """Have rows be copied by a function; the last one named counts."""
    _duplicators[:] = [function]
    return function


class DuplicateForm(forms.Form):
    """What the copy is called; pages that ask for more have a form of their own.

    Args:
        row: the original.
    """

    name = forms.CharField(label=_("Name"), widget=UnfoldAdminTextInputWidget)

    def __init__(self, row: Any, data: Any) -> None:
        super().__init__(data, initial={"name": name_of_copy(row)})
        self.row = row
        self.fields["name"].max_length = _longest_name(row)  # type: ignore[attr-defined]
        self.fields["name"].widget.attrs["maxlength"] = _longest_name(row)

    def clean_name(self) -> str:
        """A name that no other row has.

        Raises:
            ValidationError: it is taken, or too long.
        """
        name = str(self.cleaned_data["name"])
        if len(name) > _longest_name(self.row):
            raise ValidationError(_t("At most %(most)d characters.") % {"most": _longest_name(self.row)})
        if _is_taken(self.row, name):
            raise ValidationError(_t("There is one of this name already."))
        return name

    def changes(self) -> dict[str, Any]:
        """What the copy has otherwise than the original; the form must be valid."""
        return {"name": self.cleaned_data["name"]}


class DuplicateAdmin(SetupAdmin):
    """A page whose rows can be copied, by those whose role reaches everything and who may make new ones.

    Attributes:
        duplicate_form: what is asked for.
        duplicate_note: what the copy has not, and how it begins, as a sentence.
    """

    actions_detail: tuple[str, ...]  # Of the page that it is mixed into.
    duplicate_form: ClassVar[type[DuplicateForm]] = DuplicateForm
    duplicate_note: ClassVar[str | Promise] = _("The copy has all that is set up on this page.")

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.actions_detail = (*self.actions_detail, "duplicate")

    def has_duplicate_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Who may make new ones, and not only of their own queues."""
        del object_id
        return self.has_add_permission(request) and has_full_reach(request)

    @action(description=_("Duplicate"), url_path="duplicate", icon="content_copy", permissions=["duplicate"])  # type: ignore[untyped-decorator]
    def duplicate(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for the copy's name; sent, make it and lead to its page.

        Raises:
            Http404: there is no such row.
            PermissionDenied: this user may not make one.
        """
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        if not self.has_duplicate_permission(request):
            raise PermissionDenied
        form = self.duplicate_form(row, request.POST if request.method == "POST" else None)
        copies: list[Any] = []

        def do(_data: dict[str, Any]) -> str:
            copies.append(_duplicators[0](row, form.changes(), acting_user(request)))
            said = _t("“%(copy)s” is a copy of “%(row)s”. Change here what is to differ.")
            return said % {"copy": copies[0], "row": row}

        words = {"title": _t("Duplicate"), "intro": self.duplicate_note, "button": _t("Duplicate")}
        return question_page(
            self, request, row, words=words, form=form, do=do, then=lambda: row_address(self, copies[0])
        )


def name_of_copy(row: Any) -> str:
    """A name for the copy of a row that no other row has."""
    most = _longest_name(row)
    name, number = _t("Copy of %(name)s") % {"name": row.name}, 1
    free = name[:most].rstrip()
    while _is_taken(row, free):
        number += 1
        end = f" ({number})"
        free = f"{name[: most - len(end)].rstrip()}{end}"
    return free


def _longest_name(row: Any) -> int:
    return int(row._meta.get_field("name").max_length)  # noqa: SLF001 - Django's way to ask


def _is_taken(row: Any, name: str) -> bool:
    return bool(type(row)._default_manager.filter(name=name).exists())  # noqa: SLF001 - public in all but its name
