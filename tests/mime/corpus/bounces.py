"""Bounces: by the standard (RFC 3464), and as servers wrote them before it and still do."""

from apps.mime.types import Kind
from tests.mime.corpus.writing import Case, many, part, plain, wire

DAEMON = "MAILER-DAEMON@mx.example"
OURS = "7f3a@acme.test"
SUBJECT = "Undelivered Mail Returned to Sender"
COPY = f"From: support@acme.test\nTo: ana@customer.example\nSubject: Re: Parcel\nMessage-ID: <{OURS}>\n\nIt left.\n"
HEAD = f"From: Mail Delivery Subsystem <{DAEMON}>\nReturn-Path: <>\n"
ANA = "ana@customer.example"


def status(*recipients: str) -> bytes:
    """A delivery-status part."""
    return part(
        "Content-Type: message/delivery-status", "Reporting-MTA: dns; mx.example\n\n" + "\n\n".join(recipients) + "\n"
    )


def recipient(action: str = "failed", code: str = "5.1.1", address: str = ANA) -> str:
    """What it says of one recipient."""
    told = f"Final-Recipient: rfc822; {address}\nAction: {action}\nStatus: {code}\n"
    return f"{told}Diagnostic-Code: smtp; 550 {code} No such user"


def report(*parts: bytes, head: str = HEAD, boundary: str = "b1") -> bytes:
    """A report as RFC 3462 has it."""
    return many(
        "report", *parts, more="report-type=delivery-status", head=f"{head}Subject: {SUBJECT}", boundary=boundary
    )


def standard(name: str, raw: bytes, *failed: tuple[str, str, str], **more: object) -> Case:
    """A report by the standard."""
    fields: dict[str, object] = {
        "subject": SUBJECT,
        "sender": ("Mail Delivery Subsystem", DAEMON),
        "files": ("delivery-status.txt", "Re- Parcel.eml"),
        "reason": "rfc 3464: delivery-status",
        "about": OURS,
        **more,
    }
    return Case(name, raw, kind=Kind.BOUNCE, failed=failed, **fields)  # type: ignore[arg-type]


def by_words(
    name: str, subject: str, body: str, *failed: tuple[str, str, str], head: str = HEAD, **more: object
) -> Case:
    """A report for people alone."""
    fields: dict[str, object] = {
        "sender": ("Mail Delivery Subsystem", DAEMON),
        "reason": "mailer-daemon",
        "about": OURS,
        **more,
    }
    text = str(fields.pop("text", body.strip().partition("\n")[0]))
    return Case(
        name,
        wire(f"{head}Subject: {subject}", body),
        subject=subject,
        text=text,
        kind=Kind.BOUNCE,
        failed=failed,
        **fields,
    )  # type: ignore[arg-type]


WHOLE = part("Content-Type: message/rfc822", COPY)
FAILED = (ANA, "failed", "5.1.1")

