"""A configuration is carried to a tenant: chosen sections, by the actions of their apps, all or nothing (TEN-9)."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.audit.actions import AuditTarget, audit_record
from apps.configuration.choices import ConfigurationVerb, Refusal
from apps.configuration.document import (
    Document,
    SectionDifference,
    document_compare,
    document_of_tenant,
    document_write,
)
from apps.configuration.registry import Section, Values, section_of
from apps.core.errors import DomainError


def may_configure(user: Any) -> bool:
    """Whether a user may take the configuration away and bring one: who sets the tenant up, everywhere (TEN-5)."""
    may = getattr(user, "may", lambda _permission: False)
    return bool(getattr(user, "reach", None) == "all" and may("settings") and may("setup"))


@transaction.atomic
def configuration_export(*, actor: Any) -> str:
    """The whole configuration as a file, which the audit log notes.

    Args:
        actor: who takes it; None is the installation itself.

    Raises:
        DomainError: ``configuration_not_allowed``.
        ValidationError: two rows of a section have the same name.
    """
    _must_be_allowed(actor)
    text = document_write(document_of_tenant())
    audit_record(ConfigurationVerb.EXPORT, actor=actor, target=AuditTarget("configuration", "configuration.json"))
    return text


@transaction.atomic
def configuration_apply(
    *, document: Document, sections: Collection[str], actor: Any, is_trial: bool = False
) -> list[SectionDifference]:
    """Write what differs in the chosen sections, through the actions of their apps. What is only here stays.

    A second time it changes nothing.

    Args:
        document: what is to be.
        sections: the codes of those that are written.
        actor: who does it; None is the installation itself.
        is_trial: whether all of it is taken back in the end: whatever would be refused is.

    Returns:
        What has differed.

    Raises:
        DomainError: ``configuration_not_allowed``, ``configuration_refused``: which row, and why; nothing is written.
    """
    _must_be_allowed(actor)
    chosen = {code: rows for code, rows in document.items() if code in sections}
    differences = document_compare(chosen)
    # Each section may name rows of those before it, and none of those after it.
    for difference in differences:
        section = difference.section
        wanted = {row.name: chosen[section.code][row.name] for row in difference.rows}
        known = _known(section) if wanted else {}
        for name, values in wanted.items():
            _write(section, name, values, actor, row=_as_stored(known.get(name)))
        known = _known(section) if wanted else {}
        for name, values in wanted.items():
            _refer(section, name, values, actor, row=_as_stored(known.get(name)))
    _must_be_there(chosen)
    counts = {each.section.code: len(each.rows) for each in differences if each.rows}
    if is_trial:
        transaction.set_rollback(True)
    elif counts:
        target = AuditTarget("configuration", "configuration.json")
        audit_record(ConfigurationVerb.APPLY, actor=actor, target=target, detail=counts)
    return differences


@transaction.atomic
def row_duplicate(row: Any, changes: Values, actor: Any) -> Any:
    """Copy a row that is set up, with what belongs to it, by the actions of its app; the original stays as it is.

    Secrets and keys are not copied, nor is what refers to the row, and it is never the default one.

    Args:
        row: the original.
        changes: what the copy has otherwise, as plain values: its name at least.
        actor: who does it; whether they may, their page says.

    Returns:
        The copy.

    Raises:
        DomainError: ``configuration_refused``, with the reason.
        LookupError: there are no copies of rows of this kind.
    """
    section = section_of(type(row))
    if section.for_copy is None:
        raise LookupError(f"{section.code} can't be copied")
    values = section.for_copy(section.values_of(row)) | changes
    copy = section.model()
    try:
        section.fill(copy, values)
        copy = _as_stored(section.save(copy, values, actor))
        section.after(copy, values, actor)
    except IntegrityError as error:
        # Somebody else has just taken the name.
        raise DomainError(Refusal.REFUSED, _("There is one of this name already.")) from error
    return _as_stored(copy)


def _known(section: Section) -> dict[str, Any]:
    with _told(section, ""):
        return section.by_name()


def _as_stored(row: Any) -> Any:
    """A row as it is by now: what was written for another one may have changed it."""
    return row and type(row)._base_manager.filter(pk=row.pk).first()  # noqa: SLF001


def _write(section: Section, name: str, values: Values, actor: Any, *, row: Any) -> None:
    with _told(section, name):
        row = row or section.model()
        section.fill(row, values)
        section.save(row, values, actor)


def _refer(section: Section, name: str, values: Values, actor: Any, *, row: Any) -> None:
    with _told(section, name):
        if row is None:
            raise ValidationError(_("Its name is not the one that its values make."))
        section.after(row, values, actor)


def _must_be_there(document: Document) -> None:
    """What was written must be what is there: what an action makes of it otherwise would differ for ever."""
    for difference in document_compare(document):
        if difference.rows:
            row = difference.rows[0]
            names = ", ".join(row.changes)
            said = _("These values can't be kept: %(names)s.") % {"names": names[:200]}
            raise _refused(difference.section, row.name, said)


class _told:  # noqa: N801 - used as a statement
    """Whatever is refused inside says which row it was."""

    def __init__(self, section: Section, name: str) -> None:
        self.section, self.name = section, name

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, _kind: Any, error: BaseException | None, _trace: Any) -> None:
        """Tell."""
        if isinstance(error, DomainError):
            raise _refused(self.section, self.name, str(error.message)) from error
        if isinstance(error, ValidationError):
            raise _refused(self.section, self.name, " ".join(error.messages)) from error
        if isinstance(error, (TypeError, ValueError, AttributeError, KeyError)):
            # What a file holds may have any shape.
            raise _refused(self.section, self.name, _("A value has a form that can't be read.")) from error


def _refused(section: Section, name: str, why: str) -> DomainError:
    where = {"section": section.label, "name": name[:120], "why": why}
    return DomainError(Refusal.REFUSED, _("%(section)s, “%(name)s”: %(why)s Nothing was changed.") % where)


def _must_be_allowed(actor: Any) -> None:
    if actor is not None and not may_configure(actor):
        raise DomainError(Refusal.NOT_ALLOWED, _("Only those who set up everything carry a configuration."))
