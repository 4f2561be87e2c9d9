"""SCIM's filters as conditions of queries (RFC 7644, 3.4.2.2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Q
from scim2_models import InvalidFilterException, ScimFilter
from scim2_models.path import (
    AttrPath,
    CompareOperator,
    Comparison,
    FilterVisitor,
    LogicalExpr,
    LogicalOperator,
    Not,
    Present,
    ValuePath,
)

from apps.scim.choices import FILTER_MOST

NOTHING: Final = Q(pk__in=[])
TEXT: Final = {
    CompareOperator.eq: "exact",
    CompareOperator.co: "contains",
    CompareOperator.sw: "startswith",
    CompareOperator.ew: "endswith",
}
ORDER: Final = {
    CompareOperator.eq: "exact",
    CompareOperator.gt: "gt",
    CompareOperator.ge: "gte",
    CompareOperator.lt: "lt",
    CompareOperator.le: "lte",
}
Key = tuple[str, str | None]
"""An attribute and its part, as `scim2_models` calls them: ``("emails", "value")``."""


@dataclass(frozen=True)
class Column:
    """What an attribute is in the database.

    Attributes:
        path: of the column, from the row; for a `constant` it is empty.
        kind: of its values: str, bool, UUID or datetime.
        constant: what it is for every row, such as an email's type.
        folds: whether capitals make no difference.
    """

    path: str = ""
    kind: type = str
    constant: Any = None
    folds: bool = True


@dataclass
class Condition(FilterVisitor[Q]):
    """Makes a condition of a filter.

    Attributes:
        scim_filter: the filter, bound to its resource.
        columns: what can be asked for.
        inside: the attribute whose values are being chosen, as in ``emails[…]``.
    """

    scim_filter: ScimFilter[Any]
    columns: Mapping[Key, Column]
    inside: list[str] = field(default_factory=list)

    def visit_comparison(self, node: Comparison) -> Q:
        """One attribute against one value."""
        column = self._column(node.attr_path)
        if node.op == CompareOperator.ne:
            return ~self.visit_comparison(Comparison(node.attr_path, CompareOperator.eq, node.value))
        if node.value is None:
            return ~_present(column) if node.op == CompareOperator.eq else NOTHING
        lookups = ORDER if column.kind is datetime else TEXT
        if node.op not in lookups or (column.kind in (bool, UUID) and node.op != CompareOperator.eq):
            raise InvalidFilterException(detail=f"'{node.attr_path}' can't be compared by '{node.op.value}'")
        value = _value(column, node.value)
        if value is None:
            return NOTHING
        if not column.path:
            return ~NOTHING if _folded(value) == _folded(column.constant) else NOTHING
        lookup = lookups[node.op]
        return Q(**{f"{column.path}__{'i' * (column.kind is str and column.folds)}{lookup}": value})

    def visit_present(self, node: Present) -> Q:
        """An attribute that has a value."""
        return _present(self._column(node.attr_path))

    def visit_not(self, node: Not) -> Q:
        """The opposite."""
        return ~self.visit(node.expr)

    def visit_logical_expr(self, node: LogicalExpr) -> Q:
        """All of them, or any."""
        conditions = [self.visit(term) for term in node.terms]
        found = conditions[0]
        for condition in conditions[1:]:
            found = found & condition if node.op == LogicalOperator.and_ else found | condition
        return found

    def visit_value_path(self, node: ValuePath) -> Q:
        """A value of several: no attribute has more than one here, but for those that have no other part."""
        self.inside.append(node.attr_path.attr)
        try:
            return self.visit(node.val_filter)
        finally:
            self.inside.pop()

    def _column(self, path: AttrPath) -> Column:
        if self.inside:
            path = AttrPath(attr=self.inside[-1], sub_attr=path.attr)
        bound = self.scim_filter.resolve_comparison(path)
        column = self.columns.get((bound.field_name, bound.sub_field_name)) if bound else None
        if column is None:
            raise InvalidFilterException(detail=f"'{path}' can't be filtered by")
        return column


def condition_of(scim_filter: ScimFilter[Any] | None, columns: Mapping[Key, Column]) -> Q:
    """The condition of a query that a filter is; none is true for every row.

    Args:
        scim_filter: bound to the resource that it chooses.
        columns: what can be asked for.

    Raises:
        InvalidFilterException: too long, or about what can't be asked for.
    """
    if scim_filter is None:
        return Q()
    if len(scim_filter) > FILTER_MOST:
        raise InvalidFilterException(detail=f"a filter has at most {FILTER_MOST} characters")
    return Condition(scim_filter, columns).visit(scim_filter.ast)


def _present(column: Column) -> Q:
    if not column.path:
        return ~NOTHING
    has_value = Q(**{f"{column.path}__isnull": False})
    return has_value & ~Q(**{column.path: ""}) if column.kind is str else has_value


def _value(column: Column, value: Any) -> Any:
    """The value as the column has it; None for one that no row can have."""
    if column.kind is str:
        return value if isinstance(value, str) and "\0" not in value else None
    if column.kind is bool:
        return {"true": True, "false": False}.get(str(value).lower())
    try:
        if column.kind is UUID:
            return UUID(str(value))
        time = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _folded(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value
