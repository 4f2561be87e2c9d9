"""What the audit log says of configurations."""

from apps.audit.registry import audited_verbs
from apps.configuration.choices import ConfigurationVerb

audited_verbs(ConfigurationVerb)
