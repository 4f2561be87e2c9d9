"""Automatic replies, lists, receipts: what no person wrote (RFC 3834, RFC 2919, RFC 2369, RFC 3798, RFC 5965)."""

from apps.mime.types import Kind
from tests.mime.corpus.writing import Case, many, part, plain, wire


def automatic(name: str, head: str, reason: str, **more: object) -> Case:
    """A mail that a machine wrote by itself."""
    return Case(name, wire(head), kind=Kind.AUTO_REPLY, reason=reason, **more)  # type: ignore[arg-type]


def away(subject: str) -> Case:
    """An answer of somebody who is away, known by its subject alone."""
    return automatic(subject, f"Subject: {subject}", "subject", subject=subject)


def listed(name: str, head: str, reason: str) -> Case:
    """A mail that came through a list."""
    return Case(name, wire(head), kind=Kind.LIST, reason=reason)


CASES = (
    automatic("auto-replied", "Auto-Submitted: auto-replied", "auto-submitted: auto-replied"),
    automatic(
        "auto-replied, with more", "Auto-Submitted: Auto-Replied (vacation); x=1", "auto-submitted: auto-replied"
    ),
    automatic("auto-generated", "Auto-Submitted: auto-generated", "auto-submitted: auto-generated"),
    automatic(
        "auto-notified", "Auto-Submitted: auto-notified; owner-email=a@b.example", "auto-submitted: auto-notified"
    ),
    Case("auto-submitted: no", wire("Auto-Submitted: no")),
    Case("an empty Auto-Submitted", wire("Auto-Submitted:")),
    automatic("X-Autoreply", "X-Autoreply: yes", "x-autoreply"),
    automatic("X-Autorespond", "X-Autorespond: Parcel", "x-autorespond"),
    automatic("X-Mail-Autoreply", "X-Mail-Autoreply: 1", "x-mail-autoreply"),
    automatic("Precedence: auto_reply", "Precedence: auto_reply", "precedence"),
    automatic(
        "a rule of Exchange",
        "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent",
        "x-ms-exchange-generated-message-source",
    ),
    automatic("cron", "X-Cron-Env: <SHELL=/bin/sh>", "x-cron-env"),
    automatic("an empty envelope sender", "Return-Path: <>", "return-path: <>"),
    away("Automatic reply: Parcel"),
    away("Out of Office: Parcel"),
    away("Automatische Antwort: Parcel"),
    away("Abwesenheitsnotiz: Parcel"),
    away("Réponse automatique : Parcel"),
    away("Respuesta automática: Parcel"),
    away("Risposta automatica: Parcel"),
    away("自動応答: Parcel"),
    Case(
        "a person who writes of the office",
        wire("Subject: Out of office chairs? Answer: soon"),
        subject="Out of office chairs? Answer: soon",
    ),
    Case(
        "a person who answers an automatic reply",
        wire("Subject: Re: Automatic reply: Parcel"),
        subject="Re: Automatic reply: Parcel",
    ),
    Case(
        "a receipt that it was read",
        many(
            "report",
            plain(),
            part("Content-Type: message/disposition-notification", "Disposition: automatic-action; displayed"),
            more="report-type=disposition-notification",
        ),
        kind=Kind.AUTO_REPLY,
        reason="report: disposition-notification",
        files=("receipt.txt",),
    ),
    Case(
        "a complaint about spam",
        many(
            "report",
            plain(),
            part("Content-Type: message/feedback-report", "Feedback-Type: abuse"),
            more="report-type=feedback-report",
        ),
        kind=Kind.AUTO_REPLY,
        reason="report: feedback-report",
        files=("attachment-1.txt",),
    ),
    Case("suppresses replies, yet a person wrote it", wire("X-Auto-Response-Suppress: OOF, AutoReply")),
    listed("List-Id", "List-Id: Parcels of the world <parcels.x.example>", "list-id"),
    listed("List-Unsubscribe alone", "List-Unsubscribe: <https://x.example/u>", "list-unsubscribe"),
    listed("List-Post", "List-Post: <mailto:parcels@x.example>", "list-post"),
    listed("Precedence: bulk", "Precedence: Bulk", "precedence: bulk"),
    listed("X-Mailing-List", "X-Mailing-List: parcels@x.example", "x-mailing-list"),
    Case("Precedence: first-class", wire("Precedence: first-class")),
)
