"""Charsets: unknown, wrong, old, and none."""

from apps.mime.types import Defect
from tests.mime.corpus.writing import Case, packed, wire


def text(content: bytes, label: str = "", encoding: str = "8bit") -> bytes:
    """A plain mail in a charset."""
    charset = f"; charset={label}" if label else ""
    return wire(f"Content-Type: text/plain{charset}\nContent-Transfer-Encoding: {encoding}", content)


def written(words: str, codec: str, label: str, **expected: object) -> Case:
    """Words in a charset under a label, expected back as they are."""
    return Case(f"{codec} as {label or 'nothing'}", text(words.encode(codec), label), text=words, **expected)  # type: ignore[arg-type]


GUESSED = (Defect.CHARSET,)

CASES = (
    written("Grüße – €", "utf-8", "UTF-8"),
    written("Grüße", "latin-1", "iso-8859-1"),
    written("Grüße – “so” €", "cp1252", "iso-8859-1"),
    written("Grüße", "cp1252", "us-ascii"),
    written("Grüße", "utf-8", "", defects=GUESSED),
    written("Grüße", "latin-1", "", defects=GUESSED),
    written("Grüße", "latin-1", "utf-8", defects=GUESSED),
    written("Grüße", "utf-8", "unknown-8bit", defects=GUESSED),
    written("Grüße", "utf-8", "klingon", defects=GUESSED),
    written("Grüße", "utf-8", '"utf-8"'),
    written("Grüße", "utf-8", "utf8mb4"),
    written("Grüße", "utf-8-sig", "utf-8"),
    written("Zażółć gęślą jaźń", "iso8859-2", "iso-8859-2"),
    written("İyi günler", "cp1254", "iso-8859-9"),
    written("Здравствуйте", "cp1251", "windows-1251"),
    written("Здравствуйте", "koi8-r", "koi8-r"),
    written("Καλημέρα", "cp1253", "windows-1253"),
    written("שלום", "iso8859-8", "iso-8859-8-i"),
    written("สวัสดี", "cp874", "windows-874"),
    written("您好，包裹在哪里", "gb18030", "gb2312"),
    written("您好", "gb18030", "gb18030"),
    written("您好", "hz", "hz-gb-2312"),
    written("您好", "big5", "big5"),
    written("こんにちは", "iso2022_jp", "iso-2022-jp"),
    written("こんにちは①", "cp932", "shift_jis"),
    written("こんにちは", "iso2022_jp", "", defects=GUESSED),
    written("안녕하세요", "cp949", "ks_c_5601-1987"),
    written("Grüße + mehr", "utf-7", "utf-7"),
    written("Grüße", "utf-16", "utf-16"),
    written("Where is my parcel?", "ascii", "utf-16", defects=GUESSED),
    written("Where is my parcel?", "ascii", "hex", defects=GUESSED),
    written("Where is my parcel?", "ascii", "zlib_codec", defects=GUESSED),
    written("Where is my parcel?", "ascii", "punycode", defects=GUESSED),
    written("Where is my parcel?", "ascii", "x" * 500, defects=GUESSED),
    Case(
        "UTF-8 with a broken place", text("Grüße ".encode() + b"\xff!", "utf-8"), text="Grüße \ufffd!", defects=GUESSED
    ),
    Case("NUL and control characters", text(b"Where\x00 is\x07 my\x1b parcel?", "utf-8")),
    Case(
        "half a pair",
        text(b"Where \xd8\x00".replace(b"Where ", b"\x00?"), "utf-16-be"),
        text="?\ufffd",
        defects=GUESSED,
    ),
    Case("quoted-printable", text(b"Gr=C3=BC=\n=C3=9Fe =3D", "utf-8", "quoted-printable"), text="Grüße ="),
    Case("broken quoted-printable", text(b"100=% =ZZ =", "utf-8", "Quoted-Printable"), text="100=% =ZZ"),
    Case("base64", text(packed("Grüße".encode()), "utf-8", "base64"), text="Grüße"),
    Case(
        "base64 with a footer in the clear",
        text(packed(b"Where is my parcel?") + b"-- list footer", "utf-8", "BASE64"),
        defects=(Defect.ENCODING,),
    ),
    Case(
        "words said to be base64",
        text(b"Where is my parcel? It's late!", "utf-8", "base64"),
        defects=(Defect.ENCODING,),
    ),
    Case("an encoding of no name", text(b"Where is my parcel?", "utf-8", "x-zip"), defects=(Defect.ENCODING,)),
    Case(
        "flowed lines",
        wire("Content-Type: text/plain; format=flowed", "Where is \nmy parcel?\n> a \n> b\n\n-- \nAna\n"),
        text="Where is my parcel?\n> a b\n\n-- \nAna",
    ),
    Case(
        "flowed without the spaces",
        wire("Content-Type: text/plain; format=flowed; delsp=yes", "Where is m \ny parcel?\n"),
    ),
)
