"""Pages behind the buttons of a row's page: a question, an answer, and what is done with it."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from unfold.decorators import action

from apps.core.errors import DomainError
from apps.tenants.admin_base import SetupAdmin, refusal_sentences

Method = TypeVar("Method", bound=Callable[..., HttpResponse])


def may_change(page: SetupAdmin, request: HttpRequest, object_id: Any) -> bool:
    """Whether this user may change a row, by its key."""
    row = page.get_object(request, str(object_id))
    return row is not None and page.has_change_permission(request, row)


def row_to_change(page: SetupAdmin, request: HttpRequest, object_id: str) -> Any:
    """The row that a page of its own is about.

    Raises:
        Http404: there is none.
        PermissionDenied: this user may not change it.
    """
    row = page.get_object(request, object_id)
    if row is None:
        raise Http404
    if not page.has_change_permission(request, row):
        raise PermissionDenied
    return row


def detail_action(description: str | Promise, *, path: str, icon: str) -> Callable[[Method], Method]:
    """Mark a method as the page behind a button that stands on top of a row's page.

    Args:
        description: what stands on the button.
        path: the end of its address.
        icon: a name of Material Symbols.
    """
    return cast("Callable[[Method], Method]", action(description=description, url_path=path, icon=icon))


def row_address(page: SetupAdmin, row: Model) -> str:
    """Where the page of a row is."""
    return reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_change", args=[row.pk])


def question_page(
    page: SetupAdmin,
    request: HttpRequest,
    row: Model,
    *,
    words: dict[str, Any],
    form: forms.Form,
    do: Callable[[dict[str, Any]], str],
    chooser: forms.Form | None = None,
    then: Callable[[], str] | None = None,
) -> HttpResponse:
    """Show a form of its own about a row; sent, it acts, says what it did and leads back to the row.

    Args:
        page: the row's admin page.
        request: GET shows, POST acts; a refusal is shown on the form.
        row: what the form is about.
        words: ``title``, ``intro`` and ``button``, and ``danger`` if it takes something away.
        form: bound when it was sent.
        do: takes what the form holds, calls an action, and returns a sentence about it.
        chooser: a form above it that only changes what is asked for.
        then: the address to which it leads once it has acted, if that is not the row's.
    """
    back = row_address(page, row)
    if request.method == "POST" and form.is_valid():
        try:
            said = do(form.cleaned_data)
        except (DomainError, ValidationError) as refused:
            form.add_error(None, ValidationError(refusal_sentences(refused)))
        else:
            page.message_user(request, said, messages.SUCCESS)
            return redirect(then() if then else back)
    facts = {"opts": page.opts, "original": row, "form": form, "chooser": chooser, "back": back, **words}
    return TemplateResponse(request, "tenants/admin_ask.html", {**page.admin_site.each_context(request), **facts})
