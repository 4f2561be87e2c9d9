"""The customers' mailbox: what was sent to them, and what they write; in local mode only."""

import html
import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from apps.core.errors import DomainError
from apps.demo.actions import mail_write
from apps.demo.forms import AnswerForm, MailForm, mail_parts
from apps.demo.models import CaughtMail
from apps.demo.selectors import caught_mail, caught_mails, newest_mail
from apps.demo.views.access import Answer, local_only
from apps.mime.frame import SANDBOX, frame_document, frame_policy
from apps.mime.parse import parse_mail
from apps.mime.quotes import is_forward, split_text
from apps.mime.quotes_html import split_html
from apps.mime.safe import make_safe
from apps.mime.types import Address, ParsedMail

PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""What may be shown where it is; everything else is to be saved."""


@local_only
@never_cache
@require_safe
def mailbox_page(request: HttpRequest) -> HttpResponse:
    """The list, beside the newest mail; alone where there is no room for both."""
    return _page(request, newest_mail(), is_list=True)


@local_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mail_page(request: HttpRequest, mail_id: UUID) -> HttpResponse:
    """A mail beside the list; POST answers it as the customer."""
    row = caught_mail(mail_id)
    form = AnswerForm(request.POST, request.FILES, recipients=row.recipients) if request.method == "POST" else None
    if form is None or row.is_written or not form.is_valid():
        return _page(request, row, form)
    answer = form.cleaned_data
    author = Address(_name(row, answer["author"]), answer["author"])
    try:
        said = mail_write(
            author=author, to="", subject="", body=answer["body"], answers=row, files=mail_parts(answer["enclosed"])
        )
    except DomainError as refused:
        form.add_error(None, str(refused.message))
        return _page(request, row, form)
    return redirect("demo:mail", said.pk)


def _page(
    request: HttpRequest, row: CaughtMail | None, form: AnswerForm | None = None, *, is_list: bool = False
) -> HttpResponse:
    mails = caught_mails()
    context: dict[str, Any] = {"mails": mails, "chosen": row, "is_list": is_list and row is not None}
    if row is not None:
        parsed = parse_mail(bytes(row.raw))
        context |= {"mail": parsed, "parts": _listed(parsed), "sandbox": SANDBOX, "hidden": _hidden(row, parsed)}
        context["form"] = form or AnswerForm(recipients=row.recipients)
    return render(request, "demo/mail.html", context, status=422 if form is not None and form.errors else 200)


def _listed(parsed: ParsedMail) -> list[tuple[int, Any]]:
    return [(place, part) for place, part in enumerate(parsed.attachments) if not part.is_inline]


def _hidden(row: CaughtMail, parsed: ParsedMail) -> list[str]:
    """Recipients whom the envelope alone knows."""
    named = {each.key for each in (*parsed.to, *parsed.cc)}
    return [each for each in row.recipients if each.casefold() not in named]


def _name(row: CaughtMail, address: str) -> str:
    parsed = parse_mail(bytes(row.raw))
    return next((each.name for each in (*parsed.to, *parsed.cc) if each.key == address.casefold()), "")


@local_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mail_new_page(request: HttpRequest) -> HttpResponse:
    """A new mail to the company."""
    form = MailForm(request.POST, request.FILES) if request.method == "POST" else MailForm()
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            row = mail_write(
                author=Address(said["name"], said["address"]),
                to=said["to"],
                subject=said["subject"],
                body=said["body"],
                files=mail_parts(form.cleaned_data["enclosed"]),
            )
            return redirect("demo:mail", row.pk)
        except DomainError as refused:
            form.add_error(None, str(refused.message))
    context = {"mails": caught_mails(), "form": form}
    return render(request, "demo/mail_new.html", context, status=422 if form.errors else 200)


@local_only
@never_cache
@require_safe
@xframe_options_sameorigin
def mail_body(request: HttpRequest, mail_id: UUID) -> HttpResponse:
    """What a mail says, as a document for a frame (EML-4)."""
    parsed = parse_mail(bytes(caught_mail(mail_id).raw))
    remote = "images" in request.GET
    if parsed.html:
        safe = make_safe(parsed.html, image_address=_images(mail_id, parsed), remote_images=remote)
        segments = split_html(safe.html, forward=is_forward(parsed.subject))
    else:
        plain = split_text(parsed.text, forward=is_forward(parsed.subject))
        segments = tuple(
            replace(each, content=f'<div style="white-space:pre-wrap">{html.escape(each.content)}</div>')
            for each in plain
        )
    response = HttpResponse(frame_document(segments, title=parsed.subject))
    response["Content-Security-Policy"] = frame_policy(remote_images=remote)
    return response


def _images(mail_id: UUID, parsed: ParsedMail) -> Callable[[str], str | None]:
    places = {part.content_id: place for place, part in enumerate(parsed.attachments) if part.content_id}

    def address(content_id: str) -> str | None:
        return reverse("demo:part", args=[mail_id, places[content_id]]) if content_id in places else None

    return address


@local_only
@never_cache
@require_safe
def mail_part(request: HttpRequest, mail_id: UUID, place: int) -> Answer:
    """Something that came with a mail."""
    del request
    parts = parse_mail(bytes(caught_mail(mail_id).raw)).attachments
    if place >= len(parts):
        raise Http404
    found = parts[place]
    shown = found.media_type in PICTURES
    media_type = found.media_type if shown else "application/octet-stream"
    return FileResponse(
        io.BytesIO(found.content), as_attachment=not shown, filename=found.name, content_type=media_type
    )


@local_only
@never_cache
@require_safe
def mail_source(request: HttpRequest, mail_id: UUID) -> HttpResponse:
    """A mail as it went over the wire."""
    del request
    raw = bytes(caught_mail(mail_id).raw)
    return HttpResponse(raw, content_type="text/plain; charset=utf-8")
