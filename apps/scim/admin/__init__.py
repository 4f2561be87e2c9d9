"""Admin pages of directory sync: tokens, and the roles of groups."""

from apps.scim.admin import groups, tokens

__all__ = ["groups", "tokens"]
