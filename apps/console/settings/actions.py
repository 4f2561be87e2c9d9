"""What agents choose for their own console. It concerns nobody else: no timeline, no frames."""

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.console.choices import Order, Refusal
from apps.console.keyboard.shortcuts import check_key, shortcuts_with
from apps.console.models import Preferences
from apps.core.errors import DomainError


@transaction.atomic
def tray_order_choose(*, order: str, actor: User) -> Preferences:
    """Choose the order of one's tray (CON-1).

    Raises:
        DomainError: ``order_unknown``.
    """
    if order not in Order.values:
        raise DomainError(Refusal.ORDER_UNKNOWN, _("There is no such order."))
    preferences = _locked(actor)
    preferences.order = order
    preferences.save(update_fields=["order"])
    return preferences


@transaction.atomic
def shortcut_choose(*, name: str, key: str, actor: User) -> Preferences:
    """Give an action another key, or none (CON-6, WCAG 2.1.4). Only this one changes, whatever another window shows.

    Args:
        name: the action, one of `SHORTCUTS`.
        key: the key as `shortcuts.KEY` has it; empty switches the shortcut off.
        actor: whose console it is.

    Raises:
        DomainError: what `check_key` refuses.
    """
    preferences = _locked(actor)
    now = shortcuts_with(preferences.keys)
    key = check_key(name, key, now)
    default = next(each.default for each in now if each.id == name)
    others = {other: chosen for other, chosen in preferences.keys.items() if other != name}
    preferences.keys = others if key == default else others | {name: key}
    preferences.save(update_fields=["keys"])
    return preferences


@transaction.atomic
def shortcuts_reset(*, actor: User) -> Preferences:
    """Give every action its default key again (CON-6)."""
    preferences = _locked(actor)
    preferences.keys = {}
    preferences.save(update_fields=["keys"])
    return preferences


def _locked(user: User) -> Preferences:
    """The agent's row, made when it is the first choice, locked until the transaction ends."""
    Preferences.objects.get_or_create(user=user)
    return Preferences.objects.select_for_update().get(user=user)
