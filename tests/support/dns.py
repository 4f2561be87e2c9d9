"""A small DNS server on loopback: what is asked about senders of mail is answered from a table."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset


@dataclass
class Zone:
    """What it says.

    Attributes:
        records: texts of records, by name and type, such as ``("customer.example", "TXT")``.
        silent: names about which it says nothing at all.
        broken: names about which it says that it can't find out.
        asked: every name that was asked for.
    """

    records: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    address: str = ""

    def txt(self, name: str, text: str) -> None:
        """Publish a text, in strings as long as they may be."""
        strings = " ".join(f'"{text[at : at + 255]}"' for at in range(0, len(text), 255))
        self.records.setdefault((name, "TXT"), []).append(strings)

    def answer(self, wire: bytes) -> bytes | None:
        """What it says to a question."""
        query = dns.message.from_wire(wire)
        question = query.question[0]
        name, kind = question.name.to_text(omit_final_dot=True).lower(), dns.rdatatype.to_text(question.rdtype)
        self.asked.append(name)
        if name in self.silent:
            return None
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.RA
        if name in self.broken:
            reply.set_rcode(dns.rcode.SERVFAIL)
        elif found := self.records.get((name, kind)):
            reply.answer.append(dns.rrset.from_text_list(question.name, 60, "IN", kind, found))
        elif name not in {each for each, _kind in self.records}:
            reply.set_rcode(dns.rcode.NXDOMAIN)
        return reply.to_wire()


@contextmanager
def serving() -> Iterator[Zone]:
    """A zone that is asked at `Zone.address`."""
    zone, stopped = Zone(), threading.Event()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.settimeout(0.2)
        zone.address = f"127.0.0.1:{sock.getsockname()[1]}"

        def serve() -> None:
            while not stopped.is_set():
                try:
                    wire, peer = sock.recvfrom(4096)
                except TimeoutError:
                    continue
                if (reply := zone.answer(wire)) is not None:
                    sock.sendto(reply, peer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield zone
        finally:
            stopped.set()
            thread.join(5)
