"""What the audit log says of files of rows."""

from apps.audit.registry import audited_verbs
from apps.imports.choices import ImportVerb

audited_verbs(ImportVerb)
