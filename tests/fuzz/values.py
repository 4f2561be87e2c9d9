"""What nobody sends who means well."""

from functools import cache
from random import Random
from typing import Any, Final
from urllib.parse import quote_from_bytes

MEGABYTE: Final = 1024 * 1024

TEXTS: Final = [
    "",
    " \t\r\n ",
    "\x01\x02\x07\x08\x0b\x0c\x1b[31m\x7f\x85\x9f",
    "\u202eevil\u202c\u2066x\u2069\u200f\u061c",
    "\ufeff\ufffe\uffff\u2028\u2029\u00ad",
    "é" * 3000,
    "👩‍👩‍👧‍👦" * 40,
    "e\u0301" * 200,
    "x" * 20_000,
    "a,b;c|d\\e/f..//../../etc/passwd",
    "' OR 1=1 -- %s %(x)s {0} {x} {{ x }} {% x %} $1 `",
    "<script>alert(1)</script>&#0;&amp;",
    "%00%ff%_*?[",
    "(" * 500,
    "--",
]
NUMBERS: Final = [
    "-1",
    "0",
    "1",
    "²",
    "٣",
    "1e999",
    "NaN",
    "1_000",
    "9" * 40,
    "-9223372036854775809",
    "0x1",
    "1.5",
    "+1",
]
MOMENTS: Final = [
    "0001-01-01",
    "9999-12-31",
    "10000-01-01",
    "2026-02-30",
    "9999-12-31T23:59:59.999999-23:59",
    "0001-01-01T00:00:00+23:59",
    "25:61",
    "2026-11-29T10:00:00Z",
]
SHAPES: Final = ["null", "true", "on", "[]", "{}", "[" * 2000, '{"a":' * 500, "00000000-0000-0000-0000-000000000000"]
ADDRESSES: Final = [
    "abc",
    "//evil.example/",
    "/\\evil.example",
    "http://[",
    "javascript:1",
    "a@b",
    "@",
    "ana@example.test",
]
EVERY: Final = [*TEXTS, *NUMBERS, *MOMENTS, *SHAPES, *ADDRESSES]

UNFIT: Final = ["\0", "a\0b", "\ud800", "a\udfffb"]
"""What is text nowhere: NUL and halves of characters."""
FORM: Final = "application/x-www-form-urlencoded"
MULTIPART: Final = "multipart/form-data; boundary=b"
KINDS: Final = [
    *(f"{MULTIPART}; charset={charset}" for charset in ("base64", "hex", "idna", "undefined", "utf-16", "x", "\xff")),
    f"{FORM}; charset=rot13",
    FORM,
    MULTIPART,
    "multipart/form-data",
    'multipart/form-data; boundary=""',
    "multipart/form-data; boundary=" + "b" * 300,
    "application/json; charset=utf-7",
    "text/plain",
    ";",
    "",
]
"""What a form may be said to be."""
HEADS: Final = [
    "form-data; name={}",
    "form-data; name*=nope''{}",
    "form-data; name*=idna''%FF",
    "form-data",
    "form-data; name={}\r\nContent-Transfer-Encoding: base64",
    "form-data; name={}\r\nContent-Type: text/plain; charset=hex",
    "form-data; name=file; filename*=utf-8''%00.pdf",
    "form-data; name=file; filename=a.pdf\r\nContent-Type: a/b; charset=idna",
]
"""What a part of a form may be said to be; of a field's name."""


@cache
def quoted(text: str) -> str:
    """As it stands in an address; half a character by its three bytes."""
    return quote_from_bytes(text.encode("utf-8", "surrogatepass"), safe="")


def some(random: Random, names: list[str], longest: int) -> list[tuple[str, str]]:
    """A value for each name, and now and then two; what is too long together is left out."""
    fields, length = [], 0
    for name in names:
        for _ in range(2 if random.random() < 0.1 else 1):
            value = random.choice(EVERY)
            if (length := length + len(quoted(value))) < longest:
                fields.append((name, value))
    return fields


def as_part(head: str, name: str, value: str) -> bytes:
    """A form of one part, as `MULTIPART` says it is."""
    said = f"--b\r\nContent-Disposition: {head.format(name)}\r\n\r\n{value}\r\n--b--\r\n"
    return said.encode("utf-8", "surrogatepass")


JSON: Final[list[Any]] = [
    None,
    True,
    -1,
    2**70,
    1e308,
    [],
    [[{}]],
    {"a": {"b": [1]}},
    {str(n): n for n in range(100)},
    "",
    "a\0b",
    "\ud800",
    {"\ud800": "\0"},
    ["\0"],
    *TEXTS[2:6],
    "00000000-0000-0000-0000-000000000000",
    "0001-01-01T00:00:00+23:59",
    "x" * 60_000,
]
"""For the fields of a frame."""
