"""What each app says of its models and of the words for its acts, in its `audited.py`: read when the programs start."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from django.db.models import Model, TextChoices
from django.utils.functional import Promise
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Audited:
    """What of a model the audit log shows.

    Attributes:
        model: the model; every column of it is shown, but for those that are named here.
        noun: what its verbs begin with, such as "queue".
        secret: fields of which only that they changed is kept: passwords, keys.
        ignored: fields that change by themselves, such as counters; of related rows as "relation.field".
        related: names of relations whose rows are a part of it: many-to-many, or children with a key to it.
    """

    model: type[Model]
    noun: str
    secret: frozenset[str] = field(default_factory=frozenset)
    ignored: frozenset[str] = field(default_factory=frozenset)
    related: tuple[str, ...] = ()


CHANGES: Final = ("create", "change", "delete")
_models: dict[type[Model], Audited] = {}
_verbs: dict[str, str | Promise] = {}


def audited_model(
    model: type[Model],
    noun: str,
    *,
    secret: Iterable[str] = (),
    ignored: Iterable[str] = (),
    related: Iterable[str] = (),
) -> None:
    """Have changes of a model's rows be shown in the audit log; see `Audited`.

    Raises:
        ValueError: the model has its registration already, or there is no such field.
    """
    if model in _models:
        raise ValueError(f"{model.__name__} is registered already")
    names = {each.name for each in model._meta.get_fields()}  # noqa: SLF001 - Django's way to ask
    names |= {each.get_accessor_name() or "" for each in model._meta.related_objects}  # noqa: SLF001
    if missing := {*secret, *(each.partition(".")[0] for each in ignored), *related} - names:
        raise ValueError(f"{model.__name__} has no {', '.join(sorted(missing))}")
    _models[model] = Audited(model, noun, frozenset(secret), frozenset(ignored), tuple(related))
    name = model._meta.verbose_name or noun  # noqa: SLF001
    labels = (_("{name} made"), _("{name} changed"), _("{name} deleted"))
    for verb, label in zip(CHANGES, labels, strict=True):
        _verbs.setdefault(f"{noun}.{verb}", format_lazy(label, name=name))


def audited_related(model: type[Model], *names: str) -> None:
    """Have rows of an app above count as a part of a model's rows, such as who serves a queue.

    Args:
        model: registered by its own app.
        names: of the relations, as for `audited_model`.
    """
    said = audited(model)
    _models[model] = replace(said, related=(*said.related, *names))


def audited_verbs(verbs: type[TextChoices]) -> None:
    """Have other acts be known to the audit log, by the words of a tenant's people."""
    _verbs.update(verbs.choices)


def audited(model: type[Model]) -> Audited:
    """What was said of a model.

    Raises:
        LookupError: nothing; its app's `audited.py` has to.
    """
    found = _models.get(model._meta.concrete_model or model)  # noqa: SLF001
    if found is None:
        raise LookupError(f"{model.__name__} has no audited_model() in its app's audited.py")
    return found


def audited_models() -> list[Audited]:
    """All that were registered."""
    return list(_models.values())


def verb_label(verb: str) -> str:
    """What a verb means; one that nobody knows any more, as it is written."""
    return capfirst(str(_verbs.get(verb, verb)))


def verb_labels() -> dict[str, str]:
    """Every verb that there is, with what it means."""
    return {verb: verb_label(verb) for verb in _verbs}


def verb_check(verb: str) -> None:
    """Refuse a verb that no app has declared.

    Raises:
        ValueError: nobody has.
    """
    if verb not in _verbs:
        raise ValueError(f"no app has declared the verb {verb!r} in its audited.py")
