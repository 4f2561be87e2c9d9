"""Addresses: groups, comments, commas where there should be none, encoded and bare names."""

from apps.mime.types import Defect
from tests.mime.corpus.writing import Case, wire

ANA = "ana@customer.example"

CASES = (
    Case("an address alone", wire(f"From: {ANA}"), sender=("", ANA)),
    Case("an address in brackets alone", wire(f"From: <{ANA}>"), sender=("", ANA)),
    Case("a name that is the address", wire(f'From: "{ANA}" <{ANA}>'), sender=("", ANA)),
    Case("a name in quotes with a comma", wire(f'From: "Ruiz, Ana" <{ANA}>'), sender=("Ruiz, Ana", ANA)),
    Case("a comma without quotes", wire(f"From: Ruiz, Ana <{ANA}>"), sender=("Ruiz, Ana", ANA)),
    Case("a comma in an encoded word", wire(f"From: =?utf-8?Q?Ru=C3=ADz,_Ana?= <{ANA}>"), sender=("Ruíz, Ana", ANA)),
    Case("an encoded word in quotes", wire(f'From: "=?utf-8?Q?Ru=C3=ADz?=" <{ANA}>'), sender=("Ruíz", ANA)),
    Case("a bare name in UTF-8", wire(f"From: Ana Ruíz <{ANA}>"), sender=("Ana Ruíz", ANA)),
    Case("a bare name in Latin-1", wire(f"From: Ana Ruíz <{ANA}>".encode("latin-1")), sender=("Ana Ruíz", ANA)),
    Case("a name with escapes", wire(f'From: "Ana \\"La Jefa\\" Ruiz" <{ANA}>'), sender=('Ana "La Jefa" Ruiz', ANA)),
    Case("a name behind the address", wire(f"From: {ANA} (Ana Ruiz)")),
    Case("no space before the bracket", wire(f"From: Ana Ruiz<{ANA}>")),
    Case("single quotes", wire(f"From: 'Ana Ruiz' <{ANA}>")),
    Case("direction marks in a name", wire(f"From: Ana \u202eRuiz <{ANA}>".encode())),
    Case(
        "a domain in capitals",
        wire("From: Ana Ruiz <Ana@Customer.Example>"),
        sender=("Ana Ruiz", "Ana@customer.example"),
    ),
    Case("spaces in the brackets", wire(f"From: Ana Ruiz < {ANA} >")),
    Case("an old route", wire(f"From: Ana Ruiz <@relay.example:{ANA}>")),
    Case("mailto in the brackets", wire(f"From: Ana Ruiz <mailto:{ANA}>")),
    Case("two senders", wire(f"From: Ana Ruiz <{ANA}>, Bo <bo@x.example>\nSender: Bo <bo@x.example>")),
    Case("no From, a Sender", wire(f"Sender: Ana Ruiz <{ANA}>", drop=("From",)), defects=(Defect.SENDER,)),
    Case("no sender at all", wire(drop=("From",)), sender=("", ""), defects=(Defect.SENDER,)),
    Case(
        "a sender that is no address",
        wire("From: The Parcel People"),
        sender=("", "The Parcel People"),
        defects=(Defect.SENDER,),
    ),
    Case("nobody in To", wire("To: undisclosed-recipients:;"), to=()),
    Case(
        "a group",
        wire("To: Friends: bo@x.example, Cy <cy@x.example>; , dee@x.example"),
        to=("bo@x.example", "cy@x.example", "dee@x.example"),
    ),
    Case("semicolons between addresses", wire("To: bo@x.example; cy@x.example"), to=("bo@x.example", "cy@x.example")),
    Case(
        "commas with nothing between them",
        wire("To: ,, bo@x.example ,,cy@x.example,"),
        to=("bo@x.example", "cy@x.example"),
    ),
    Case("two To fields", wire("To: bo@x.example\nTo: cy@x.example"), to=("bo@x.example", "cy@x.example")),
    Case(
        "comments in comments",
        wire("To: bo@x.example (one (two) three), cy@x.example"),
        to=("bo@x.example", "cy@x.example"),
    ),
    Case("a quote that never ends", wire('To: bo@x.example, "Cy <cy@x.example>'), to=("bo@x.example", "cy@x.example")),
    Case("a bracket that never ends", wire("To: bo@x.example, Cy <cy@x.example"), to=("bo@x.example", "cy@x.example")),
    Case("a quoted local part", wire('To: "very.odd@local"@x.example'), to=('"very.odd@local"@x.example',)),
    Case("an address literal", wire("To: bo@[IPv6:2001:db8::1]"), to=("bo@[ipv6:2001:db8::1]",)),
    Case("letters of other scripts in the address", wire("To: ана@пример.рф"), to=("ана@пример.рф",)),
    Case(
        "copies and answers elsewhere",
        wire("Cc: Bo <bo@x.example>\nReply-To: Cy <cy@x.example>, nobody"),
        cc=("bo@x.example",),
        reply_to=("cy@x.example",),
    ),
    Case(
        "six hundred recipients",
        wire("To: " + ",\n ".join(f"p{n}@x.example" for n in range(600))),
        to=tuple(f"p{n}@x.example" for n in range(500)),
    ),
)
