"""Changes of what may be sent."""

from django.db import transaction

from apps.audit.actions import audited_action
from apps.files.models import FileRules


@transaction.atomic
@audited_action("rules")
def file_rules_save(*, rules: FileRules) -> FileRules:
    """Change what may be sent; what was sent stays.

    Raises:
        ValidationError: a value is not acceptable.
    """
    rules.full_clean()
    rules.save()
    return rules
