"""What the office does for stories of a tenant that has just been made."""

from uuid import uuid4

from django_tenants.utils import schema_context

from apps.tenants.actions import tenant_create
from tests.support.browser import user_as
from tests.support.desk import Person


def make(schema: str) -> Person:
    """A new tenant, and its owner.

    Args:
        schema: of its own, and its host name before ``.localhost``.
    """
    tenant_create(name=schema.title(), schema_name=schema, hosts=[f"{schema}.localhost"])
    with schema_context(schema):
        user = user_as("owner", email=f"{uuid4().hex[:12]}@{schema}.test")
        return Person(str(user.pk), user.email, user.full_name)
