"""Choosing a role that a directory gives."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from apps.accounts.models import Role
from apps.accounts.selectors import grantable_roles, mappable_roles
from apps.tenants.admin_base import SetupAdmin, acting_user


class GivingAdmin(SetupAdmin):
    """A page on which a role is chosen among those that a directory may give, and this user themself."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Those roles alone."""
        if db_field.related_model is Role:
            kwargs |= {"queryset": _roles(request), "empty_label": _("No role")}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


def _roles(request: HttpRequest) -> QuerySet[Role]:
    given = [role.pk for role in grantable_roles(acting_user(request))]
    return mappable_roles().filter(pk__in=given)
