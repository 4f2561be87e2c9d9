"""A configuration as one file, and what differs between it and a tenant."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from apps.configuration.choices import Refusal
from apps.configuration.registry import Section, Values, all_sections
from apps.core.errors import DomainError

FORMAT = "parley-configuration"
VERSION = 1
MAX_BYTES = 4 * 1024 * 1024

Document = dict[str, dict[str, Values]]
"""Values of rows, by name, by section."""


@dataclass(frozen=True)
class RowDifference:
    """A row that is not the same in a file and in the tenant.

    Attributes:
        name: what it is called.
        is_new: whether the tenant doesn't have it.
        changes: by field, what it is here and what it is in the file; of a new row all its values.
    """

    name: str
    is_new: bool
    changes: dict[str, tuple[Any, Any]]


@dataclass(frozen=True)
class SectionDifference:
    """What differs in a section.

    Attributes:
        section: it.
        rows: what is new or changed.
        same: how many rows are the same.
        missing: names that are here and not in the file; they stay.
    """

    section: Section
    rows: list[RowDifference]
    same: int
    missing: list[str] = field(default_factory=list)


def document_of_tenant() -> Document:
    """The whole configuration of the current tenant."""
    return {
        section.code: {name: section.values_of(row) for name, row in section.by_name().items()}
        for section in all_sections()
    }


def document_write(document: Document) -> str:
    """A configuration as a file: readable, in one order. Secrets are named, never written."""
    to_be_set = {
        section.code: {name: needs for name, row in section.by_name().items() if (needs := section.to_be_set(row))}
        for section in all_sections()
    }
    whole = {
        "format": FORMAT,
        "version": VERSION,
        "sections": document,
        "to_be_set": {code: names for code, names in to_be_set.items() if names},
    }
    return json.dumps(whole, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def document_read(content: bytes) -> Document:
    """A configuration out of a file.

    Raises:
        DomainError: ``configuration_unreadable``, with the sentence that says why.
    """
    if len(content) > MAX_BYTES:
        raise _unreadable(_("The file is larger than %(max)d MB.") % {"max": MAX_BYTES // 1024 // 1024})
    try:
        whole = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise _unreadable(_("This is no configuration: the file is not JSON.")) from error
    if b"\\u0000" in content:
        raise _unreadable(_("A text of the file has a character that can't be stored."))
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        raise _unreadable(_("This is no configuration."))
    if whole.get("version") != VERSION:
        raise _unreadable(_("This configuration is of a version that can't be read here."))
    return _checked(whole.get("sections"))


def _checked(sections: Any) -> Document:
    known = {section.code for section in all_sections()}
    if not isinstance(sections, dict) or not sections:
        raise _unreadable(_("The file has no sections."))
    if unknown := sorted(set(sections) - known):
        raise _unreadable(_("These sections are not known: %(names)s.") % {"names": ", ".join(unknown)[:300]})
    for rows in sections.values():
        if not isinstance(rows, dict) or not all(isinstance(values, dict) for values in rows.values()):
            raise _unreadable(_("A section holds rows by their names."))
    return sections


def _unreadable(sentence: str) -> DomainError:
    return DomainError(Refusal.FILE_UNREADABLE, sentence)


def document_compare(document: Document) -> list[SectionDifference]:
    """What differs between a file and the current tenant, section by section; sections that are not in it are left."""
    return [_compare(section, document[section.code]) for section in all_sections() if section.code in document]


def _compare(section: Section, wanted: dict[str, Values]) -> SectionDifference:
    here = {name: section.values_of(row) for name, row in section.by_name().items()}
    rows = []
    for name, values in wanted.items():
        before = here.get(name, {})
        changes = {
            each: (before.get(each), value)
            for each, value in values.items()
            if name not in here or before.get(each) != value
        }
        if changes or name not in here:
            rows.append(RowDifference(name, name not in here, changes))
    return SectionDifference(section, rows, len(wanted) - len(rows), sorted(set(here) - set(wanted)))
