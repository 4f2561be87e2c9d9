"""What a mail is once it has been read, and what one is before it is written (EML-4, EML-5, EML-11)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """Who, or what, wrote a mail: only a `HUMAN` one opens a conversation or wakes an agent (EML-11)."""

    HUMAN = "human"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    LIST = "list"


class Defect(StrEnum):
    """What was wrong with a mail, where what is shown may differ from what was meant."""

    HEADERS_CUT = "headers_cut"
    TOO_DEEP = "too_deep"
    TOO_MANY_PARTS = "too_many_parts"
    TEXT_CUT = "text_cut"
    NO_BOUNDARY = "no_boundary"
    CHARSET = "charset"
    ENCODING = "encoding"
    DATE = "date"
    SENDER = "sender"


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox.

    Attributes:
        name: as it is shown; empty when there is none.
        address: `local@domain`, the domain in small letters. Without an "@" where a machine signed with a name alone.
    """

    name: str
    address: str

    @property
    def key(self) -> str:
        """What two spellings of one mailbox have in common: to compare and to look up."""
        return self.address.casefold()

    @property
    def is_valid(self) -> bool:
        """Whether one can write to it."""
        local, at, domain = self.address.rpartition("@")
        return bool(at and local and domain)


@dataclass(frozen=True, slots=True)
class Part:
    """Something that came with a mail.

    Attributes:
        name: clean, without folders, never empty.
        media_type: as the sender said, in small letters: `apps.files` finds out what it is.
        content: decoded.
        content_id: without angle brackets; empty when there is none.
        is_inline: whether the HTML shows it (`cid:`): such a part is no attachment of the list.
    """

    name: str
    media_type: str
    content: bytes
    content_id: str = ""
    is_inline: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """What became of one recipient (RFC 3464, 2.3).

    Attributes:
        address: of the recipient; empty when the report doesn't say.
        action: `failed`, `delayed`, `delivered`, `relayed` or `expanded`.
        status: RFC 3463, such as "5.1.1"; empty when unknown.
        diagnostic: the other server's words.
    """

    address: str
    action: str
    status: str
    diagnostic: str

    @property
    def is_permanent(self) -> bool:
        """Whether trying again is of no use."""
        return self.action == "failed" and not self.status.startswith("4")


@dataclass(frozen=True, slots=True)
class Bounce:
    """A report about a mail of ours.

    Attributes:
        failures: one for each recipient it speaks of; may be empty.
        message_id: of the mail it is about, without angle brackets; empty when the report doesn't say.
        subject: of that mail; empty when the report doesn't say.
    """

    failures: tuple[Failure, ...]
    message_id: str
    subject: str

    @property
    def is_failure(self) -> bool:
        """Whether somebody did not get it, for good: not a delay, not a receipt."""
        return any(each.action == "failed" for each in self.failures)


@dataclass(frozen=True, slots=True)
class ParsedMail:
    r"""A mail that was read.

    All texts are free of NUL, of control characters but "\n" and "\t", and of lone surrogates: PostgreSQL takes them.
    Ids (`message_id`, `in_reply_to`, `references`, `content_id`) come without angle brackets, in their own spelling.

    Attributes:
        message_id: empty when it has none.
        in_reply_to: what it says that it answers; some clients name several.
        references: the thread, oldest first.
        subject: on one line, as it was sent, prefixes and tags included.
        from_: usually one; empty when the mail doesn't say.
        sender: who sent it for them (`Sender`), or None.
        to: the recipients; so are `cc`, and `reply_to` where answers shall go.
        delivered_to: the mailboxes it went through by the servers' word (Delivered-To, X-Original-To and the like).
        date: aware; None when it is missing or no date.
        text: what it says, plain, with "\n" line ends; made from the HTML when the mail has no plain text.
        html: as it came: NOT safe to show before `safe.make_safe`. Empty when the mail has none.
        attachments: all parts but the bodies, those that the HTML shows too (`is_inline`).
        headers: every header but the ones above, by its name in small letters, decoded, in the mail's order.
        kind: who or what wrote it.
        kind_reason: the rule that said so, such as "auto-submitted: auto-replied"; empty for people.
        bounce: details, when it is one.
        list_id: of the mailing list; empty when it came through none.
        defects: what was wrong with it.
    """

    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    subject: str = ""
    from_: tuple[Address, ...] = ()
    sender: Address | None = None
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    delivered_to: tuple[Address, ...] = ()
    date: datetime | None = None
    text: str = ""
    html: str = ""
    attachments: tuple[Part, ...] = ()
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    kind: Kind = Kind.HUMAN
    kind_reason: str = ""
    bounce: Bounce | None = None
    list_id: str = ""
    defects: tuple[Defect, ...] = ()

    @property
    def thread_ids(self) -> tuple[str, ...]:
        """Every id of the thread it belongs to, nearest first, each once: for matching (EML-3)."""
        return tuple(dict.fromkeys((*self.in_reply_to, *reversed(self.references))))

    def header(self, name: str) -> str:
        """The first value of a header that has no attribute of its own; empty when it is not there."""
        return next(iter(self.headers.get(name.lower(), ())), "")


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """A mail that is to be written.

    Attributes:
        message_id: given, so that a second try is the same mail (EML-10); without angle brackets.
        date: aware.
        from_: the channel.
        to: recipients; so are `cc`. `bcc` never stands in the mail: the envelope alone knows it.
        reply_to: with the token that brings an answer back (EML-3); None for the From address.
        subject: on one line.
        text: the plain part.
        html: the other part; empty for a plain mail.
        attachments: with their content ids where the HTML shows them.
        in_reply_to: the id that it answers; empty for a new mail.
        references: the thread, oldest first; trimmed when written.
        is_automatic: an acknowledgement or out-of-hours reply: it says so, and nobody's machine answers (RFC 3834).
        headers: more headers, such as List-Id or our own marker, by name.
    """

    message_id: str
    date: datetime
    from_: Address
    to: tuple[Address, ...]
    subject: str
    text: str
    html: str = ""
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    reply_to: Address | None = None
    attachments: tuple[Part, ...] = ()
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    is_automatic: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def recipients(self) -> tuple[str, ...]:
        """Every address of the envelope, each once."""
        each = {address.key: address.address for address in (*self.to, *self.cc, *self.bcc)}
        return tuple(each.values())
