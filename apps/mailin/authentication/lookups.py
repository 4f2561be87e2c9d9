"""What the DNS says, for one mail and for no longer than a mail may wait for it."""

import ipaddress
import threading
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import dns.exception
import dns.name
import dns.nameserver
import dns.rdatatype
import dns.resolver
from django.conf import settings

SECONDS: Final = 5.0
"""All the questions of a mail together."""
ONE_SECONDS: Final = 3.0
"""One question."""
MOST_MISSES: Final = 10
"""Questions in a row that nobody answered: then nobody is asked for a while, so that no mail waits for nothing."""
PAUSE_SECONDS: Final = 30.0


class Unanswered(Exception):  # noqa: N818 - says what it is
    """Nobody answered in time: it may be otherwise the next time."""


@dataclass
class _Silence:
    """How often nobody answered, in this process."""

    lock: threading.Lock
    misses: int = 0
    until: float = 0.0


_silence = _Silence(threading.Lock())


class Lookups:
    """The questions of one mail.

    Args:
        seconds: within which all of them are answered, or not at all.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self._ends = time.monotonic() + seconds

    def find(self, name: str, kind: str) -> list[Any]:
        """The records of a name; none when there are none, or it is no name.

        Args:
            name: of a domain.
            kind: "A", "AAAA", "MX", "PTR" or "TXT".

        Raises:
            Unanswered: nobody answered.
        """
        left = self._ends - time.monotonic()
        if left <= 0 or _silence.until > time.monotonic():
            raise Unanswered(name)
        try:
            wanted = dns.name.from_text(name)
            found = dns_resolver().resolve(wanted, kind, lifetime=min(left, ONE_SECONDS), search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            _answered(is_so=True)
            return []
        except dns.resolver.NoNameservers as refused:
            # That was an answer of our server's about somebody else's.
            raise Unanswered(name) from refused
        except (dns.exception.Timeout, dns.resolver.NoResolverConfiguration, OSError) as failure:
            _answered(is_so=False)
            raise Unanswered(name) from failure
        except (dns.exception.DNSException, UnicodeError, ValueError):
            return []
        _answered(is_so=True)
        return list(found)

    def texts(self, name: str) -> list[bytes]:
        """The TXT records of a name, each put together.

        Raises:
            Unanswered: nobody answered.
        """
        return [b"".join(each.strings) for each in self.find(name, "TXT")]


def _answered(*, is_so: bool) -> None:
    with _silence.lock:
        _silence.misses = 0 if is_so else _silence.misses + 1
        if _silence.misses >= MOST_MISSES:
            # The first one afterwards that is not answered is enough.
            _silence.misses, _silence.until = MOST_MISSES - 1, time.monotonic() + PAUSE_SECONDS


def silence_end() -> None:
    """Ask again, whatever was before."""
    _silence.misses, _silence.until = 0, 0.0


def dns_resolver() -> dns.resolver.Resolver:
    """Who is asked: `MAIL_DNS_SERVERS`, else the machine's own servers."""
    return _resolver(tuple(settings.MAIL_DNS_SERVERS))


@lru_cache(maxsize=4)
def _resolver(servers: tuple[str, ...]) -> dns.resolver.Resolver:
    made = dns.resolver.Resolver(configure=not servers)
    if servers:
        made.nameservers = [_server(each) for each in servers]
    made.cache = dns.resolver.LRUCache(1000)
    return made


def _server(text: str) -> dns.nameserver.Nameserver:
    host, _colon, port = text.rpartition(":") if text.count(":") == 1 or text.startswith("[") else (text, "", "")
    address = ipaddress.ip_address((host or text).strip("[]"))
    return dns.nameserver.Do53Nameserver(str(address), int(port) if port.isdigit() else 53)
