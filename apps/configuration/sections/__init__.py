"""Every section. Each module registers its own; they are imported in the order in which they refer to one another."""

# isort: off
from apps.configuration.sections import people
from apps.configuration.sections import routing
from apps.configuration.sections import conversations
from apps.configuration.sections import channels

# isort: on
__all__ = ["channels", "conversations", "people", "routing"]
