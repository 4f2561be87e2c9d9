"""What a server that is trusted with it has found out already: its Authentication-Results (RFC 8601)."""

import re
from collections.abc import Iterable

from apps.mailin.authentication.results import Authentication, Check, Result

_COMMENT = re.compile(r"\([^()]*\)")
_METHOD = re.compile(r"\s*([a-z0-9-]+)(?:/\d+)?\s*=\s*([a-z]+)", re.IGNORECASE)
_PROPERTY = re.compile(r"\b([a-z]+)\.([a-z0-9-]+)\s*=\s*(\"[^\"]*\"|[^\s;]+)", re.IGNORECASE)
_POLICY = re.compile(r"\b(?:p|action|policy)\s*=\s*(none|quarantine|reject)\b", re.IGNORECASE)
_DOMAIN_IN = {
    "spf": ("smtp.mailfrom", "smtp.helo"),
    "dkim": ("header.d", "header.i"),
    "dmarc": ("header.from",),
}


def trusted_server_results(fields: Iterable[str], server: str) -> Authentication | None:
    """What a server has written into a mail's head; none when it has written nothing.

    Only the first field that bears its name counts: it is the last one that was put in, and what stands below may
    have been there before the mail came to that server.

    Args:
        fields: all Authentication-Results of a mail, the first of its head first.
        server: by what name the server writes them (authserv-id).
    """
    for field in fields:
        name, _semicolon, rest = field.partition(";")
        plain = _without_comments(name).split()
        if plain and plain[0].strip('"').lower() == server.lower():
            return _read(rest, server)
    return None


def _without_comments(text: str) -> str:
    before = ""
    while before != text:
        before, text = text, _COMMENT.sub(" ", text)
    return text


def _read(text: str, server: str) -> Authentication:
    found: dict[str, Check] = {}
    for part in _without_comments(text).split(";"):
        method = _METHOD.match(part)
        if method is None or (name := method[1].lower()) not in _DOMAIN_IN:
            continue
        one = Check(_result(method[2]), _domain(part, name))
        if name not in found or (one.passed and not found[name].passed):
            found[name] = one
    policy = _POLICY.search(text)
    none = Check()
    return Authentication(
        by=server,
        spf=found.get("spf", none),
        dkim=found.get("dkim", none),
        dmarc=found.get("dmarc", none),
        policy=policy[1].lower() if policy else "",
    )


def _result(word: str) -> str:
    known = word.lower()
    return known if known in frozenset(Result) else Result.FAIL.value


def _domain(part: str, method: str) -> str:
    said = {f"{kind}.{name}".lower(): value.strip('"') for kind, name, value in _PROPERTY.findall(part)}
    value = next((said[name] for name in _DOMAIN_IN[method] if name in said), "")
    return value.rpartition("@")[2].strip("<>. ").lower()[:253]
