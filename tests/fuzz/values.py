"""What nobody sends who means well."""

from typing import Any, Final

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
