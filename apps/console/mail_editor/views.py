"""Mails are written, kept, sent, taken back (EML-5 to EML-9)."""

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import push_url, reswap, trigger_client_event

from apps.accounts.permissions import Permission
from apps.console.access import ConsoleRequest, console_view, refusal_response
from apps.console.choices import Refusal
from apps.console.mail.selectors.mails import mail_line_of
from apps.console.mail_editor.editor import Editor, editor_answering, editor_new, editor_of
from apps.console.mail_editor.editor_input import editor_input
from apps.console.selectors.own import conversation_owned_by
from apps.console.shell.fragments import conversation_response, mails_changed_response, workspace_response
from apps.conversations.models import Conversation, Message
from apps.core.dates import date_text
from apps.core.errors import DomainError
from apps.email.choices import DraftKind
from apps.email.models import MailDraft, OutboundMail
from apps.mailout.actions import (
    draft_answer_newest,
    draft_delete,
    draft_save,
    mail_retry,
    mail_send,
    mail_undo,
    original_files_copy,
)
from apps.mailout.selectors.answers import mail_to_answer
from apps.mailout.selectors.outbox import drafts_in, drafts_of

ANSWERS = {"reply": DraftKind.REPLY, "all": DraftKind.REPLY_ALL, "forward": DraftKind.FORWARD}
"""What one does with a mail, as addresses name it."""
SAID_IN_EDITOR = ("replied_since", "draft_outdated")
"""Refusals that the editor has a place for, with what can be done about them."""
HOW = {kind: how for how, kind in ANSWERS.items()}


@require_safe
@console_view
def mail_new(request: ConsoleRequest) -> HttpResponse:
    """The editor of a new mail, right of the tray (EML-7)."""
    if not request.user.may(Permission.OUTBOUND):
        raise DomainError(Refusal.NOT_ALLOWED, _("Your role does not begin conversations by email."))
    return _writing(request, editor_new(request.user))


@require_http_methods(["GET", "HEAD", "POST"])
@console_view
def mail_answer(request: ConsoleRequest, conversation_id: UUID, number: int, how: str) -> HttpResponse:
    """The editor of an answer to this mail. POST, to hand it on: what came with it is copied first (EML-5)."""
    it = _mine(request, conversation_id)
    return _answering(request, it, mail_line_of(it, number), how)


@require_http_methods(["GET", "HEAD", "POST"])
@console_view
def mail_answer_newest(request: ConsoleRequest, conversation_id: UUID, how: str) -> HttpResponse:
    """The editor of an answer to whatever is the newest mail now, whichever the page knows of (EML-5)."""
    it = _mine(request, conversation_id)
    newest = mail_to_answer(it.pk)
    return _answering(request, it, newest.message if newest else None, how)


@require_POST
@console_view
def draft_retarget(request: ConsoleRequest, draft_id: UUID) -> HttpResponse:
    """What is being written answers the newest mail instead; the text stays (EML-9)."""
    said = editor_input(request.POST)
    it = _mine(request, said.conversation_id or UUID(int=0))
    try:
        draft = draft_answer_newest(
            draft_id=draft_id,
            version=said.version,
            content=said.content,
            actor=request.user,
            conversation_id=it.pk,
            kind=said.kind,
            answers_id=said.answers_id,
        )
    except DomainError as refused:
        if refused.code != "draft_empty":
            raise
        # Nothing was written yet: it is begun anew.
        newest = mail_to_answer(it.pk)
        return _answering(request, it, newest.message if newest else None, HOW[said.kind])
    return _editing(request, it.pk, editor_of(_draft(request, draft.pk), request.user))


@require_safe
@console_view
def draft_open(request: ConsoleRequest, draft_id: UUID) -> HttpResponse:
    """A draft is gone on with: in its conversation, or alone."""
    editor = editor_of(_draft(request, draft_id), request.user)
    if editor.conversation is None:
        return _writing(request, editor)
    return _editing(request, editor.conversation.pk, editor)


@require_POST
@console_view
def draft_keep(request: ConsoleRequest, draft_id: UUID) -> HttpResponse:
    """Keep what the editor holds; what it says is for its script: as JSON (EML-9)."""
    try:
        draft = _keep(request, draft_id, closing="closing" in request.POST)
    except DomainError as refused:
        return JsonResponse({"code": refused.code, "message": str(refused.message), **refused.extra}, status=409)
    return JsonResponse({"version": draft.version, "saved": date_text(draft.saved_at, "short")})


@require_POST
@console_view
def draft_send(request: ConsoleRequest, draft_id: UUID) -> HttpResponse:
    """Send it; for ten seconds it can be taken back (EML-8)."""
    try:
        draft = _keep(request, draft_id, closing=False)
        sent = mail_send(
            draft_id=draft.pk,
            version=draft.version,
            actor=request.user,
            seen=editor_input(request.POST).seen,
            close=request.POST.get("then") == "close",
        )
    except DomainError as refused:
        said = {"code": refused.code, "message": str(refused.message), **refused.extra}
        answer = refusal_response(request, refused)
        if request.htmx and refused.code in SAID_IN_EDITOR:
            answer = reswap(HttpResponse(status=409), "none")
        return trigger_client_event(answer, "mail:refused", said)
    return _sent(request, sent)


