"""Words on the pages of one's own account."""

from django import template

from apps.accounts import browsers
from apps.audit import registry

register = template.Library()
register.filter("browser_name", browsers.browser_name)
register.filter("verb_label", registry.verb_label)
