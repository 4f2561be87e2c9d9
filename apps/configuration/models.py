"""The configuration of a tenant has no rows of its own: this stands for its page."""

from django.utils.translation import gettext_lazy as _

from apps.tenants.models import Tenant


class Configuration(Tenant):
    """What is set up in a tenant, as one."""

    class Meta:
        proxy = True
        verbose_name = _("configuration")
        verbose_name_plural = _("configuration")
