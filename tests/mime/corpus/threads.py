"""Answers as five clients write them, and threads that went through other hands (RFC 5322, 3.6.4)."""

from tests.mime.corpus.writing import TEXT, Case, many, page, plain, wire

OURS = "7f3a@acme.test"
FIRST = "m0@customer.example"
ANSWER = f"Subject: Re: Parcel [#K7QA-M2XB]\nIn-Reply-To: <{OURS}>\nReferences: <{FIRST}> <{OURS}>"
SUBJECT = "Re: Parcel [#K7QA-M2XB]"
SAME = {"subject": SUBJECT, "in_reply_to": (OURS,), "references": (FIRST, OURS)}

CASES = (
    Case(
        "Gmail",
        many(
            "alternative",
            plain(f"{TEXT}\n\nOn Fri, Nov 20, 2026 at 9:00 AM Acme <support@acme.test>\nwrote:\n\n> It left."),
            page(
                f'<div dir="ltr">{TEXT}</div><br><div class="gmail_quote gmail_quote_container">'
                '<div dir="ltr" class="gmail_attr">'
                "On Fri, Nov 20, 2026 Acme wrote:<br></div><blockquote class=gmail_quote>It left.</blockquote></div>"
            ),
            head=ANSWER,
        ),
        html="gmail_quote",
        **SAME,  # type: ignore[arg-type]
    ),
    Case(
        "Outlook: its own id, References, Thread-Index, no marks",
        wire(
            f"{ANSWER}\nThread-Topic: Parcel\nThread-Index: AQHZ1234567890==",
            f"{TEXT}\n\n________________________________\nFrom: Acme <support@acme.test>\n"
            "Sent: Friday, November 20, 2026 9:00 AM\n"
            "To: Ana Ruiz\nSubject: Parcel\n\nIt left.\n",
        ),
        **SAME,  # type: ignore[arg-type]
    ),
    Case(
        "Apple Mail: References made anew, one by one in lines",
        wire(
            f"Subject: {SUBJECT}\nReferences: <{OURS}>\nIn-Reply-To: <{OURS}>\nMime-Version: 1.0 (Mac OS X Mail 16.0)",
            f"{TEXT}\n\n> On 20 Nov 2026, at 09:00, Acme <support@acme.test> wrote:\n> \n> It left.\n",
        ),
        subject=SUBJECT,
        in_reply_to=(OURS,),
        references=(OURS,),
    ),
    Case(
        "Thunderbird",
        wire(
            f"{ANSWER}\nUser-Agent: Mozilla Thunderbird\nContent-Type: text/plain; charset=UTF-8; format=flowed",
            f"{TEXT}\n\nAm 20.11.26 um 09:00 schrieb Acme:\n> It left.\n",
        ),
        **SAME,  # type: ignore[arg-type]
    ),
    Case(
        "Yahoo: In-Reply-To with References in lines",
        wire(
            f"Subject: {SUBJECT}\nIn-Reply-To: <{OURS}>\nReferences: <{FIRST}>\n\t<{OURS}>\n"
            "X-Mailer: WebService YMailNorrin"
        ),
        **SAME,  # type: ignore[arg-type]
    ),
    Case("In-Reply-To alone", wire(f"In-Reply-To: <{OURS}>"), in_reply_to=(OURS,)),
    Case("References alone", wire(f"References: <{FIRST}> <{OURS}>"), references=(FIRST, OURS)),
    Case("a list in In-Reply-To", wire(f"In-Reply-To: <{OURS}> <{FIRST}>"), in_reply_to=(OURS, FIRST)),
    Case("words in In-Reply-To", wire(f'In-Reply-To: Message from "Acme" of Fri <{OURS}>'), in_reply_to=(OURS,)),
    Case("words and no id in In-Reply-To", wire("In-Reply-To: your mail of Friday")),
    Case(
        "no brackets",
        wire(f"In-Reply-To: {OURS}\nReferences: {FIRST} {OURS}"),
        in_reply_to=(OURS,),
        references=(FIRST, OURS),
    ),
    Case("ids with no space between them", wire(f"References: <{FIRST}><{OURS}>,<{OURS}>"), references=(FIRST, OURS)),
    Case("two fields of References", wire(f"References: <{FIRST}>\nReferences: <{OURS}>"), references=(FIRST, OURS)),
    Case(
        "five hundred References",
        wire("References:" + "\n ".join(f" <r{n}@x.example>" for n in range(500))),
        references=("r0@x.example", *(f"r{n}@x.example" for n in range(201, 500))),
    ),
    Case("an answer to an answer, in German", wire("Subject: AW: Re: AW: Parcel"), subject="AW: Re: AW: Parcel"),
    Case(
        "handed on",
        wire("Subject: Fwd: Parcel", f"{TEXT}\n\n---------- Forwarded message ---------\nFrom: Bo\n"),
        subject="Fwd: Parcel",
    ),
)
