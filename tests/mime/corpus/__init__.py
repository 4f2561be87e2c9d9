"""Mails as they come, each with what has to be read out of it. All of them are made up here."""

from tests.mime.corpus import addresses, attacks, bounces, charsets, headers, machines, parts, threads
from tests.mime.corpus.writing import Case

CASES: tuple[Case, ...] = (
    *headers.CASES,
    *addresses.CASES,
    *charsets.CASES,
    *parts.CASES,
    *threads.CASES,
    *machines.CASES,
    *bounces.CASES,
    *attacks.CASES,
)
