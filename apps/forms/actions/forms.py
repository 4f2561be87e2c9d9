"""Changes of forms, as administrators and supervisors make them (FRM-1)."""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.agents.models import AgentGroup
from apps.agents.reach import is_within_reach
from apps.audit.actions import audited_action
from apps.core.errors import DomainError
from apps.forms.choices import AuditVerb, Kind, Refusal, Secure
from apps.forms.definition import Field, FormDefinition, Rule, definition_problems, field_names
from apps.forms.models import Form, FormField, FormSettings, FormVersion, SentForm
from apps.queues.models import Queue


@transaction.atomic
@audited_action("form")
def form_save(
    *, form: Form, queues: Collection[Queue], agent_groups: Collection[AgentGroup], actor: User | None
) -> Form:
    """Make a form or write its changes. What customers get changes when it is published.

    Args:
        form: with its new values.
        queues: it is offered in conversations of one of these; none means of any queue.
        agent_groups: it is offered to agents of one of these; none means to everybody.
        actor: whose reach it has to be in; none is the system.

    Raises:
        DomainError: ``form_not_yours``.
        ValidationError: a value is not acceptable.
    """
    if not form._state.adding:  # noqa: SLF001 - Django's own way to ask
        before = Form.objects.select_for_update(no_key=True).get(pk=form.pk)
        _must_reach(actor, before.queues_only, queues_named(before))
        # Another tab may have published it meanwhile.
        form.published_id = before.published_id
    _must_reach(actor, bool(queues), {queue.pk for queue in queues})
    form.queues_only, form.groups_only = bool(queues), bool(agent_groups)
    form.full_clean()
    form.save()
    form.queues.set(queues)
    form.agent_groups.set(agent_groups)
    return form


@transaction.atomic
@audited_action("form")
def form_fields_set(*, form: Form, kept: Sequence[FormField], gone: Iterable[FormField]) -> None:
    """Write the draft's fields, in the order of their positions; each gets a name of its own.

    Raises:
        ValidationError: a value is not acceptable.
    """
    FormField.objects.filter(form=form, pk__in=[field.pk for field in gone]).delete()
    fields = sorted(kept, key=lambda field: field.position)
    for place, (field, name) in enumerate(zip(fields, field_names((f.name, f.label) for f in fields), strict=True)):
        field.form, field.position, field.name = form, place, name
        field.full_clean()
        field.save()


@transaction.atomic
@audited_action("form", verb=AuditVerb.PUBLISH)
def form_publish(*, form: Form, actor: User | None) -> FormVersion:
    """Give the draft to agents as the next version; one that changed nothing is the version that is there.

    Raises:
        DomainError: ``form_not_ready`` with what is to be mended, ``form_not_yours``.
    """
    form = Form.objects.select_for_update(no_key=True).get(pk=form.pk)
    _must_reach(actor, form.queues_only, queues_named(form))
    definition = draft_definition(form, list(form.fields.all()))
    if problems := definition_problems(definition):
        raise DomainError(Refusal.FORM_NOT_READY, " ".join(map(str, problems)))
    current = form.published
    if current is not None and current.definition == definition:
        return current
    last = FormVersion.objects.filter(form=form).aggregate(last=Max("number"))["last"] or 0
    version = FormVersion.objects.create(
        form=form, number=last + 1, spec_json=msgspec.to_builtins(definition), published_by=actor
    )
    form.published = version
    form.save(update_fields=["published"])
    return version


@transaction.atomic
@audited_action("form")
def form_delete(*, form: Form, actor: User | None) -> None:
    """Delete a form that nobody was sent.

    Raises:
        DomainError: ``form_in_use``, ``form_not_yours``.
    """
    _must_reach(actor, form.queues_only, queues_named(form))
    if SentForm.objects.filter(form=form).exists():
        message = _("Customers were sent “%(form)s” already: switch it off instead of deleting it.")
        raise DomainError(Refusal.FORM_IN_USE, message % {"form": form})
    Form.objects.filter(pk=form.pk).update(published=None)
    form.delete()


@transaction.atomic
@audited_action("settings")
def form_settings_save(*, settings: FormSettings) -> FormSettings:
    """Change how forms are revealed and how long they are open.

    Raises:
        ValidationError: a value is not acceptable.
    """
    settings.full_clean()
    settings.save()
    return settings


# --- The draft as a specification


def draft_definition(form: Form, fields: Sequence[FormField]) -> FormDefinition:
    """What a draft asks for, as it would be published.

    Args:
        form: stored or not.
        fields: its fields in order, stored or not.
    """
    names = field_names((field.name, field.label) for field in fields)
    return FormDefinition(
        title=form.title.strip(),
        description=form.description.strip(),
        is_secured=form.is_secured,
        fields=tuple(_field(field, name) for field, name in zip(fields, names, strict=True)),
    )


def _field(row: FormField, name: str) -> Field:
    is_static = row.kind in {Kind.HEADING, Kind.NOTE}
    return Field(
        name=name,
        kind=row.kind,
        label=row.label.strip(),
        says=row.says.strip(),
        placeholder=row.placeholder.strip(),
        is_required=row.is_required and not is_static,
        options=tuple(filter(None, (option.strip() for option in row.options))),
        least=row.least.strip(),
        most=row.most.strip(),
        pattern=row.pattern,
        pattern_says=row.pattern_says.strip(),
        secure="" if is_static else row.secure,
        replacement=row.replacement.strip() if row.secure == Secure.REPLACE else "",
        mask=row.mask if row.secure == Secure.MASK else "*",
        keep=row.keep if row.secure == Secure.MASK else 0,
        shown_by=Rule(row.shown_by, row.shown_test, row.shown_value.strip()) if row.shown_by else None,
    )


def is_changed(form: Form) -> bool:
    """Whether the draft differs from what is published."""
    return form.published is None or form.published.definition != draft_definition(form, list(form.fields.all()))


# --- Whose it is


def queues_named(form: Form) -> set[UUID]:
    """The queues that a form names."""
    return {queue.pk for queue in form.queues.all()}


def _must_reach(actor: User | None, queues_only: bool, queues: Collection[UUID]) -> None:
    if actor is not None and not is_within_reach(actor, queues if queues_only else ()):
        raise DomainError(Refusal.FORM_NOT_YOURS, _("You set up forms of your own queues: name one or more of them."))
