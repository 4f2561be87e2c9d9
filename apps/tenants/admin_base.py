"""What the admin pages of every app have in common: who may do what, and writing through actions alone.

The admin asks the user two things: `may(permission)`, and how far their role reaches. What those see and change whose
role reaches only their own queues follows from which queues a row serves (`admin_reach`): a page says it by `serves`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib import messages
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.encoding import force_str
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from apps.core.errors import DomainError
from apps.tenants.admin_columns import read_durations, with_durations
from apps.tenants.admin_lines import plain_formfield
from apps.tenants.admin_list_links import links_of_list
from apps.tenants.admin_menu import settings_address
from apps.tenants.admin_panels import panels_of_row
from apps.tenants.admin_reach import has_full_reach, queues_of_user, rows_serving, serves_only
from apps.tenants.admin_related import offer_new
from apps.tenants.admin_stale import StaleAdmin
from apps.tenants.admin_uses import uses_panel

if TYPE_CHECKING:
    AnyForm = ModelForm[Any]
    AnyFormSet = BaseInlineFormSet[Any, Any, Any]
else:  # Django's own classes take no type arguments when the program runs.
    AnyForm, AnyFormSet = ModelForm, BaseInlineFormSet

RefusalError = DomainError | ValidationError


class SetupAdmin(StaleAdmin):
    """A page on which something is set up.

    Attributes:
        permission: what the user must hold, a value of `accounts.permissions.Permission`.
        menu_label: what the menu calls the page, where that depends on whose admin it is.
        can_add: whether rows are made here.
        can_delete: whether rows are deleted here.
        purpose: a sentence on what its rows are for, shown while there are none.
        found_by: the fields that hold a row's name: by these the search of the admin pages finds it; none, and it
            finds no rows of it.
        serves: the relations from a row to the queues that it serves; none means that it is for who reaches everything.
        serves_all: which rows serve every queue (`EVERY_ROW` for all of them): everybody here sees them.
    """

    permission: ClassVar[str] = "setup"
    menu_label: ClassVar[str | Promise] = ""
    can_add: ClassVar[bool] = True
    can_delete: ClassVar[bool] = True
    purpose: ClassVar[str | Promise] = ""
    found_by: ClassVar[tuple[str, ...]] = ()
    serves: ClassVar[tuple[str, ...]] = ()
    serves_all: ClassVar[models.Q | None] = None
    change_form_after_template = "tenants/admin_panels.html"
    compressed_fields = True
    list_fullwidth = True
    warn_unsaved_form = True

    # --- What a subclass says

    def is_own(self, request: HttpRequest, row: Any) -> bool:
        """Whether a row belongs to a user whose role reaches only their own queues: it serves those alone."""
        return serves_only(row, queues_of_user(request), by=self.serves, every=self.serves_all)

    def rows_within_reach(self, request: HttpRequest, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """The rows that a user sees whose role reaches only their own queues: those that serve one of them."""
        return rows_serving(rows, queues_of_user(request), by=self.serves, every=self.serves_all)

    def store(self, request: HttpRequest, row: Any, form: AnyForm) -> None:
        """Have an action write the row.

        Raises:
            DomainError: refused.
        """
        raise NotImplementedError

    def store_inline_rows(self, request: HttpRequest, row: Any, lines: "InlineRows") -> None:
        """Have an action write what stands in one of the page's tables.

        Raises:
            DomainError: refused.
        """
        raise NotImplementedError

    def remove(self, request: HttpRequest, row: Any) -> None:
        """Have an action delete the row.

        Raises:
            DomainError: refused.
        """
        raise NotImplementedError

    # --- Who may

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the page is listed."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who holds the permission sees."""
        del obj
        return bool(getattr(request.user, "may", lambda _permission: False)(self.permission))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whose role reaches everything makes new ones."""
        return self.can_add and self.has_view_permission(request) and has_full_reach(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Everybody's, or one's own."""
        if not self.has_view_permission(request):
            return False
        return has_full_reach(request) or (obj is not None and self.is_own(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whose role reaches everything deletes."""
        del obj
        return self.can_delete and self.has_view_permission(request) and has_full_reach(request)

    # --- The list

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """The columns, durations in words."""
        return with_durations(self.model, super().get_list_display(request))

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """What this user sees: in the list, its searches, filters and counts, and of each page and history."""
        rows: models.QuerySet[Any] = super().get_queryset(request)
        return rows if has_full_reach(request) else self.rows_within_reach(request, rows)

    # --- The form

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row; an empty name of a field, which Django would look for, is none."""
        return super().get_object(request, object_id, from_field or None)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Durations and lists as people write them; “New …” beside a choice of rows."""
        plain = plain_formfield(db_field, **kwargs)
        field = plain or super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name == self.ordering_field:
            # In a list, where rows are put in order, only the column has a label.
            field.widget.attrs["aria-label"] = capfirst(str(field.label))
        return offer_new(field, db_field.related_model, request, self.admin_site)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, with what apps above have to say of its row."""
        row = kwargs.get("obj")
        read_durations(context["adminform"], self.model)
        for table in context["inline_admin_formsets"]:
            read_durations(table, table.opts.model)
        context["panels"] = [uses_panel(request, self, row), *panels_of_row(request, row)] if row is not None else []
        response: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return response

    # --- Writing

    def save_model(self, request: HttpRequest, obj: Any, form: AnyForm, change: bool) -> None:
        """Write through an action, over nothing that the page did not show."""
        if change:
            self.refuse_stale(request, obj, form.prefix)
        self.store(request, obj, form)

    def save_related(self, request: HttpRequest, form: AnyForm, formsets: Sequence[AnyFormSet], change: bool) -> None:
        """Write the tables through actions; relations of the form itself are the business of `store`.

        Raises:
            ValidationError: what was written is not theirs any more; nothing is kept of it.
        """
        for formset in formsets:
            self.save_formset(request, form, formset, change)
        if change and self.serves and not (has_full_reach(request) or self.is_own(request, form.instance)):
            raise ValidationError(_("That would reach beyond the queues that you serve."))

    def save_formset(self, request: HttpRequest, form: AnyForm, formset: AnyFormSet, change: bool) -> None:
        """Write a table through an action, if anything in it changed."""
        del change
        formset.save(commit=False)  # Gives new lines the row that they belong to; writes nothing.
        if formset.has_changed():
            self.store_inline_rows(request, form.instance, InlineRows(formset))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete through an action."""
        self.remove(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """Delete all or none."""
        with transaction.atomic():
            for row in queryset:
                self.remove(request, row)

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """What is about to be deleted; whether it may be, the action decides."""
        rows = list(objs)
        allowed = all(self.has_delete_permission(request, row) for row in rows)
        denied = set() if allowed else {str(self.opts.verbose_name)}
        return [capfirst(str(row)) for row in rows], {str(self.opts.verbose_name_plural): len(rows)}, denied, []

    # --- A refusal is a sentence on the page, with all that was typed still there

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show or save; what an action refuses is shown as an error of the form."""
        try:
            response: HttpResponse = super().changeform_view(request, object_id, form_url, extra_context)
        except (DomainError, ValidationError) as refused:
            request.refused = refused  # type: ignore[attr-defined]
            response = super().changeform_view(request, object_id, form_url, extra_context)
        return response

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[AnyForm]:
        """The form; after a refusal, with the refusal as its error."""
        form: type[AnyForm] = super().get_form(request, obj, change=change, **kwargs)
        if kwargs.get("fields", ()) is not None:  # None: the admin only asks which fields there are.
            form = form_subclass(form, dict.fromkeys(set(form.declared_fields) - self._shown(request, obj)))
        refused = getattr(request, "refused", None)
        return form if refused is None else _with_error(form, refused)

    def _shown(self, request: HttpRequest, obj: Any) -> set[str]:
        """The fields that can be typed into: what a form declares beyond them would be read all the same."""
        return set(flatten_fieldsets(self.get_fieldsets(request, obj))) - set(self.get_readonly_fields(request, obj))

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask, or delete; a refusal leads back to the row."""
        try:
            response: HttpResponse = super().delete_view(request, object_id, extra_context)
        except (DomainError, ValidationError) as refused:
            self._say(request, refused)
            address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[object_id])
            return redirect(f"{address}#used-by")
        return response

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """List, or act on several; a refusal changes nothing and leads back to the list.

        What is changed on a settings page has no list: its address leads there.
        """
        if (address := settings_address(self.opts.label_lower)) and self.has_view_permission(request):
            return redirect(address)
        try:
            response: HttpResponse = super().changelist_view(request, extra_context)
            self._add_links(request, response)
        except (DomainError, ValidationError) as refused:
            self._say(request, refused)
            return redirect(request.get_full_path())
        return response

    def _add_links(self, request: HttpRequest, response: HttpResponse) -> None:
        """What other apps offer stands before the list's own buttons."""
        context = getattr(response, "context_data", None)
        if context is not None and "actions_list" in context:
            context["actions_list"] = [*links_of_list(request, self.model), *context["actions_list"]]

    def _say(self, request: HttpRequest, refused: RefusalError) -> None:
        for sentence in refusal_sentences(refused):
            self.message_user(request, sentence, messages.ERROR)


class ReadOnlyAdmin(SetupAdmin):
    """A page on which nothing is changed."""

    can_add = can_delete = False
    actions = None

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        del request, obj
        return False


class OperatorAdmin(SetupAdmin):
    """A page on the operators' host: whoever gets there may use it."""

    def rows_within_reach(self, request: HttpRequest, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """All: operators have no queues."""
        del request
        return rows

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Operators."""
        del obj
        return bool(self.admin_site.has_permission(request))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Operators, where rows are made on pages."""
        return self.can_add and self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Operators."""
        return self.has_view_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Operators, where rows are deleted on pages."""
        return self.can_delete and self.has_view_permission(request, obj)


class InlineRows:
    """What stands in a page's table once it is saved.

    Attributes:
        model: the rows' model.
        kept: rows that are there, new and changed ones included.
        deleted: rows that were deleted.
    """

    def __init__(self, formset: AnyFormSet) -> None:
        deleted = set(map(id, formset.deleted_forms))
        filled = [form for form in formset.forms if form.instance.pk or form.has_changed()]
        self.model: Any = formset.model
        self.kept: list[Any] = [form.instance for form in filled if id(form) not in deleted]
        self.deleted: list[Any] = [form.instance for form in formset.deleted_forms if form.instance.pk]


def exact_time(at: datetime | None) -> str:
    """A moment in the user's zone, short and exact."""
    return formats.date_format(timezone.localtime(at), "Y-m-d H:i:s") if at else "–"


def refusal_sentences(refused: RefusalError) -> list[str]:
    """What a person is told of a refusal."""
    return [force_str(refused.message)] if isinstance(refused, DomainError) else refused.messages


def acting_user(request: HttpRequest) -> Any:
    """Who asks.

    Raises:
        PermissionDenied: nobody that is known.
    """
    if not request.user.is_authenticated:
        raise PermissionDenied
    return request.user


def _with_error(form: type[AnyForm], refused: RefusalError) -> type[AnyForm]:
    def clean(self: AnyForm) -> None:
        form.clean(self)
        raise ValidationError(refusal_sentences(refused))

    return form_subclass(form, {"clean": clean})


def form_subclass(form: type[AnyForm], attributes: dict[str, Any]) -> type[AnyForm]:
    """A form with some attributes of its own; a field that becomes None is gone."""
    return cast("type[AnyForm]", type(form.__name__, (form,), attributes))