CASES = (
    standard("Postfix", report(plain(), status(recipient()), WHOLE), FAILED),
    standard(
        "of two recipients",
        report(plain(), status(recipient(), recipient(address="bo@x.example", code="5.2.2")), WHOLE),
        FAILED,
        ("bo@x.example", "failed", "5.2.2"),
    ),
    standard(
        "the recipient as we wrote it",
        report(
            plain(),
            status("Original-Recipient: rfc822;<Ana@Customer.Example>\n" + recipient(address="x@y.example")),
            WHOLE,
        ),
        ("Ana@Customer.Example", "failed", "5.1.1"),
    ),
    standard("a delay", report(plain(), status(recipient("delayed", "4.4.1")), WHOLE), (ANA, "delayed", "4.4.1")),
    standard(
        "a receipt of delivery",
        report(plain(), status(recipient("delivered", "2.0.0")), WHOLE),
        (ANA, "delivered", "2.0.0"),
    ),
    standard(
        "no status, a code in the words",
        report(
            plain(),
            status(f"Final-Recipient: rfc822; {ANA}\nAction: failed\nDiagnostic-Code: smtp; 550 5.7.1 Blocked"),
            WHOLE,
        ),
        (ANA, "failed", "5.7.1"),
    ),
    standard(
        "the head of the mail alone",
        report(
            plain(), status(recipient()), part("Content-Type: text/rfc822-headers", COPY.partition("\n\n")[0] + "\n")
        ),
        FAILED,
        files=("delivery-status.txt", "headers.txt"),
    ),
    standard(
        "no copy, but References",
        report(plain(), status(recipient()), head=f"{HEAD}References: <{OURS}>\n"),
        FAILED,
        references=(OURS,),
        files=("delivery-status.txt",),
    ),
    standard(
        "no copy, the id in the words",
        report(plain(f"Sorry.\nMessage-ID: <{OURS}>"), status(recipient())),
        FAILED,
        text="Sorry.",
        files=("delivery-status.txt",),
    ),
    standard(
        "status in base64",
        report(
            plain(),
            part(
                "Content-Type: message/delivery-status\nContent-Transfer-Encoding: quoted-printable",
                f"Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; {ANA}\nAction: fail=\ned\nStatus: 5.1.1\n",
            ),
            WHOLE,
        ),
        FAILED,
    ),
    standard(
        "wrapped by a scanner",
        many("mixed", plain(), status(recipient()), WHOLE, head=f"{HEAD}Subject: Undelivered Mail Returned to Sender"),
        FAILED,
    ),
    standard(
        "auto-replied as well",
        report(plain(), status(recipient()), WHOLE, head=f"{HEAD}Auto-Submitted: auto-replied\n"),
        FAILED,
    ),
    standard(
        "no recipient in its status",
        report(plain(f"Could not be delivered:\n\n<{ANA}>: no such user"), status(), WHOLE),
        (ANA, "failed", ""),
        text="Could not",
    ),
    by_words(
        "qmail",
        "failure notice",
        "Hi. This is the qmail-send program at mx.example.\n"
        f"I'm afraid I wasn't able to deliver your message.\n\n<{ANA}>:\n"
        "Sorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n"
        f"\nReturn-Path: <support@acme.test>\nMessage-ID: <{OURS}>\nSubject: Re: Parcel\n",
        FAILED,
    ),
    by_words(
        "Exim",
        "Mail delivery failed: returning message to sender",
        "This message was created automatically by mail delivery software.\n\n"
        f"A message that you sent could not be delivered.\n\n  {ANA}\n"
        "    host mx.example: 550 5.1.1 User unknown\n\n"
        f"------ This is a copy of the message, including all the headers. ------\n\nMessage-ID: <{OURS}>\n",
        FAILED,
        head=f"{HEAD}X-Failed-Recipients: {ANA}\n",
        reason="x-failed-recipients",
    ),
    by_words(
        "sendmail",
        "Returned mail: see transcript for details",
        "The original message was received at Fri, 20 Nov 2026\n\n"
        f"   ----- The following addresses had permanent fatal errors -----\n<{ANA}>\n"
        "    (reason: 550 5.1.1 User unknown)\n",
        FAILED,
        head=f"{HEAD}In-Reply-To: <{OURS}>\n",
        in_reply_to=(OURS,),
    ),
    by_words(
        "IMail, an address in front of each answer",
        "Undeliverable Mail",
        f"Unknown user: {ANA}\n\nRCPT TO generated following response:\n553 5.1.1 <{ANA}>... Addressee unknown\n\n"
        "Unknown user: bo@x.example\n\nRCPT TO generated following response:\n"
        "553 5.1.1 <bo@x.example>... Addressee unknown\n\n\nOriginal message follows.\n\n"
        f"Message-ID: <{OURS}>\n",
        FAILED,
        ("bo@x.example", "failed", "5.1.1"),
        head=f"{HEAD}X-Mailer: <SMTP32 v8.15>\n",
    ),
    by_words(
        "Exchange in German",
        "Unzustellbar: Parcel",
        f"Ihre Nachricht an die folgenden Empfänger wurde nicht zugestellt:\n\n{ANA}\n"
        "550 5.1.1 RESOLVER.ADR.RecipNotFound\n",
        FAILED,
        head=f"{HEAD}Content-Type: text/plain; charset=utf-8\nIn-Reply-To: <{OURS}>\n",
        in_reply_to=(OURS,),
    ),
    by_words(
        "a full mailbox, no code of RFC 3463",
        "Delivery failure",
        f"Your message to:\n{ANA}\n552 mailbox full\n",
        (ANA, "failed", "5.0.0"),
        about="",
    ),
    by_words(
        "a warning",
        "Warning: could not send message for past 4 hours",
        f"Will be retried.\n{ANA}\n451 4.4.1 timed out\n",
        (ANA, "delayed", "4.4.1"),
        about="",
    ),
    by_words("nothing said but that it failed", "Undeliverable mail", "Sorry.\n", ("", "failed", ""), about=""),
    by_words(
        "by its opening words",
        "Hello",
        "Delivery to the following recipients failed.\n\n   bo@x.example\n",
        ("bo@x.example", "failed", ""),
        about="",
    ),
    Case("a person who asks about a bounce", wire("Subject: Re: Undeliverable mail"), subject="Re: Undeliverable mail"),
    Case(
        "a person who hands on a bounce",
        many(
            "mixed", plain(), part("Content-Type: message/rfc822", report(plain(), status(recipient()), boundary="b9"))
        ),
        files=("Undelivered Mail Returned to Sender.eml",),
    ),
    Case(
        "a postmaster who is a person", wire("From: Pat <postmaster@x.example>"), sender=("Pat", "postmaster@x.example")
    ),
)
