"""The database backend below that of django-tenants: Django's own, which sends no more values than fit.

Values that go beside a statement are counted in two bytes (PostgreSQL's documentation, Message Formats: Bind). Django
does not know that of this driver, so what writes or deletes many rows is told here to do so in parts.
"""

from collections.abc import Sequence
from typing import Any, Final

from django.db.backends.postgresql import base, features, operations
from django.db.models import Field

MOST_VALUES: Final = 2**16 - 1


class DatabaseFeatures(features.DatabaseFeatures):
    """What PostgreSQL can do."""

    max_query_params = MOST_VALUES


class DatabaseOperations(operations.DatabaseOperations):
    """How Django writes for PostgreSQL."""

    def bulk_batch_size(self, fields: Sequence["Field[Any, Any]"], objs: Sequence[Any]) -> int:
        """How many of some rows one statement can take.

        Args:
            fields: those that are given for each row.
            objs: the rows.
        """
        return MOST_VALUES // len(fields) if fields else len(objs)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection."""

    features_class = DatabaseFeatures
    ops_class = DatabaseOperations