@require_POST
@console_view
def draft_remove(request: ConsoleRequest, draft_id: UUID) -> HttpResponse:
    """Throw a draft away; the page has asked first."""
    where = _draft(request, draft_id).conversation_id
    draft_delete(draft_id=draft_id, actor=request.user)
    return mails_changed_response(request, where)


@require_POST
@console_view
def mail_unsend(request: ConsoleRequest, outbound_id: UUID) -> HttpResponse:
    """Undo: what remains is the draft, open (EML-8)."""
    draft = mail_undo(outbound_id=outbound_id, actor=request.user)
    editor = editor_of(_draft(request, draft.pk), request.user)
    if not request.htmx:
        return redirect("console:draft_open", draft.pk)
    return mails_changed_response(request, draft.conversation_id, editor=editor)


@require_POST
@console_view
def mail_resend(request: ConsoleRequest, outbound_id: UUID) -> HttpResponse:
    """Send one again that failed (EML-10)."""
    row = mail_retry(outbound_id=outbound_id, actor=request.user)
    return mails_changed_response(request, row.conversation_id)


@require_safe
@console_view
def drafts_list(request: ConsoleRequest) -> HttpResponse:
    """The bar of drafts at the foot of the console, or those `in` one conversation, at its foot (EML-9)."""
    if not request.htmx:
        return redirect("console:home")
    if "in" in request.GET:
        it = _mine(request, _uuid(request.GET["in"]) or UUID(int=0))
        return render(
            request, "console/mail_editor/_mail_drafts.html", {"it": it, "drafts": drafts_in(it, request.user)}
        )
    return render(request, "console/mail_editor/_drafts_bar.html", {"drafts": drafts_of(request.user)})


def _keep(request: ConsoleRequest, draft_id: UUID, *, closing: bool) -> MailDraft:
    said = editor_input(request.POST)
    return draft_save(
        draft_id=draft_id,
        version=said.version,
        content=said.content,
        actor=request.user,
        conversation_id=said.conversation_id,
        kind=said.kind,
        answers_id=said.answers_id,
        seen=said.seen,
        closing=closing,
    )


# --- What is answered


def _answering(request: ConsoleRequest, it: Conversation, message: Message | None, how: str) -> HttpResponse:
    kind = ANSWERS.get(how)
    if message is None or kind is None:
        raise DomainError(Refusal.MAIL_UNKNOWN, _("There is no such mail."))
    copies = request.method == "POST" and kind == DraftKind.FORWARD
    files = original_files_copy(message_id=message.pk, actor=request.user) if copies else []
    return _editing(request, it.pk, editor_answering(it, message, kind, request.user, files))


def _writing(request: ConsoleRequest, editor: Editor) -> HttpResponse:
    """A new mail, right of the tray."""
    context: dict[str, Any] = {"agent": request.agent, "editor": editor, "open_id": "", "page": "mail"}
    answer = workspace_response(request, context)
    return push_url(answer, request.path) if request.htmx else answer


def _editing(request: ConsoleRequest, conversation_id: UUID, editor: Editor) -> HttpResponse:
    """The editor in its place for htmx when its conversation is on the page; else with the conversation."""
    if request.htmx and request.htmx.target == "mail-slot":
        return render(request, "console/mail_editor/_mail_editor.html", {"editor": editor, "it": editor.conversation})
    answer = conversation_response(request, conversation_id, extra={"editor": editor, "slot_key": uuid4()})
    # The page is the conversation's: what is fetched again by its address must not begin an editor anew.
    address = reverse("console:conversation", args=[conversation_id])
    return push_url(answer, address) if request.htmx else answer


def _sent(request: ConsoleRequest, sent: OutboundMail) -> HttpResponse:
    undo = reverse("console:mail_undo", args=[sent.pk])
    return mails_changed_response(request, sent.conversation_id, toast=_("Your mail is on its way."), undo=undo)


# --- What is meant


def _draft(request: ConsoleRequest, draft_id: UUID) -> MailDraft:
    found = next((each for each in drafts_of(request.user) if each.pk == draft_id), None)
    if found is None:
        raise DomainError(Refusal.DRAFT_GONE, _("This draft is not there any more: it was sent or deleted."))
    return found


def _mine(request: ConsoleRequest, conversation_id: UUID) -> Conversation:
    found = conversation_owned_by(request.agent.pk, conversation_id)
    if found is None:
        raise DomainError(Refusal.NOT_YOURS, _("This conversation is not with you."))
    return found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
