"""Words of the audit log."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ActorKind(models.TextChoices):
    """Who did it."""

    USER = "user", _("User")
    OPERATOR = "operator", _("Operator")
    SYSTEM = "system", _("The installation")
    CUSTOMER = "customer", _("Customer")
    INTEGRATION = "integration", _("Integration")
    UNKNOWN = "unknown", _("Unknown")


LONGEST_TEXT = 20_000
"""Characters of one value that an entry keeps; of a longer one it keeps the beginning, and says how long it was."""

HIDDEN = "••••••"
"""What stands for a value that nobody reads here: that it changed is all that is kept."""

KEEP_DAYS, KEEP_DAYS_LEAST, KEEP_DAYS_MOST = 730, 90, 36_500
"""For how many days entries are kept: unless told otherwise, and the bounds. The database refuses to delete younger
ones than the least, too."""


class AuditVerb(models.TextChoices):
    """What is done with the log itself."""

    EXPORT = "audit.export", _("Audit log exported")
    EXPIRE = "audit.expire", _("Old audit entries deleted")


class TenantVerb(models.TextChoices):
    """What is done with a tenant itself."""

    CREATE = "tenant.create", _("Tenant made")
    CHANGE = "tenant.change", _("Company settings changed")
    FREEZE = "tenant.freeze", _("Tenant frozen")
    UNFREEZE = "tenant.unfreeze", _("Tenant unfrozen")
    HOSTS = "tenant.hosts", _("Host names changed")
